"""Whole matrices: all of one head at once, linked under the pointer."""

from __future__ import annotations

import streamlit as st

from ...components import head_anatomy
from ...components.head_anatomy.payload import linked_payload
from ...page.context import RunContext
from .cell import choose_head, equation, take

NAME = "Whole matrices"
LOOK = (
    "All of one head's computation: each cell is made of the row to its left and the column above."
)
LOOK_FOR = (
    "the row of Q and the column of Kᵀ that light up for a score, and the row of weights and the "
    "column of V for a number of Z. A click pins a cell; the arrows move it."
)


def render(context: RunContext) -> None:
    """The equation, then the board."""
    cell = choose_head(context)
    root = str(context.trace.attention[cell.kind][cell.layer].q.shape[-1])
    st.latex("Z = " + equation(context.trace, cell, root, r" + \text{mask}"))
    head_anatomy.linked(linked_payload(context.trace, cell), take)
