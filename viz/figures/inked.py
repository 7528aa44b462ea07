"""Words on the cells of a heatmap, each in the ink that is read best on its cell's colour.

Plotly's own words on a heatmap are dark grey or white, and hard to read on the middle of a ramp.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from .. import theme

LETTERS = "letters"
"""Name, in a trace's `meta`, of how many letters of a hall's type fit beside each other."""
THIRD = 62
"""That number for a map a third of a hall's screen wide."""


def inked(
    cells: go.Heatmap, words: Sequence[Sequence[str]], size: float, letters: int = THIRD
) -> go.Scatter:
    """The words as a trace of their own, in font of `size` pixels, to be drawn over the cells.

    Args:
        cells: the heatmap, with `z` [Q, K], `zmin`, `zmax` and `colorscale`; its axes count cells.
        words: [Q][K]; a cell without a number gets none.
        letters: of a row of cells in a hall: where the words have more, they are left out there.
    """
    values = np.asarray(cells.z, float)
    shares = np.clip((values - cells.zmin) / (cells.zmax - cells.zmin), 0, 1)
    places = np.argwhere(np.isfinite(values)).tolist()
    grounds = [theme.colour_at(cells.colorscale, shares[row, column]) for row, column in places]
    return go.Scatter(
        x=[column for _, column in places],
        y=[row for row, _ in places],
        mode="text",
        text=[words[row][column] for row, column in places],
        textfont={"size": size, "color": [theme.ink(ground) for ground in grounds]},
        hoverinfo="skip",
        showlegend=False,
        meta={LETTERS: letters},
    )
