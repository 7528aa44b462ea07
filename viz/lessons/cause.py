"""Cause, not just correlation: cut the way to one source word, and see what that costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from headlight.model import Edits, Trace

from ..labels import PART, token_names
from ..theme import probability
from .base import Lesson, Link, Plain, Scene, Screen
from .parts import choice_question
from .sources import parts
from .tokens import MAX_DRAWN

IDEA = """
A strong cell says that the model **looked** there. It does not say that the look **mattered**: what
it found may also have come another way, or have made no difference. To learn what causes the next
word, change one thing and leave everything else alone. So: **cut** the link from the row that
writes the word to one {part} of the source, in every head, and let the model decide again. If
another word comes out, or the old one becomes much less likely, the look mattered.
"""
DO = (
    "Look at which {part}s of the {source} got the most attention. Then guess: which of them can "
    "the model least do without here? Show the answer, and see whether attention told you."
)
TERM = r"""
*Attention knockout* (Geva et al. 2023): the score of the cut edge is set to $-\infty$ before the
softmax, so $\alpha_{tj} = 0$ and the row's attention is shared among the other keys. The effect is
$\log p(y_t) - \log p(y_t \mid \text{cut})$ in nats, given the same tokens before. A cut shows
that an edge is needed, not that it is enough; patching shows that.
"""

OPTIONS = 4
"""Source words that one can choose from: those that the row attends to most."""


class Cut(NamedTuple):
    """One source word cut off from a row: what it is called, and what that costs.

    Args:
        weight: attention to the word, summed over its tokens, mean over all cross heads.
        lost: nats that the written token loses.
        after: the model's answer under the cut.
    """

    word: str
    weight: float
    lost: float
    after: Trace


def cut_from(trace: Trace, row: int, positions: tuple[int, ...]) -> Edits:
    """No cross-attention head may look from this row at these source tokens."""
    return Edits(cut={("cross", None, None, row, key) for key in positions})


def rows_that_can_be_cut(trace: Trace) -> list[int]:
    """Rows that write ordinary tokens; all where there are none."""
    ordinary = [i for i, special in enumerate(trace.tgt_out.special) if not special]
    return ordinary or list(range(len(trace.tgt_out)))


def cuts(scene: Scene, row: int) -> list[Cut]:
    """The most attended source words of a row, each cut off, most attended first."""
    trace = scene.trace
    weights = np.mean([block.pattern[:, row] for block in trace.attention["cross"]], axis=(0, 1))
    words = sorted(parts(trace), key=lambda part: -weights[list(part[1])].sum())[:OPTIONS]
    found = []
    for word, positions in words:
        after = scene.run(scene.text, cut_from(trace, row, positions))
        # Rows before this one are as they were, so the two compare behind the same tokens.
        token = trace.tgt_out.ids[row]
        lost = float(trace.log_probs[row, token] - after.log_probs[row, token])
        found.append(Cut(word, float(weights[list(positions)].sum()), lost, after))
    return found


def build(scene: Scene) -> Screen:
    """The answer, and the answers under each cut, which are hidden at first."""
    trace = scene.trace
    rows = rows_that_can_be_cut(trace)
    row = rows[(scene.turn + len(rows) // 2) % len(rows)]
    found = cuts(scene, row)
    written = token_names(trace.tgt_out)[row]
    drawn = [_row("As trained", trace, hidden=False)]
    drawn += [_row(f"“{cut.word}” cut off", cut.after, hidden=True) for cut in found]
    top, worst = found[0], max(found, key=lambda cut: cut.lost)
    part = PART[scene.model.reads]
    said = (
        f"The most attended {part}, “{top.word}”, is also the one whose cut costs most."
        if top is worst
        else f"“{top.word}” is attended to most ({probability(top.weight)} against "
        f"{probability(worst.weight)}), but cutting off “{worst.word}” costs more."
    )
    question = choice_question(
        [f"{cut.word} (attention {probability(cut.weight)})" for cut in found],
        [cut.lost for cut in found],
        f"Row {row} writes “{written}”. Which cut hurts it most?",
        f"nats of log p that “{written}” loses",
        said,
        low=min(0.0, *(cut.lost for cut in found)),
        high=None,
    )
    look = scene.say(
        "What the model writes when one row may not look at one {part} of the {source}. Look for a "
        "{part} that is attended to and yet not needed."
    )
    link = Link(("explore",), "Cut edges by hand", {"kind": "cross"})
    return Screen("cross", {"type": "outputs", "rows": drawn}, question, look, link)


def _row(label: str, trace: Trace, hidden: bool) -> Plain:
    tokens = token_names(trace.tgt_out)
    goes_on = len(tokens) > MAX_DRAWN or not trace.finished
    drawn = [*tokens[:MAX_DRAWN], *(["…"] if goes_on else [])]
    return {"label": label, "tokens": drawn, "hidden": hidden}


LESSON = Lesson("cause", "Cause, not just correlation", IDEA, DO, build, TERM)
