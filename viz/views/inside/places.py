"""Three kinds of attention: where they stand, and where their q, k and v come from."""

from __future__ import annotations

import streamlit as st

from headlight.model import Model, Trace
from headlight.model.analysis.stream.embeddings import positions

from ... import selection, theme
from ...components import head_anatomy
from ...components.head_anatomy.payload import places_payload
from ...glossary import glossed
from ...page.context import RunContext
from .cell import take

NAME = "Three kinds of attention"
LOOK = "The drawing of the paper (Vaswani et al. 2017, figure 1), with the shapes of this run."
LOOK_FOR = (
    "where each kind gets its queries, keys and values, and which of them may see the future."
)

TEXT = {
    "encoder_self": (
        r"Q, K, V \text{ from } x",
        "Queries, keys and values all come from the source's stream $x$. Every position may see "
        "every other, to its left and to its right: nothing is masked.",
    ),
    "decoder_self": (
        r"Q, K, V \text{ from } y",
        "Queries, keys and values all come from the stream $y$ of what has been written. A "
        "token may see itself and what stands to its left: the rest is masked, as it is not "
        "written yet.",
    ),
    "cross": (
        r"Q \text{ from } y,\; K, V \text{ from } m",
        "Queries come from the target, keys and values from the encoder's output $m$. Every "
        "written token may see the whole source, in every layer anew.",
    ),
}


def render(context: RunContext) -> None:
    """The drawing, then the three kinds side by side."""
    trace = context.trace
    chosen = selection.choice("kind", list(theme.KIND_NAMES), "cross")
    shapes = places_payload(
        trace,
        chosen,
        norm_first=context.model.config.norm_first,
        entry=_entry(context.model),
    )
    head_anatomy.places(shapes, take)
    for column, kind in zip(st.columns(3, gap="large"), theme.KIND_NAMES, strict=True):
        with column:
            _kind(context, trace, kind)


def _entry(model: Model) -> dict[str, str]:
    """What enters each stack."""
    config, first = model.config, positions(model, 1)
    times = " × √d" if config.scale_embed else ""
    where = " + position" if first is not None and first.any() else ", no position"
    read = {"text": f"embedding{times}", "picture": "columns", "sound": "columns"}[model.reads]
    return {"encoder": read + where, "decoder": f"embedding{times}{where}"}


def _kind(context: RunContext, trace: Trace, kind: str) -> None:
    record = trace.attention[kind][0]
    formula, sentence = TEXT[kind]
    st.markdown(f"#### {theme.KIND_NAMES[kind]}")
    st.latex(formula)
    st.markdown(glossed(sentence))
    closed = int((~record.mask).sum())
    rows = [
        rf"{letter.upper()} [head, {axis}, d\_head] = {_shape(getattr(record, letter))}"
        for letter, axis in (("q", "query"), ("k", "key"), ("v", "key"))
    ]
    rows.append(f"weights [head, query, key] = {_shape(record.pattern)}")
    st.markdown("  \n".join(rows))
    st.caption(f"{closed:,} of {record.mask.size:,} cells of each head are masked.")
    st.button("Follow a weight", key=f"follow-{kind}", on_click=_follow, args=(kind,))
    context.link("explore", "See its heads", **{"kind": kind})


def _follow(kind: str) -> None:
    selection.update(kind=kind, section="follow")


def _shape(array: object) -> str:
    return "[" + ", ".join(str(n) for n in getattr(array, "shape", ())) + "]"
