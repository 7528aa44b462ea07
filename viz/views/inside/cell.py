"""Which weight is looked at: kind, layer, head, query and key, all kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from headlight.model import KINDS, Trace
from headlight.model.analysis.heads.opening import strongest_key
from headlight.model.analysis.walk import Cell

from ... import selection, theme
from ...labels import head_name, row_names, token_names
from ...page.context import RunContext
from ...page.head_choice import first_row, head_in
from ...page.present import presenting, wide


def choose_head(context: RunContext) -> Cell:
    """The row of choices for a head; its query and key are those of the address."""
    trace = context.trace
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = kind, *_ = _choose_head(context)
    query = selection.index("query", len(trace.queries(kind)), first_row(context, place))
    key = selection.index("key", len(trace.keys(kind)), strongest_key(trace, *place, query))
    return Cell(*place, query, key)


def choose_tokens(trace: Trace, cell: Cell) -> None:
    """Two fields for the cell's query and key."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _token("Row (query)", "query", row_names(trace, cell.kind))
        _token("Column (key)", "key", token_names(trace.keys(cell.kind)))


def take(value: Mapping[str, Any]) -> None:
    """What a picture in the browser chose: a kind, or a query and a key."""
    selection.update(**{name: value[name] for name in ("kind", "query", "key") if name in value})


def cell_name(cell: Cell, trace: Trace) -> str:
    """`L2 H5 of cross-attention`, made harmless for markdown."""
    return f"{head_name(cell.layer, cell.head)} of {theme.KIND_SHORT[cell.kind]}-attention"


ROLES = ("query", "key", "value")


def coloured(role: str, letter: str) -> str:
    """A letter of a formula in the colour of its role."""
    return rf"\textcolor{{{theme.ROLE_COLOURS[role]}}}{{{letter}}}"


def equation(trace: Trace, cell: Cell, root: str, more: str = "") -> str:
    """What this head computes, as a formula.

    Args:
        root: what stands under the root, where scores are divided.
        more: what is added to the scores at the end.
    """
    record = trace.attention[cell.kind][cell.layer]
    query, key, value = (coloured(role, one) for role, one in zip(ROLES, "QKV", strict=True))
    scores = rf"{query}\,{key}^{{\top}}"
    if float(record.scale) != 1:
        scores = rf"\frac{{{scores}}}{{\sqrt{{{root}}}}}"
    if record.bias is not None:
        scores += r" + \text{bias}"
    return rf"\operatorname{{softmax}}\!\left({scores}{more}\right){value}"


def _choose_head(context: RunContext) -> tuple[str, int, int]:
    trace = context.trace
    kind, layer, head = head_in(context)
    kinds = [one for one in KINDS if trace.n_layers(one)]
    _buttons("Attention", "kind", kinds, theme.KIND_SHORT.__getitem__)
    _buttons("Layer", "layer", selection.positions(trace.n_layers(kind)), "L{}".format)
    _buttons("Head", "head", selection.positions(trace.heads(kind)), "H{}".format)
    return kind, layer, head


def _buttons(label: str, name: str, options: Sequence[str], say: Callable[[str], str]) -> None:
    st.segmented_control(
        label,
        options,
        format_func=say,
        required=True,
        label_visibility="collapsed" if presenting() else "visible",
        **selection.widget(name),
    )


def _token(label: str, name: str, names: Sequence[str]) -> None:
    st.selectbox(
        label,
        selection.positions(len(names)),
        format_func=lambda i: f"{i} · {names[int(i)]}",
        **selection.widget(name),
        width=wide(190),
    )
