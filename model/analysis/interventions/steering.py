"""Directions to steer by, and what the model writes as one is added more and more.

Letters in shapes: D d_model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.edits import Edits, Head
from ...run.pace import breathe
from ...run.records import StackRecord
from ...run.runner import Model
from ...run.sources import AnySource
from ...run.trace import Trace
from .. import weights


def difference(
    first: Trace, second: Trace, stack: str, layer: int, positions: Sequence[int] | None = None
) -> Array:
    """[D]: the stream that a layer reads, first run minus second, each a mean over positions.

    Args:
        stack, layer: the number of layers stands for what leaves the last one.
        positions: rows that are averaged, in both runs; all of each by default.

    Raises:
        ValueError: a stack, a layer or a position that is not there.
    """
    means = [_stream(trace, stack, layer, positions).mean(0) for trace in (first, second)]
    found: Array = means[0] - means[1]
    return found


def unembedding(model: Model, token: int, against: int | None = None) -> Array:
    """[D]: the row of the unembedding that a token's logit is taken with, minus that of another."""
    table = model.network.unembed_weight.numpy()
    for one in (token, *(() if against is None else (against,))):
        if not 0 <= one < len(table):
            raise ValueError(f"token {one} does not exist: 0 to {len(table) - 1}")
    found: Array = table[token] - (0.0 if against is None else table[against])
    return found


def head_output(model: Model, trace: Trace, head: Head) -> Array:
    """[D]: what a head writes, z · W_O, as its mean over the rows of a trace.

    Raises:
        ValueError: a head that is not there, or a trace of another model.
    """
    model.check_trace(trace)
    Edits(ablate=[head]).check(model.config)
    kind, layer, number = head
    block = weights.attention(model, kind, layer)
    z = trace.attention[kind][layer].z.astype(np.float64).mean(1)  # [H, E]
    w_o = block.w_o.reshape(*z.shape, -1)  # [H, E, D]
    found: Array = (z[number] @ w_o[number]).astype(np.float32)
    return found


def reach(trace: Trace, stack: str, layer: int) -> float:
    """The mean length ‖x‖ of the stream that a layer reads: what a direction adds itself to."""
    return float(np.linalg.norm(_stream(trace, stack, layer, None), axis=-1).mean())


@dataclass(frozen=True, eq=False)
class Steered:
    """What the model writes at one strength."""

    c: float
    trace: Trace


def sweep(
    model: Model,
    source: AnySource,
    direction: Array,
    stack: str,
    layer: int,
    strengths: Sequence[float],
    *,
    position: int | None = None,
    edits: Edits = Edits(),
) -> Iterator[Steered]:
    """What is written for a source at each strength c, on top of other edits.

    Raises:
        ValueError: a direction or a layer that does not fit the model.
    """
    for c in strengths:
        breathe()
        added = Edits(steer=[(stack, layer, position, c, direction)]) if c else Edits()
        yield Steered(c, model.run(source, edits=edits | added))


def _stream(trace: Trace, stack: str, layer: int, positions: Sequence[int] | None) -> Array:
    stacks: dict[str, StackRecord] = {"encoder": trace.encoder, "decoder": trace.decoder}
    if stack not in stacks:
        raise ValueError(f"unknown stack {stack!r}; use encoder or decoder")
    layers = stacks[stack].layers
    if not 0 <= layer <= len(layers):
        raise ValueError(f"layer {layer} does not exist in {stack}: 0 to {len(layers)}")
    rows = layers[layer].resid_pre if layer < len(layers) else layers[-1].resid_post
    if positions is None:
        return rows
    if not positions or not all(0 <= i < len(rows) for i in positions):
        raise ValueError(f"positions {list(positions)} are not all there: 0 to {len(rows) - 1}")
    chosen: Array = rows[list(positions)]
    return chosen
