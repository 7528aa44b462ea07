"""What is counted about a translator on other kinds of text."""

from __future__ import annotations

import pytest

from headlight.model import Model
from headlight.model.training.domains import Domain, has_loop, measure, table


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([5, 6, 5, 6, 5, 6, 2], True),
        ([9, 1, 2, 3, 1, 2, 3, 1, 2, 3], True),
        ([5, 6, 5, 6, 7, 2], False),
        ([5, 5, 5, 2], False),  # one token three times: “très, très, très” is no loop
        ([5, 5, 5, 5, 5, 5], True),
        ([], False),
    ],
)
def test_loops(ids: list[int], expected: bool) -> None:
    assert has_loop(ids) is expected


def test_a_perfect_model_scores_what_it_should(
    tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["a b c d e", "q w e r t y"]
    right = tiny.translate(texts)
    found = measure(
        tiny, "letters", [(s, [t]) for s, t in zip([*texts, "The cat"], [*right, ""], strict=True)]
    )
    assert (found.inputs, found.numbers, found.kept) == (2, 0, 0)
    assert found.bleu == pytest.approx(100)
    said = table([Domain("x", 2, 50.0, 60.04, 0.25, 1, 4, 3)])
    assert said.splitlines()[-1] == "| x | 2 | 50.0 | 60.0 | 25.0% | 1 | 3 of 4 |"
