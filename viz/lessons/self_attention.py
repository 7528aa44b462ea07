"""Self-attention: the words of one text look at each other."""

from __future__ import annotations

from ..labels import head_name, row_phrase
from . import reasons
from .base import Lesson, Link, Scene, Screen
from .choose import most_informative_head, pick_row, rows_by_interest
from .parts import map_picture, row_question
from .tokens import MAX_DRAWN

IDEA = """
In **self-attention** queries, keys and values all come from the same place: the words of one text
look at each other. Every row of the map is one word asking; every column is one word being looked
at.

Take “bank” in “the river bank” and in “the bank is closed”. After self-attention the list of
numbers behind “bank” is no longer about “bank” alone: it holds a bit of “river” or of “closed”, as
much as the weights say. Layer after layer this turns words into **words in context**. This is how
the encoder reads: all words at once, in both directions.
"""
DO = (
    "Point at a cell (or walk there with Tab and the arrows) and read it aloud: “this {part} gives "
    "that {part} so much of its attention.” Check that a row adds up to 1."
)
TERM = r"""
$Q = XW_Q$, $K = XW_K$, $V = XW_V$ with the same $X$: one row for each position.
Attention by itself knows nothing of order; positions are told apart by numbers that are added to
each word at the start (positional encoding).
"""
CAN_SEE = {
    "encoder_self": "it looks",
    "decoder_self": "it looks back",
    "cross": "it looks in the source",
}


def row_screen(scene: Scene, kind: str) -> Screen:
    """The most telling head of a kind, with one row hidden."""
    trace = scene.trace
    layer, head = most_informative_head(scene, kind)
    record = trace.attention[kind][layer]
    row = pick_row(rows_by_interest(trace, kind, layer, head), scene.turn, MAX_DRAWN)
    question = row_question(
        record.pattern[head, row],
        trace.keys(kind),
        record.mask[row],
        f"One row is hidden. {row_phrase(trace, kind, row)}: where does this head look?",
        "The other rows are a hint: a head often does the same thing in every row. Drag the "
        "bars; they always add up to 1.",
        reasons.of_row(scene, kind, layer, head, row),
    )
    look = (
        f"Head {head_name(layer, head)}: each row shows where {CAN_SEE[kind]}; the stronger the "
        "colour, the larger the weight. Look for a rule that holds from row to row."
    )
    address = {"kind": kind, "layer": layer, "head": head}
    link = Link(("explore",), f"Open head {head_name(layer, head)} with all its numbers", address)
    return Screen(kind, map_picture(trace, kind, layer, head, [row]), question, look, link)


def build(scene: Scene) -> Screen:
    """A row of an encoder head."""
    return row_screen(scene, "encoder_self")


LESSON = Lesson("self-attention", "Self-attention", IDEA, DO, build, TERM)
