"""Patching maps: each cell how far one patch moves the run from the one sentence to the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from headlight.model.analysis.interventions.patching import Cell, PatchingMap
from headlight.model.run.arrays import Array

from .. import theme
from .signed_map import points, signed_map

TITLE = "share of the difference moved"


def scale(found: PatchingMap) -> float:
    """Both ends of the scale of all its pictures: the largest share, rounded up to a tenth."""
    shares = found.shares[np.isfinite(found.shares)]
    largest = float(np.abs(shares).max(initial=0.0))
    return max(0.1, float(np.ceil(largest * 10 - 1e-9) / 10))


def patching_figure(
    found: PatchingMap, group: str, columns: Sequence[str], dark: bool = False
) -> go.Figure:
    """The cells of one stack or kind: a row a layer, a column a position or head.

    Every cell that is done is a point that can be chosen; the points' customdata ends with the
    cell's place in `found.cells`.

    Args:
        group: `Cell.where` of the cells that are drawn.
        columns: names of positions or heads.
        dark: of the page, for the middle of the ramp.
    """
    cells = [(i, cell) for i, cell in enumerate(found.cells) if cell.where == group]
    n_layers = 1 + max(cell.layer for _, cell in cells)
    values: Array = np.full((n_layers, len(columns)), np.nan)
    shares = found.shares
    done = [(i, cell) for i, cell in cells if i < found.done]
    for i, cell in done:
        values[cell.layer, _column(cell)] = shares[i]
    layers = [f"L{i}" for i in range(n_layers)]
    figure = signed_map(values, layers, list(columns), TITLE, scale(found), dark)
    figure.add_trace(
        points(
            figure.data[0],
            np.array([cell.layer for _, cell in done], int),
            np.array([_column(cell) for _, cell in done], int),
            np.array([i for i, _ in done], int)[:, None],
            24,
        )
    )
    return figure


def blocks_figure(found: PatchingMap) -> go.Figure:
    """One bar a block, in the order of the network."""
    shares = found.shares
    less, more = theme.DIVERGING
    figure = go.Figure(
        go.Bar(
            x=[block_name(cell) for cell in found.cells[: found.done]],
            y=shares,
            marker={"color": [less if value < 0 else more for value in shares]},
            hovertemplate="%{x}<br><b>%{y:.3f}</b><extra></extra>",
        )
    )
    figure.update_yaxes(title=TITLE, zeroline=True, zerolinecolor=theme.NEUTRAL, tickformat=".3~g")
    figure.update_layout(**theme.layout(height=300))
    return figure


def block_name(cell: Cell) -> str:
    """`cross L1`, `encoder MLP L0`."""
    what = f"{cell.where} feed-forward" if cell.name == "mlp_out" else theme.KIND_SHORT[cell.where]
    return f"{what} L{cell.layer}"


def _column(cell: Cell) -> int:
    column = cell.position if cell.head is None else cell.head
    assert column is not None
    return column
