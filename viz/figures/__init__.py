"""Plotly figures: arrays and labels in, `Figure` out; no Streamlit.

from headlight.viz.figures import head_grid, head_map
head_map(trace, kind="cross", layer=2, head=5).show()
"""

from .heads import head_grid, head_map
from .tokens import axis_labels

__all__ = ["axis_labels", "head_grid", "head_map"]
