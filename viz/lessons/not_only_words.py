"""Not only words: the same attention over a drawing or a voice."""

from __future__ import annotations

from headlight.model.run.sources import Picture

from ..labels import head_name, row_phrase, token_names
from .base import Lesson, Link, Scene, Screen
from .choose import most_informative_head, pick_row, rows_by_interest
from .parts import choice_question
from .self_attention import row_screen
from .sources import parts, slice_name, slices, source_picture
from .tokens import MAX_DRAWN

IDEA = """
Nothing in attention knows what a word is. It mixes lists of numbers, wherever they come from. So
cut a **picture** into thin slices, or a **sound** into moments of a few hundredths of a second,
turn each of them into a list of numbers, and go on as before: queries, keys, values, softmax. Only
the beginning differs.

The decoder still writes words, one after the other. For each of them it has to find the place in
the picture, or the moment in the sound, where that word comes from. Nobody showed the decoder
where to look: it was given pictures, or sounds, with the right answer.
"""
TAUGHT = " (In training the encoder of this model was also taught which digit stands where.)"
DO = (
    "Draw a few digits above, or say them to the model that hears. Then guess: which slice will "
    "the next word look at?"
)
TERM = r"""
Convolutions with strides turn the pixels, or the log-mel frames, into one vector $x_i$ for each
slice: $X = \text{front}(\text{source})$. Positions are added to it, and from there on encoder,
decoder and cross-attention are those of a text. Vision transformers cut pictures in the same way
(Dosovitskiy et al. 2021), Whisper sounds (Radford et al. 2022).
"""
DRAW = Link(
    ("learn",),
    "Do this with a drawing",
    {"model": "read-digits", "text": None, "lesson": "not-only-words"},
)
SPEAK = Link(
    ("learn",),
    "Do this with your voice",
    {"model": "hear-digits", "text": None, "lesson": "not-only-words"},
)


def build(scene: Scene) -> Screen:
    """One row of the head that aligns best, to be found on the picture or in the sound."""
    trace, src = scene.trace, scene.trace.src
    if src.source is None:
        screen = row_screen(scene, "cross")
        look = f"This model reads text. {screen.look}"
        return Screen("cross", screen.picture, screen.question, look, DRAW, SPEAK)
    layer, head = most_informative_head(scene, "cross")
    row = pick_row(rows_by_interest(trace, "cross", layer, head), scene.turn, MAX_DRAWN)
    weights, groups = trace.attention["cross"][layer].pattern[head, row], slices(src)
    question = choice_question(
        [slice_name(src, part) for part in groups],
        [float(weights[list(part)].sum()) for part in groups],
        f"{row_phrase(trace, 'cross', row)}: where does head {head_name(layer, head)} look?",
        "attention weights, added up over the positions of each slice, so that all slices "
        "together add up to 1",
        _truth(scene, row),
        what="slice",
    )
    picture = isinstance(src.source, Picture)
    look = (
        f"What the model {'sees' if picture else 'hears'}, in {len(groups)} slices. Look for the "
        f"{'place' if picture else 'moment'} of the word that is about to be written."
    )
    if (task := scene.model.task) is not None and task.recipe.labels:
        look += TAUGHT
    address = {"kind": "cross", "layer": layer, "head": head}
    link = Link(("explore",), f"Open head {head_name(layer, head)} with all its numbers", address)
    drawn = source_picture(src, groups, weights.tolist())
    return Screen("cross", drawn, question, look, link, SPEAK if picture else DRAW)


def _truth(scene: Scene, row: int) -> str:
    """Where the written digit stands, where that is known."""
    source, written = scene.trace.src.source, token_names(scene.trace.tgt_out)[row]
    marks = source.marks if source is not None else None
    if not marks or row >= len(marks) or marks[row][2] != written:
        return ""
    name, _ = parts(scene.trace)[row]
    return f"“{written}” stands at {name}: the example was put together from single digits."


LESSON = Lesson("not-only-words", "Not only words", IDEA, DO, build, TERM)
