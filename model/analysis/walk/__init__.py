"""One attention weight, followed from the words to it and on to the next token.

steps = walk(model, trace, Cell("cross", layer=1, head=3, query=2, key=4))
recompute(steps[0]) == steps[0].output.values                  # to rounding, for every step
"""

from __future__ import annotations

from ...run.runner import Model
from ...run.trace import Trace
from .code import CodeRef, Lines
from .ending import ending
from .output import block_steps, rest_of_layer, value_steps
from .place import Place
from .score import projection, score_steps, softmax_steps
from .step import Cell, Part, Step, recompute
from .stream import block_norm, final_norm, through_self_block, to_layer

STAGES = ("vectors", "projections", "score", "weight", "head", "layer", "next")
"""The parts of the way, in order."""


def walk(model: Model, trace: Trace, cell: Cell) -> tuple[Step, ...]:
    """Every step between the two tokens of a cell, its weight, and what comes of it.

    Works for every kind, layer, head, query and key, and for both norm orders. Steps stand in the
    order in which the model computes them; what other tokens do meanwhile appears as a block's sum.

    Raises:
        ValueError: a cell that the trace does not have, or a trace of an edited run or another
            model (its numbers would not follow from these weights).
    """
    cell.check(trace)
    if trace.edits:
        raise ValueError("This run was edited; a weight can be followed in a plain run only.")
    model.check_trace(trace)
    place = Place(model, trace, cell)
    vectors, projections, score, weight, head, layer, end = STAGES
    return (
        *_vectors(place, vectors),
        *_projections(place, projections),
        *score_steps(place, score),
        *softmax_steps(place, weight),
        *value_steps(place, head),
        *block_steps(place, head),
        *rest_of_layer(place, layer),
        *ending(place, end if place.query_side == "decoder" else layer),
    )


def _vectors(place: Place, stage: str) -> list[Step]:
    """Both tokens up to what enters the block."""
    cell = place.cell
    steps = to_layer(place, place.query_side, cell.query, "query", cell.layer, stage)
    if cell.kind == "cross":
        steps.append(through_self_block(place, cell.query, stage))
        n_layers = len(place.trace.encoder.layers)
        steps += to_layer(place, "encoder", cell.key, "key", n_layers, stage)
        if place.model.config.has_final_norm:
            steps.append(final_norm(place, "encoder", cell.key, "key", stage))
    elif not place.same_vector:
        steps += to_layer(place, place.key_side, cell.key, "key", cell.layer, stage)
    return steps


def _projections(place: Place, stage: str) -> list[Step]:
    """The norms in front of the block, where the model has them, and q, k and v."""
    cell = place.cell
    steps = [block_norm(place, cell.query, "query", stage)] if place.pre_norm else []
    steps.append(projection(place, "q", stage))
    if place.pre_norm and cell.kind != "cross" and not place.same_vector:
        steps.append(block_norm(place, cell.key, "key", stage))
    return [*steps, projection(place, "k", stage), projection(place, "v", stage)]


__all__ = ["STAGES", "Cell", "CodeRef", "Lines", "Part", "Place", "Step", "recompute", "walk"]
