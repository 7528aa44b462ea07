"""Several heads: the same text, looked at in several ways at once."""

from __future__ import annotations

import numpy as np

from headlight.model.analysis.heads.metrics import NEXT, PREVIOUS, SAME, Metric
from headlight.model.run.arrays import Array
from headlight.model.run.trace import Trace

from ..labels import head_name
from .base import Lesson, Link, Scene, Screen
from .choose import best
from .parts import choice_question, gallery_picture

IDEA = """
One pair of eyes can look at one thing at a time. A transformer has several **heads** in every
layer, and each makes its own queries, keys and values from the same words. So each can look for
something else: one at the word before, one at the word after, one at the verb that belongs to a
noun.

What the heads found is laid side by side and mixed by one more table of weights, so that the next
layer again gets one list for each word. Nobody tells a head what to look for. What you see here
came about in training.
"""
DO = (
    "Press one small map after another to see it large. A strong diagonal means that each {part} "
    "looks at itself; a line just below it, at the {part} before; just above it, at the {part} "
    "after."
)
TERM = r"""
$$\mathrm{MultiHead}(Q, K, V) = \mathrm{Concat}(\mathrm{head}_1, \dots, \mathrm{head}_h)\, W_O$$

Each head works with $d_{head} = d_{model} / h$ numbers, so that all heads together cost as much as
one large one. Multi-head attention stands in three places: in the encoder, in the decoder, and
between the two. The next three lessons look at one place each.
"""
KIND = "encoder_self"
HABITS: tuple[tuple[Metric, str], ...] = (
    (PREVIOUS, "the {token} just before it"),
    (SAME, "the very same {token}"),
    (NEXT, "the {token} just after it"),
)
MAX_HEADS = 12


def habits(trace: Trace) -> list[tuple[Array, str]]:
    """The habits, each with its measure [L, H] on this text, the most pronounced first."""
    measured = [(np.nan_to_num(one.sums(trace, KIND).value), words) for one, words in HABITS]
    return sorted(measured, key=lambda habit: -float(habit[0].max()))


def build(scene: Scene) -> Screen:
    """All heads of the encoder, or of the layer with the most pronounced habit."""
    trace = scene.trace
    ranked = habits(trace)
    values, words = ranked[scene.turn % len(ranked)]
    layer, head = best(values)
    every = range(trace.n_layers(KIND))
    layers = list(every) if len(every) * trace.heads(KIND) <= MAX_HEADS else [layer]
    question = choice_question(
        [head_name(i, h) for i in layers for h in range(trace.heads(KIND))],
        np.concatenate([values[i] for i in layers]),
        scene.say(f"In which head does a {{token}} look most at {words}?"),
        scene.say(f"mean weight on {words}"),
        what="head",
    )
    look = scene.say(
        "Heads of the encoder on your {source}, all on one scale from 0 to 1. Look for maps that "
        "differ: lines, columns, or an even tint."
    )
    address = {"kind": KIND, "layer": layer, "head": head}
    link = Link(("explore",), "Look at this head, and at all others", address)
    also = Link(("heads", "explore"), "Measure what every head does", {"part": "map"})
    return Screen(KIND, gallery_picture(trace, KIND, layers), question, look, link, also)


LESSON = Lesson("heads", "Several heads", IDEA, DO, build, TERM)
