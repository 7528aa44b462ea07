"""Why an answer is right, in one sentence that is made of the numbers on the screen."""

from __future__ import annotations

from headlight.model.analysis.alignment.links import Alignment

from ..labels import token_names, token_noun
from .base import Scene
from .choose import Aligned

HALF = 0.5
"""A token with less than this part of a row does not lead it."""


def of_row(scene: Scene, kind: str, layer: int, head: int, row: int) -> str:
    """What the strongest cell of a row is, in words."""
    trace = scene.trace
    weights = trace.attention[kind][layer].pattern[head, row]
    keys, top = token_names(trace.keys(kind)), int(weights.argmax())
    what = token_noun(trace.keys(kind))
    largest = f"{weights[top]:.3f}"
    if weights[top] < HALF:
        return f"No {what} has half of this row; the largest share, {largest}, is on “{keys[top]}”."
    if trace.keys(kind).special[top]:
        return f"Most of the row, {largest}, rests on “{keys[top]}”, which stands for no word."
    where = _of_source(scene, row, top) if kind == "cross" else _of_place(top - row, what)
    return f"Most of the row, {largest}, is on “{keys[top]}”{where}."


def of_heads(found: Aligned, scene: Scene) -> list[str]:
    """One sentence for each cross-attention head, in the order of layers and heads."""
    trace, sentences = scene.trace, []
    for layer in range(trace.n_layers("cross")):
        for head in range(trace.n_heads):
            right, read = int(found.right[layer, head]), int(found.read[layer, head])
            sentences.append(scene.say(_of_head(right, read, found.n)))
    return sentences


def _of_head(right: int, read: int, n: int) -> str:
    if not n:
        return ""
    if read > right:
        return (
            f"This head follows the word just read ({read} of {n}), not the one written ({right})."
        )
    return f"Its strongest cell is on the right source {{part}} for {right} of {n} written words."


def _of_source(scene: Scene, row: int, key: int) -> str:
    """Whether a source token belongs to the word that the row writes, or to the one it has read."""
    trace, known = scene.trace, scene.reference(scene.trace)
    if known is None:
        return ""
    read, written = token_names(trace.tgt_in)[row], token_names(trace.tgt_out)[row]
    if key in (own := sources_of(known.alignment, row)):
        return f": that is where “{written}”, the word being written, comes from"
    if row and key in sources_of(known.alignment, row - 1):
        return f": that is where “{read}”, the word just read, comes from; this head looks back"
    if not own:  # it is not known where this word comes from
        return ""
    return f", although “{written}” does not come from it: heads also fetch context"


def sources_of(alignment: Alignment, token: int) -> set[int]:
    """The source tokens that a written token comes from."""
    words = {i for i, group in enumerate(alignment.targets) if token in group}
    return {
        place
        for target, source in alignment.possible
        if target in words
        for place in alignment.sources[source]
    }


def _of_place(distance: int, what: str) -> str:
    places = {0: "itself", -1: "before it", 1: "after it"}
    steps = "step" if abs(distance) == 1 else "steps"
    there = "to its left" if distance < 0 else "to its right"
    if distance in places:
        return f", the {what} {places[distance]}"
    return f", {abs(distance)} {steps} {there}"
