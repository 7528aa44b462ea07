"""From scores to weights: the softmax of one row."""

from __future__ import annotations

import numpy as np

from ..labels import head_name, row_phrase, token_noun
from . import reasons
from .base import Lesson, Link, Scene, Screen
from .choose import cell_address, most_informative_head, pick_row, rows_by_interest
from .parts import notes, row_question
from .tokens import MAX_DRAWN, around, columns, cut, numbers

IDEA = """
Scores can be any number, also below zero. To share out attention we need **weights**: none below
zero, and all together exactly 1, like the slices of one cake.

**Softmax** does that. It raises the number *e* (about 2.718) to the power of each score, then
divides by the total. One point more of score means 2.7 times the slice. So a small lead in score
is a large lead in weight, and whoever gets more takes it away from all the others.
"""
DO = (
    "After the answer is shown, move the slider: all scores are multiplied by the same number. "
    "Large: one {token} takes everything. Zero: everyone gets the same. At 1 you see what the "
    "model really used."
)
TERM = r"""
$$\alpha_i = \frac{e^{s_i}}{\sum_j e^{s_j}}$$

A row of weights has the form of a probability distribution: nothing below zero, and 1 in all. The
number on the slider is the inverse of what is called the **temperature**.
"""
KIND = "cross"


def build(scene: Scene) -> Screen:
    """The scores of one row, its weights hidden."""
    trace = scene.trace
    layer, head = most_informative_head(scene, KIND)
    record = trace.attention[KIND][layer]
    row = pick_row(rows_by_interest(trace, KIND, layer, head), scene.turn + 1, MAX_DRAWN)
    keys = trace.keys(KIND)
    part = around(record.pattern[head, row])
    shown = np.arange(len(keys))[part]  # these are drawn, and all are shared out
    order = [*shown, *np.setdiff1d(np.arange(len(keys)), shown)]
    picture = {
        "type": "softmax",
        "columns": columns(trace, KIND, part),
        "scores": numbers(record.raw_scores[head, row, order]),
        "weights": numbers(record.pattern[head, row, order]),
        "note": notes(cut(keys, f"{token_noun(keys)}s", part)),
    }
    question = row_question(
        record.pattern[head, row],
        keys,
        record.mask[row],
        f"{row_phrase(trace, KIND, row)}: the scores are in the picture. How is the weight shared "
        "out?",
        f"Drag the bars; they always add up to 1. A {token_noun(keys)} that scores 1 more gets 2.7 "
        "times as much.",
        reasons.of_row(scene, KIND, layer, head, row),
    )
    look = (
        f"Head {head_name(layer, head)} of cross-attention, one row: scores before the softmax. "
        "Look at how far the highest one is ahead of the next."
    )
    address = {"section": "follow", **cell_address(trace, KIND, layer, head, row)}
    link = Link(("inside", "explore"), "See the softmax with all its numbers", address)
    return Screen(KIND, picture, question, look, link)


LESSON = Lesson("softmax", "From scores to weights", IDEA, DO, build, TERM)
