"""Names of tokens: joints of sub-words, dots for spaces, control tokens as they are."""

from __future__ import annotations

import headlight
from headlight.model.run.tokens import Tokens
from headlight.viz.components.wire import token_header
from headlight.viz.labels import token_names


def tokens(text: str, *found: tuple[str, int, int, int]) -> Tokens:
    """(piece, word, start, end) of each."""
    pieces, words, *ends = zip(*found, strict=True)
    spans = tuple(zip(*ends, strict=True))
    special = tuple(piece.startswith("<") for piece in pieces)
    return Tokens(text, tuple(range(len(found))), pieces, spans, words, special)


SUBWORDS = tokens(
    "Unlike us", ("▁un", 0, 0, 2), ("like", 0, 2, 6), ("▁us", 1, 6, 9), ("<eos>", -1, 9, 9)
)
LETTERS = tokens("ab c", ("a", 0, 0, 1), ("b", 0, 1, 2), (" ", 1, 2, 3), ("c", 2, 3, 4))


def test_a_piece_that_goes_on_a_word_has_a_joint_and_a_letter_has_none() -> None:
    assert token_names(SUBWORDS) == ["Un", "‑like", "us", "<eos>"]
    assert token_names(LETTERS) == ["a", "b", "·", "c"]


def test_the_browser_is_sent_the_same_names() -> None:
    spoken = headlight.load("hear-digits")
    assert spoken.task
    heard = spoken.read(spoken.task.examples[0].source)
    for one in (SUBWORDS, LETTERS, heard):
        sent = token_header(one)
        assert sent.get("labels", sent["surfaces"]) == token_names(one)


def test_a_name_written_from_right_to_left_stays_in_its_place() -> None:
    found = tokens(
        "كتاب 4", ("▁كت", 0, 0, 2), ("اب", 0, 2, 4), ("▁4", 1, 5, 6), ("<eos>", -1, 6, 6)
    )
    assert token_names(found) == ["\u200eكت\u200e", "\u200e‑اب\u200e", "4", "<eos>"]
