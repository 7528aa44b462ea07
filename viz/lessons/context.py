"""Why context matters: the same text with parts of its context taken away."""

from __future__ import annotations

from collections.abc import Sequence

from headlight.model import Edits, Model, Trace

from .base import Lesson, Link, Plain, Scene, Screen
from .parts import choice_question
from .tokens import MOST_DRAWN, names

IDEA = """
Read a word and you read its neighbours too: in “a river **bank**” and “the **bank** is closed” the
same four letters mean two things. A machine that works with language has to look around in the
same way.

Older networks (recurrent ones) read from left to right and squeeze all they have seen into one
memory. A **transformer** reads all words at once and lets every word look **directly** at every
other word, near or far, as much as is useful. This looking is called **attention**: like your
eyes, which rest on some parts of a picture and pass over others. Translating or summing up a text
both depend on it.
"""
DO = (
    "Read what the model wrote for the text above. Then change the text, one word or letter at "
    "a time, and see how much of the answer changes with it."
)


def cuts(model: Model) -> tuple[tuple[str, Edits], ...]:
    """Three ways to take context away, with what they are called."""
    config = model.config
    heads = [
        ("encoder_self", layer, head)
        for layer in range(config.n_encoder_layers)
        for head in range(config.n_heads)
    ]
    return (
        ("Every source word is read alone", Edits(ablate=frozenset(heads))),
        ("The order of the words is hidden", Edits(positions=False)),
        ("The writer cannot look at the source", Edits(cross_attention=False)),
    )


def distance(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens differ: put in, taken out or replaced (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def build(scene: Scene) -> Screen:
    """The model's answer, and three hidden ones with less context."""
    whole = scene.trace.tgt_out
    rows: list[Plain] = [_row("With all its context", scene.trace, hidden=False)]
    labels, shares = [], []
    for label, edits in cuts(scene.model):
        other = scene.run(edits)
        longest = max(len(whole), len(other.tgt_out))
        labels.append(label)
        shares.append(distance(whole.ids, other.tgt_out.ids) / longest)
        rows.append(_row(label, other, hidden=True))
    question = choice_question(
        labels,
        shares,
        "Which of these changes the answer most?",
        "share of the answer's tokens that change",
        "The model really ran three more times, each time with one part switched off.",
    )
    look = "What the model writes for your text. Look for what survives when context is taken away."
    link = Link(("explore",), "See every head at work on this text", {"kind": "encoder_self"})
    return Screen(None, {"type": "outputs", "rows": rows}, question, look, link)


def _row(label: str, trace: Trace, hidden: bool) -> Plain:
    tokens = names(trace.tgt_out)
    goes_on = len(tokens) > MOST_DRAWN or not trace.finished
    drawn = [*tokens[:MOST_DRAWN], *(["…"] if goes_on else [])]
    return {"label": label, "tokens": drawn, "hidden": hidden}


LESSON = Lesson("context", "Why context matters", IDEA, DO, build)
