"""A field that names one head of a run: `cross L2 H5`."""

from __future__ import annotations

import streamlit as st

from headlight.model import KINDS, Trace
from headlight.model.run.edits import Head

from ... import selection, theme
from ...labels import head_name
from ...page.present import wide


def one_head(label: str, name: str, trace: Trace, usual: Head | None = None) -> Head:
    """The head that is selected under `name`, and its field.

    Args:
        usual: what holds while nothing is chosen; None for the last head of all.
    """
    heads: dict[str, Head] = {
        f"{kind}-{layer}-{head}": (kind, layer, head)
        for kind in KINDS
        for layer in range(trace.n_layers(kind))
        for head in range(trace.heads(kind))
    }
    start = list(heads)[-1] if usual is None else "-".join(map(str, usual))
    chosen = selection.choice(name, list(heads), start)
    st.selectbox(label, list(heads), format_func=_named, width=wide(200), **selection.widget(name))
    return heads[chosen]


def _named(name: str) -> str:
    kind, layer, head = name.split("-")
    return f"{theme.KIND_SHORT[kind]} {head_name(int(layer), int(head))}"
