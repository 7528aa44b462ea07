"""Activation patching: what one run would write with a part of another run put into it.

Every cell of a map is one run of the model in which one quantity (the stream at a layer and a
position, the z of a head, a block's output) comes from the other run. How far that moves the chosen
row from the one run to the other is its share (Vig et al. 2020; Meng et al. 2022; practice after
Heimersheim & Nanda 2024). Cells are rows of one batch.

    first, second = model.run("The cat sleeps."), model.run("The cats sleep.")
    compared = compare(model, first, second, row=1)
    for found in patching_map(model, compared, cells(model, compared, "heads")):
        pass                                     # after each batch; the last one is the whole map
    found.shares                                 # 0: nothing moved; 1: all the way to `second`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch

from ...network.config import KINDS
from ...run.arrays import Array
from ...run.edits import Edits, EditsPerRow, Head
from ...run.pace import breathe
from ...run.runner import Model
from ...run.trace import Trace
from .comparison import Comparison, Paired, ends, reference

AT_ONCE = 48
"""Most cells in one pass."""
CELLS = 32 * 64 * 64
"""Bound on cells × tokens² in one pass, so that of long texts fewer are run at once."""
STREAM, HEADS, BLOCKS = "stream", "heads", "blocks"
MAPS: Mapping[str, str] = {
    STREAM: "the stream that each layer reads, at each position",
    HEADS: "each head's z, at all positions",
    BLOCKS: "each attention and feed-forward block's output, at all positions",
}
"""What a map patches, one cell at a time."""


class Cell(NamedTuple):
    """What one patch puts in; None as position means all that are paired."""

    name: str
    where: str
    layer: int
    head: int | None = None
    position: int | None = None


def head_of(cell: Cell) -> Head:
    """The head of a cell of a map of heads, or of paths."""
    assert cell.head is not None
    return cell.where, cell.layer, cell.head


@dataclass(frozen=True, eq=False)
class PatchingMap:
    """What was found so far.

    Args:
        cells: all that are asked for; the first `done` of them have been run.
        values: [done] the metric of each patched run.
        base, goal: the metric of the run without a patch, and of the run that values come from.
    """

    cells: tuple[Cell, ...]
    values: Array
    base: float
    goal: float

    @property
    def done(self) -> int:
        """Cells that have been run."""
        return len(self.values)

    @property
    def shares(self) -> Array:
        """[done]: how far each patch moves the row: 0 not at all, 1 all the way to the goal."""
        return (self.values - self.base) / (self.goal - self.base)

    def share(self, cell: Cell) -> float:
        """Of one cell that has been run."""
        return float(self.shares[self.cells.index(cell)])


def cells(model: Model, compared: Comparison, which: str) -> tuple[Cell, ...]:
    """The cells of a map, a name in MAPS, in the order of the network.

    Rows behind the compared one cannot matter and are left out.

    Raises:
        ValueError: there is no such map.
    """
    config, found = model.config, list[Cell]()
    if which not in MAPS:
        raise ValueError(f"There is no map “{which}”. There are: {', '.join(MAPS)}.")
    if which == HEADS:
        return tuple(
            Cell("z", kind, layer, head)
            for kind in KINDS
            for layer in range(config.n_layers(kind))
            for head in range(config.heads(kind))
        )
    for stack in ("encoder", "decoder"):
        for layer in range(config.n_layers(f"{stack}_self")):
            if which == STREAM:
                found += [
                    Cell("resid_pre", stack, layer, None, position)
                    for position in sorted(compared.pairs(stack))
                    if stack == "encoder" or position <= compared.row
                ]
            else:
                found.append(Cell("out", f"{stack}_self", layer))
                if stack == "decoder":
                    found.append(Cell("out", "cross", layer))
                found.append(Cell("mlp_out", stack, layer))
    return tuple(found)


def patch(both: Paired, *chosen: Cell) -> Edits:
    """The edits that put these cells into the run that is patched, on top of its own.

    Where that was patched already, the new values take the place of the old ones.
    """
    return both.into.edits.under(brought(both, *chosen))


def brought(both: Paired, *chosen: Cell) -> Edits:
    """These cells of the run that values come from, at the positions of the run that is patched.

    Vectors that are the same in both runs are left out: they would change nothing but rounding.
    """
    values = {}
    for cell in chosen:
        own, array = taken(both.into, cell), taken(both.source, cell)
        for here, there in both.pairs(cell.where).items():
            if cell.position in (None, here) and not np.array_equal(own[here], array[there]):
                head = () if cell.head is None else (cell.head,)
                values[cell.name, cell.where, cell.layer, *head, here] = array[there]
    return Edits(patch=values)


def taken(trace: Trace, cell: Cell) -> Array:
    """[pos, width]: the quantity of a cell at all positions of a trace."""
    if cell.where in KINDS:
        record = trace.attention[cell.where][cell.layer]
        found: Array = record.out if cell.head is None else record.z[cell.head]
        return found
    layers = trace.encoder.layers if cell.where == "encoder" else trace.decoder.layers
    array: Array = getattr(layers[cell.layer], cell.name)
    return array


def cells_at_once(compared: Comparison) -> int:
    """How many cells of a map are run in one pass."""
    longest = max(len(compared.into.src), len(compared.into.tgt_in))
    return max(1, min(AT_ONCE, CELLS // longest**2))


def patching_map(
    model: Model, compared: Comparison, chosen: Sequence[Cell], *, at_once: int | None = None
) -> Iterator[PatchingMap]:
    """Run every cell, a batch at a time; each value holds all found so far, the last one all.

    The run without a patch is a row of every batch, so that the two are rounded alike; a patch of
    what is the same in both runs has a share of exactly 0.

    Args:
        at_once: cells of a batch; `cells_at_once` by default.
    """
    base, goal = ends(compared)
    found = PatchingMap(tuple(chosen), np.zeros(0), base, goal)
    at_once = cells_at_once(compared) if at_once is None else at_once
    for start in range(0, len(chosen), at_once):
        breathe()
        some = chosen[start : start + at_once]
        edits = [compared.into.edits, *(patch(compared, cell) for cell in some)]
        plain, *values = measured(model, compared, edits).tolist()
        changed = np.array([one != edits[0] for one in edits[1:]])
        moved = base + np.where(changed, np.array(values) - plain, 0.0)
        found = replace(found, values=np.concatenate([found.values, moved]))
        yield found


def measured(model: Model, compared: Comparison, edits: Sequence[Edits]) -> Array:
    """[n]: the metric of the patched run under each of these edits, in one pass.

    Raises:
        ValueError: edits that do not fit the model.
    """
    into, network = compared.into, model.network
    for one in edits:
        one.check(model.config, len(into.src))
    rows = EditsPerRow(tuple(edits))
    same = torch.zeros(len(edits), dtype=torch.long)
    with torch.inference_mode():
        source = model.source([into.src])
        if any(one.touches("encoder") for one in edits):
            memory = network.encode(source[same], edits=rows)
        else:
            memory = network.encode(source)[same]
        tgt_in = torch.tensor([into.tgt_in.ids[: compared.row + 1]])[same]
        x = network.decode(tgt_in, memory, edits=rows)
        logits = network.unembed(x[:, compared.row])
    values: Array = compared.metric.of(logits, reference(compared)).numpy()
    return values
