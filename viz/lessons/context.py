"""Why context matters: the same text with parts of its context taken away."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from headlight.model import Edits, Model, Trace

from ..labels import token_names, worded
from .base import Lesson, Link, Plain, Scene, Screen
from .parts import choice_question
from .tokens import MAX_DRAWN

IDEA = """
Read a word and you read its neighbours too: in “you are **right**” and “turn **right**” the same
five letters mean two things. A machine that works with language has to look around in the
same way.

Older networks (recurrent ones) read from left to right and squeeze all they have seen into one
summary. A **transformer** reads all words at once and lets every word look **directly** at every
other word, near or far, as much as is useful. This looking is called **attention**: it works
a little like your eyes, which rest on some parts of a picture and pass over others. Translating
and summarizing both depend on it.
"""
DO = (
    "Read what the model wrote for the {source} above. Then change the {source} a little, or give "
    "it another, and see how much of the answer changes with it."
)


def cuts(model: Model) -> tuple[tuple[str, Edits], ...]:
    """Three ways to take context away, with what they are called."""
    config = model.config
    heads = [
        ("encoder_self", layer, head)
        for layer in range(config.n_encoder_layers)
        for head in range(config.n_heads)
    ]
    alone = worded("No {part} of the {source} looks at another", model.reads)
    return (
        (alone, Edits(ablate=frozenset(heads))),
        ("All order is hidden, in the source and in the answer", Edits(positions=False)),
        ("The writer cannot look at the source", Edits(cross_attention=False)),
    )


def share_changed(a: Sequence[int], b: Sequence[int]) -> float:
    """The share of the longer answer's tokens that the other does not have in the same order."""
    same = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    longest = max(len(a), len(b))
    return 1 - sum(block.size for block in same) / longest if longest else 0.0


def build(scene: Scene) -> Screen:
    """The model's answer, and three hidden ones with less context."""
    text, whole = scene.text, scene.trace.tgt_out
    rows: list[Plain] = [_row("With all its context", scene.trace, hidden=False)]
    labels, shares = [], []
    for label, edits in cuts(scene.model):
        other = scene.run(text, edits)
        labels.append(label)
        shares.append(share_changed(whole.ids, other.tgt_out.ids))
        rows.append(_row(label, other, hidden=True))
    question = choice_question(
        labels,
        shares,
        "Which of these changes the answer most?",
        "share of the answer's tokens that change",
        "The model really ran three more times, each time with one part switched off. "
        f"{scene.say(_said(shares[0]))}",
    )
    look = scene.say(
        "What the model writes for your {source}. Look for what survives when context is taken "
        "away."
    )
    heads = scene.say("See every head at work on this {source}")
    link = Link(("explore",), heads, {"kind": "encoder_self"})
    other_text = None if shares[0] else text_in_need_of_context(scene)
    also = Link(("learn",), f"Try “{other_text}”", {"text": other_text}) if other_text else None
    return Screen(None, {"type": "outputs", "rows": rows}, question, look, link, also)


def _said(alone: float) -> str:
    """What it did to this very source that no part of it looked at another."""
    if alone:
        return f"With no {{part}} looking at another, {alone:.3f} of this answer's tokens change."
    return (
        "This {source} needs no context: with no {part} looking at another the answer is the same. "
        "Try another."
    )


def text_in_need_of_context(scene: Scene) -> str | None:
    """The example whose answer changes most where no word looks at another, if any does."""
    task = scene.model.task
    edits = cuts(scene.model)[0][1]
    changed = {
        one.text: share_changed(
            scene.run(one.text, Edits()).tgt_out.ids, scene.run(one.text, edits).tgt_out.ids
        )
        for one in (task.examples if task is not None else ())
    }
    most = max(changed, key=lambda text: changed[text], default=None)
    return most if most is not None and changed[most] else None


def _row(label: str, trace: Trace, hidden: bool) -> Plain:
    tokens = token_names(trace.tgt_out)
    goes_on = len(tokens) > MAX_DRAWN or not trace.finished
    drawn = [*tokens[:MAX_DRAWN], *(["…"] if goes_on else [])]
    return {"label": label, "tokens": drawn, "hidden": hidden}


LESSON = Lesson("context", "Why context matters", IDEA, DO, build)
