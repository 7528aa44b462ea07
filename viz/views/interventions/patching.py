"""Patching maps: which part of the run carries what differs between two sentences."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace
from headlight.model.analysis.interventions.aligned import BY_POSITION, BY_WORD
from headlight.model.analysis.interventions.first_difference import first_difference
from headlight.model.analysis.interventions.metrics import KL, LOG_PROB, LOGIT
from headlight.model.analysis.interventions.patching import (
    BLOCKS,
    HEADS,
    STREAM,
    Comparison,
    PatchingMap,
    compare,
    patch,
)

from ... import runtime, selection, theme
from ...figures.patching import block_name, blocks_figure, patching_figure
from ...figures.tokens import axis_labels
from ...markdown import plain
from ...page import before_after
from ...page.background import result
from ...page.chart import chart
from ...page.context import RunContext

NAME = "Swap from another sentence"
LOOK = (
    "Each cell is one run of the model in which one quantity comes from the run of the other "
    "sentence: 0, it changes nothing; 1, it brings the whole difference over."
)
LOOK_FOR = "few dark cells: that is where the difference is carried. Press one to see its text."

MAPS = {STREAM: "stream, by position", HEADS: "heads", BLOCKS: "blocks"}
METRICS = {LOGIT: "logit difference", LOG_PROB: "log-probability", KL: "KL divergence"}
WAYS = {"into": "second into first", "from": "first into second"}
ALIGN = {BY_WORD: "by word", BY_POSITION: "by position"}


def render(context: RunContext) -> None:
    """The second sentence, what is measured, the map, and the text under one patch."""
    text = selection.text("compare")
    st.text_input(
        "Second sentence",
        placeholder="The same sentence with one thing changed, such as a plural",
        **selection.widget("compare"),
    )
    if not text.strip():
        st.info("Type a second sentence that differs in one thing.", icon=":material/swap_horiz:")
        return
    try:
        second = runtime.run(context.model, text)
        compared, which = _compared(context, second)
    except ValueError as error:
        st.warning(plain(str(error)))
        return
    st.caption(f"Second output: {plain(second.output_text)}")
    found: PatchingMap | None = result(
        runtime.patching(context.model, compared, which), "Run the map", at_once=True
    )
    if found is None:
        return
    _said(context, compared, found)
    chosen = _map(compared, found, which)
    if chosen is not None:
        _text(context, compared, found, chosen)


def _compared(context: RunContext, second: Trace) -> tuple[Comparison, str]:
    """The controls, and what they ask for: what is compared, and what one cell of the map is."""
    first = context.trace
    way = selection.choice("way_of_patch", list(WAYS), "into")
    into, source = (first, second) if way == "into" else (second, first)
    start = first_difference(into, source)
    row = selection.index("row_of_patch", len(into.tgt_out), start or 0)
    which = selection.choice("patched", list(MAPS), STREAM)
    metric = selection.choice("metric_of_patch", list(METRICS), LOGIT)
    align = selection.choice("align", list(ALIGN), BY_WORD)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choose("Patch", "way_of_patch", WAYS, 180)
        _choose("One cell is", "patched", MAPS, 180)
        st.selectbox(
            "Row that is looked at",
            selection.positions(len(into.tgt_out)),
            format_func=lambda i: f"{i} · writes {into.tgt_out.surface(int(i))}",
            **selection.widget("row_of_patch"),
            width=190,
        )
        _choose("Measured by", "metric_of_patch", METRICS, 170)
        _choose("Positions paired", "align", ALIGN, 140)
    return compare(context.model, into, source, row, metric=metric, align=align), which


def _choose(label: str, name: str, options: dict[str, str], width: int) -> None:
    st.selectbox(
        label, list(options), format_func=options.__getitem__, **selection.widget(name), width=width
    )


def _said(context: RunContext, compared: Comparison, found: PatchingMap) -> None:
    metric = compared.metric
    names = [
        plain(context.model.tokenizer.piece(one))
        for one in (metric.token, metric.against)
        if one is not None
    ]
    what = {
        LOGIT: f"logit of “{names[0]}” minus logit of “{names[-1]}”",
        LOG_PROB: f"log p of “{names[0]}”",
        KL: "minus the KL divergence from the other run's distribution",
    }[metric.name]
    st.markdown(
        f"Row {compared.row}, {what}: **{found.base:.3f}** without a patch, **{found.goal:.3f}** "
        f"in the run that values come from; {found.done} of {len(found.cells)} patches run."
    )


def _map(compared: Comparison, found: PatchingMap, which: str) -> int | None:
    """The map; the place in `found.cells` of the cell that was pressed."""
    if which == BLOCKS:
        chart(blocks_figure(found), key="patch-blocks", bar=False)
        names = {i: block_name(cell) for i, cell in enumerate(found.cells)}
        return st.selectbox(
            "Block",
            list(names),
            format_func=names.__getitem__,
            index=int(found.shares.argmax()),
            width=220,
        )
    into, picked = compared.into, None
    groups = list(dict.fromkeys(cell.where for cell in found.cells))
    for column, group in zip(st.columns(len(groups), gap="medium"), groups, strict=True):
        if which == STREAM:
            tokens = into.src if group == "encoder" else into.tgt_in
            columns, name = axis_labels(tokens), f"{group.capitalize()} stream into each layer"
            columns = columns if group == "encoder" else columns[: compared.row + 1]
        else:
            columns = [f"H{head}" for head in range(len(into.attention[group][0].z))]
            name = theme.KIND_NAMES[group]
        with column:
            st.markdown(f"**{name}**")
            event = chart(
                patching_figure(found, group, columns),
                key=f"patch-{which}-{group}",
                on_select="rerun",
                selection_mode="points",
            )
        if event and event["selection"]["points"]:
            picked = int(event["selection"]["points"][0]["customdata"][-1])
    return int(found.shares.argmax()) if picked is None else picked


def _text(context: RunContext, compared: Comparison, found: PatchingMap, chosen: int) -> None:
    """What the model writes under one patch, freely."""
    cell = found.cells[chosen]
    edits = patch(compared, cell)
    where = theme.KIND_SHORT.get(cell.where, cell.where)
    at = f" H{cell.head}" if cell.head is not None else ""
    at += f", position {cell.position}" if cell.position is not None else ""
    st.markdown(f"#### {cell.name} of {where} L{cell.layer}{at}: share {found.shares[chosen]:.3f}")
    after = runtime.run(context.model, compared.into.source_text, edits=edits)
    before_after.texts(compared.into, after)
