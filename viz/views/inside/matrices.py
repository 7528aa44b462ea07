"""Whole matrices: all of one head at once, linked under the pointer."""

from __future__ import annotations

import streamlit as st

from ... import theme
from ...components import head_anatomy
from ...components.head_anatomy.payload import linked_payload
from ...page.context import RunContext
from .cell import choose_head, take

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
    query, key, value = (theme.ROLE_COLOURS[role] for role in ("query", "key", "value"))
    st.latex(
        rf"Z = \operatorname{{softmax}}\!\left(\frac{{\textcolor{{{query}}}{{Q}}\,"
        rf"\textcolor{{{key}}}{{K}}^{{\top}}}}{{\sqrt{{{context.model.config.d_head}}}}}"
        rf" + \text{{mask}}\right)\textcolor{{{value}}}{{V}}"
    )
    head_anatomy.linked(linked_payload(context.trace, cell), take)
