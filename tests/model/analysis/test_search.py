"""Head search: the cells that are found are the cells of the traces."""

from __future__ import annotations

import numpy as np
import pytest

from headlight.model import Model
from headlight.model.analysis.heads.search import PATTERNS, Mapped, scan, search

TEXTS = ["a b c d e f g h", "q w e", "x y z a b c d"]
FAR, WORD, PREVIOUS, SAME, NEXT, PUNCTUATION, SPECIAL = PATTERNS


@pytest.fixture(scope="module")
def sentences(tiny: Model) -> list[Mapped]:
    *_, found = scan(tiny, [*TEXTS, "the cat"])
    return found


def test_a_scan_holds_the_maps_of_all_sentences(tiny: Model, sentences: list[Mapped]) -> None:
    assert sorted(one.text for one in sentences) == sorted(TEXTS)
    for one in sentences:
        trace = tiny.run(one.text)
        for kind, pattern in one.patterns.items():
            expected = np.stack([record.pattern for record in trace.attention[kind]])
            np.testing.assert_allclose(pattern, expected, atol=1e-5)
    with pytest.raises(ValueError, match="none of these lines"):
        next(scan(tiny, ["the cat"]))


def test_hits_are_the_strongest_cells_counted_by_hand(sentences: list[Mapped]) -> None:
    found = search(sentences, "encoder_self", FAR, distance=2, above=0.1, most=5)
    weights = []
    for one in sentences:
        n = len(one.src) - 1  # without <eos>
        for layer, head, row, column in np.ndindex(one.patterns["encoder_self"].shape):
            if abs(row - column) > 2 and row < n and column < n:
                weights.append(float(one.patterns["encoder_self"][layer, head, row, column]))
    above = sorted((w for w in weights if w > 0.1), reverse=True)
    assert (found.cells, found.above) == (len(weights), len(above))
    assert [hit.weight for hit in found.hits] == above[:5]
    assert sum(found.by_head.values()) == found.above
    for hit in found.hits:
        pattern = sentences[hit.sentence].patterns[hit.kind]
        assert pattern[hit.layer, hit.head, hit.row, hit.column] == hit.weight


def test_one_head_only(sentences: list[Mapped]) -> None:
    found = search(sentences, "cross", WORD, above=0.0, only=(1, 0))
    assert set(found.by_head) == {(1, 0)}
    every = search(sentences, "cross", WORD, above=0.0)
    assert found.above == every.by_head[1, 0]


def test_masked_cells_are_never_found(sentences: list[Mapped]) -> None:
    found = search(sentences, "decoder_self", WORD, above=-1.0, most=10_000)
    assert all(hit.column <= hit.row for hit in found.hits)


@pytest.mark.parametrize(
    ("pattern", "kind", "step"),
    [(PREVIOUS, "decoder_self", -1), (SAME, "encoder_self", 0), (NEXT, "encoder_self", 1)],
)
def test_neighbours(sentences: list[Mapped], pattern: object, kind: str, step: int) -> None:
    found = search(sentences, kind, pattern, above=0.0)  # type: ignore[arg-type]
    assert found.hits
    assert all(hit.column - hit.row == step for hit in found.hits)


def test_special_tokens_and_punctuation(sentences: list[Mapped]) -> None:
    found = search(sentences, "cross", SPECIAL, above=0.0)
    assert found.hits
    assert all(hit.column == len(sentences[hit.sentence].src) - 1 for hit in found.hits)
    assert search(sentences, "cross", PUNCTUATION, above=0.0).cells == 0


def test_a_pattern_without_a_meaning_is_refused(sentences: list[Mapped]) -> None:
    with pytest.raises(ValueError, match="for encoder_self, not for cross"):
        search(sentences, "cross", NEXT)
