"""Which heads carry a difference: the survey of pairs, its cuts, and the command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import headlight
from headlight.model import Model
from headlight.model.analysis.interventions import carriers
from headlight.model.analysis.interventions.carriers import Survey
from headlight.model.analysis.interventions.patching import head_of

PAIRS = [
    ("I see the cat.", "I see the cats."),
    ("I see the dog.", "I see the dog."),  # the same: nothing to compare
    ("I see the shop.", "I see the shops."),  # a word of two pieces
]


@pytest.fixture(scope="module")
def model() -> Model:
    return headlight.load("translate-en-fr")


@pytest.fixture(scope="module")
def found(model: Model) -> Survey:
    return [*carriers.survey(model, PAIRS)][-1]


def test_pairs_whose_outputs_part_are_compared_where_they_do(model: Model, found: Survey) -> None:
    assert [one.into.source_text for one in found.compared] == [PAIRS[0][0], PAIRS[2][0]]
    for one in found.compared:
        assert one.into.tgt_in.ids[: one.row + 1] == one.source.tgt_in.ids[: one.row + 1]
        assert one.into.tgt_out.ids[one.row] != one.source.tgt_out.ids[one.row]
    assert found.shares.shape == (2, 72)
    mean = found.shares.mean(0)
    best = found.best(3)
    assert [mean[found.cells.index(c)] for c in found.cells if head_of(c) in best] == (
        [mean[i] for i in sorted(np.argsort(-mean)[:3])]
    )


def test_all_heads_together_bring_nearly_all_over(model: Model, found: Survey) -> None:
    cross = [head_of(cell) for cell in found.cells if cell.where == "cross"]
    np.testing.assert_allclose(carriers.together(model, found, cross), 1, atol=1e-3)


def test_with_every_way_cut_nothing_of_the_difference_is_left(model: Model, found: Survey) -> None:
    same_length = Survey(found.compared[:1], found.cells, found.shares[:1])
    every = [head_of(cell) for cell in found.cells if cell.where == "cross"]
    left, _ = carriers.cut_off(model, same_length, every, hidden=True)
    np.testing.assert_allclose(left, 0, atol=1e-4)
    whole, turned = carriers.cut_off(model, same_length, [])
    np.testing.assert_allclose(whole, 1, atol=1e-4)
    assert not turned.any()


def test_what_differs_is_found_by_its_tokens(found: Survey) -> None:
    one, two = found.compared
    assert carriers.differing(one) == ([3], [3])
    first, second = carriers.differing(two)
    assert [two.into.src.pieces[i] for i in first] == ["▁shop"]
    assert [two.source.src.pieces[i] for i in second] == ["▁shop", "s"]


def test_random_heads_are_other_heads_of_the_same_kinds(found: Survey) -> None:
    best = found.best(3, "cross")
    sets = carriers.random_heads(found, best, 5)
    assert len(sets) == 5
    for heads in sets:
        assert len(set(heads)) == 3
        assert {kind for kind, _, _ in heads} == {"cross"}
        assert not set(heads) & set(best)


def test_pairs_are_read_from_a_file_or_by_name(tmp_path: Path) -> None:
    assert carriers.read_pairs("number")[0] == ("I see the cat.", "I see the cats.")
    file = tmp_path / "own.tsv"
    file.write_text("a\tb\n\nc d\te f\n", "utf-8")
    assert carriers.read_pairs(str(file)) == [("a", "b"), ("c d", "e f")]
    file.write_text("a\tb\nc d\n", "utf-8")
    with pytest.raises(ValueError, match=r"Line 2 of .* does not hold two sentences"):
        carriers.read_pairs(str(file))
    with pytest.raises(ValueError, match="give a file, or one of number"):
        carriers.read_pairs("colour")


def test_the_command_prints_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    carriers.main(
        ["translate-en-fr", "I see the cat.", "I see the cats.", "--top", "2", "--draws", "2"]
    )
    said = capsys.readouterr().out
    assert "1 of 1 pairs of sentences part" in said
    assert "| cross L2" in said
    assert "patched together bring over" in said
    assert "| both: all cross heads, and the encoder | 0.000 | 1 of 1 |" in said
    with pytest.raises(SystemExit):
        carriers.main(["translate-en-fr", "I see the cat.", "I see the cat."])
    assert "Of no pair do the two outputs part" in capsys.readouterr().err
