"""Labels of tokens: joints seen, long ones cut, nothing read as markup."""

from __future__ import annotations

import pytest

from headlight.model.run.tokens import Tokens
from headlight.viz.figures.tokens import LONGEST, axis_labels, label, named


@pytest.mark.parametrize(
    ("piece", "drawn"),
    [
        ("▁cat", "cat"),
        ("cat", "cat"),
        ("▁", "·"),
        (" ", "·"),
        ("<eos>", "&lt;eos&gt;"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("x" * 20, "x" * (LONGEST - 1) + "…"),
    ],
)
def test_a_piece_is_drawn(piece: str, drawn: str) -> None:
    assert label(piece) == drawn


def test_a_piece_that_goes_on_a_word_has_a_joint() -> None:
    pieces = ("▁un", "likely", ".", "▁cats", "<eos>")
    tokens = Tokens(
        text="unlikely. cats",
        ids=(5, 6, 7, 8, 2),
        pieces=pieces,
        spans=((0, 2), (2, 8), (8, 9), (10, 14), (14, 14)),
        words=(0, 0, 1, 2, -1),
        special=(False, False, False, False, True),
    )
    assert axis_labels(tokens) == ["un", "‑likely", ".", "cats", "&lt;eos&gt;"]


def test_moments_are_named_less_often_than_words() -> None:
    assert named(["a"] * 39) == list(range(39))
    assert named(["a"] * 81) == list(range(0, 81, 3))
    assert named([f"{i * 0.06:.2f} s" for i in range(38)] + ["<eos>"]) == list(range(0, 39, 3))
    assert named([]) == []
