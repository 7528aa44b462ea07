"""Which weight is looked at: kind, layer, head, query and key, all kept in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from headlight.model import KINDS, Tokens, Trace
from headlight.model.analysis.walk import Cell

from ... import address, state, theme
from ..bench import Bench
from ..words import head_name, plain


def choose_head(bench: Bench) -> Cell:
    """The row of choices for a head; its query and key are those of the address."""
    trace = bench.trace
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind, layer, head = _choose_head(trace)
    start = strongest(trace, kind, layer, head)
    query = address.placed(state.QUERY, address.numbers(len(trace.queries(kind))), str(start[0]))
    key = address.placed(state.KEY, address.numbers(len(trace.keys(kind))), str(start[1]))
    return Cell(kind, layer, head, int(query), int(key))


def choose_tokens(trace: Trace, cell: Cell) -> None:
    """Two fields for the cell's query and key."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _token("From (query)", state.QUERY, trace.queries(cell.kind))
        _token("To (key)", state.KEY, trace.keys(cell.kind))


def take(value: Mapping[str, Any]) -> None:
    """What a picture in the browser chose: a kind, or a query and a key."""
    for name in (state.KIND, state.QUERY, state.KEY):
        if name in value:
            address.place(name, str(value[name]))


def strongest(trace: Trace, kind: str, layer: int, head: int) -> tuple[int, int]:
    """(query, key) of a head's largest weight between ordinary tokens."""
    pattern = trace.attention[kind][layer].pattern[head].copy()
    pattern[list(trace.queries(kind).special)] -= 2  # only where there is nothing else
    pattern[:, list(trace.keys(kind).special)] -= 2
    query, key = np.unravel_index(int(pattern.argmax()), pattern.shape)
    return int(query), int(key)


def cell_name(cell: Cell, trace: Trace) -> str:
    """`L2 H5 of cross-attention`, made harmless for markdown."""
    return f"{head_name(cell.layer, cell.head)} of {theme.KIND_SHORT[cell.kind]}-attention"


def token_name(tokens: Tokens, i: int) -> str:
    """“chat”, made harmless for markdown."""
    return f"“{plain(tokens.surface(i))}”"


def _choose_head(trace: Trace) -> tuple[str, int, int]:
    kinds = [kind for kind in KINDS if trace.n_layers(kind)]
    kind = _buttons("Attention", state.KIND, kinds, "cross", theme.KIND_SHORT.__getitem__)
    layers = address.numbers(trace.n_layers(kind))
    layer = _buttons("Layer", state.LAYER, layers, layers[-1], "L{}".format)
    head = _buttons("Head", state.HEAD, address.numbers(trace.n_heads), "0", "H{}".format)
    return kind, int(layer), int(head)


def _buttons(
    label: str, name: str, options: Sequence[str], default: str, say: Callable[[str], str]
) -> str:
    chosen = address.placed(name, options, default)
    st.segmented_control(
        label,
        options,
        format_func=say,
        key=name,
        on_change=address.place,
        args=(name,),
        required=True,
    )
    return chosen


def _token(label: str, name: str, tokens: Tokens) -> None:
    st.selectbox(
        label,
        address.numbers(len(tokens)),
        format_func=lambda i: f"{i} · {tokens.surface(int(i))}",
        key=name,
        on_change=address.place,
        args=(name,),
        width=190,
    )
