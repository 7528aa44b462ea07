"""Map of heads: every head of the model as one cell, coloured by any measure."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from headlight.model.analysis.heads.badges import BADGES, badges
from headlight.model.analysis.heads.baselines import BASELINES
from headlight.model.analysis.heads.metrics import METRICS, Metric, get_metric
from headlight.model.analysis.heads.table import Z95, HeadTable
from headlight.model.network.config import KINDS
from headlight.model.run.arrays import Array
from headlight.model.run.edits import Head

from ... import runtime, selection, theme
from ...components.static import style
from ...figures.heads_map import heads_map
from ...labels import NOUN, head_name, worded
from ...markdown import plain
from ...page import present
from ...page.background import result
from ...page.chart import chart, dark, whole
from ...page.context import RunContext
from ...page.own_text import own_text
from .opening import open_head
from .table import all_heads

PROJECT, SENTENCE, OWN = "project", "sentence", "own"
MAPS = "maps-of-heads"
MAX_NAMES = 8
"""Heads named behind a badge; the table has all."""


def render(context: RunContext) -> None:
    """Choice of measure and corpus, three maps, and the table of all heads."""
    left, right = st.columns(2)
    with left:
        slugs = [one.slug for one in METRICS]
        slug = selection.choice("measure", slugs, slugs[0])
        st.selectbox(
            "Coloured by",
            slugs,
            format_func=lambda name: get_metric(name).title,
            **selection.widget("measure"),
        )
    with right:
        shipped = runtime.shipped_atlas(context.model)
        usual = PROJECT if shipped else SENTENCE
        names = _corpora(context)
        there = list(names)
        where = selection.choice("on", there, usual)
        st.segmented_control(
            "Measured on",
            there,
            format_func=names.__getitem__,
            required=True,
            **selection.widget("on"),
        )
    chosen = get_metric(slug)
    _say(chosen)
    atlas = _atlas(context, where, shipped)
    if atlas is None:
        return
    _maps(context, atlas, chosen)
    over = worded("over sentences", context.model.reads)
    st.caption(
        f"{_measured_on(atlas)} Each cell is one head; point at it for its 95% interval {over}. "
        f"{_said_of(atlas, chosen)}Look for the few that stand out, and whether they "
        "are in one layer. Press a cell to see that head in Explore."
    )
    _who_does_what(atlas)
    if not present.presenting():  # a wall has no room for all of its numbers
        all_heads(context, atlas)


def _corpora(context: RunContext) -> dict[str, str]:
    """What can be measured on, as this model's sources are called."""
    one = NOUN[context.model.reads]
    names = {PROJECT: f"Project's {one}s", SENTENCE: f"This {one}", OWN: "Own text file"}
    if runtime.needs_file(context.model):
        del names[PROJECT]
    if context.model.reads != "text":
        del names[OWN]
    return names


def _said_of(atlas: HeadTable, chosen: Metric) -> str:
    """What brackets and the column beside the heads mean."""
    said = ""
    if chosen.low is None:
        heads = [head for head in atlas.heads() if np.isfinite(atlas.error(chosen.slug, head))]
        zero = sum(not atlas.differs(chosen.slug, head) for head in heads)
        if heads:
            said += f"In brackets: not distinguishable from zero ({zero} of {len(heads)} heads). "
    if any(slug == chosen.slug for slug, _ in atlas.layer_values):
        said += "“mean” measures the average pattern of a layer's heads as if it were one head. "
    return said


def _who_does_what(atlas: HeadTable) -> None:
    """The heads that earned a badge, badge by badge."""
    given = badges(atlas)
    lines = []
    for badge in BADGES:
        found = {
            kind: [head for head in atlas.heads(kind) if badge in given.get(head, [])]
            for kind in KINDS
        }
        said = [_names(kind, heads) for kind, heads in found.items() if heads]
        if said:
            lines.append(
                f"- **{plain(badge.title)}** :small[({plain(badge.rule)})] {'; '.join(said)}"
            )
    st.markdown("**Badges**")
    st.markdown("\n".join(lines) or "No head passes any of the thresholds below.")


def _names(kind: str, heads: list[Head]) -> str:
    """`cross L0 H1, L1 H2 and 3 more`."""
    names = ", ".join(head_name(layer, head) for _, layer, head in heads[:MAX_NAMES])
    more = f" and {len(heads) - MAX_NAMES} more" if len(heads) > MAX_NAMES else ""
    return f"{theme.KIND_SHORT[kind]} {names}{more}"


def _say(chosen: Metric) -> None:
    """Definition, range and source of a measure."""
    low = "−∞" if chosen.low is None else f"{chosen.low:g}"
    high = "∞" if chosen.high is None else f"{chosen.high:g}"
    unit = f" {chosen.unit}" if chosen.unit else ""
    source = f" · Source: {plain(chosen.source)}" if chosen.source else ""
    st.markdown(
        f"**{plain(chosen.title)}**: {plain(chosen.definition)}  \n"
        f":small[Range {low} to {high}{unit}{source}]"
    )


def _atlas(context: RunContext, where: str, shipped: HeadTable | None) -> HeadTable | None:
    """The measures on the corpus that was chosen, as far as they are there."""
    if where == SENTENCE:
        name = worded("this sentence", context.model.reads)
        return runtime.sentence_atlas(context.model, context.trace, name)
    if where == PROJECT:
        if shipped is not None:
            return shipped
        name = runtime.corpus_name(context.model)
        work = runtime.measuring(context.model, None, name)
        found: HeadTable | None = result(work, "Measure", at_once=True)
        return found
    own = own_text()
    if own is None:
        return None
    work = runtime.measuring(context.model, own.text, own.name, own.gold)
    found = result(work, "Measure", at_once=True)
    return found


def _measured_on(atlas: HeadTable) -> str:
    said = f"Measured on {plain(atlas.corpus)}."
    if atlas.skipped:
        reasons = ", ".join(f"{n:,} {why}" for why, n in atlas.skipped.items())
        said += f" {atlas.read:,} lines were read; left out: {plain(reasons)}."
    if atlas.gold:
        said += f" True alignment: {plain(atlas.gold)}."
    if atlas.references:
        said += f" Right answers: {plain(atlas.references)}."
    return said


def _maps(context: RunContext, atlas: HeadTable, chosen: Metric) -> None:
    if not atlas.has(chosen.slug):
        st.info(_why_empty(context, chosen))
        return
    given = badges(atlas)
    low, high = _scale(atlas, chosen)
    st.html(style("heads"))
    with st.container(key=MAPS):
        columns = st.columns(3)
    for column, kind in zip(columns, KINDS, strict=True):
        with column:
            st.markdown(f"**{theme.KIND_NAMES[kind]}**")
            if kind not in chosen.kinds:
                st.caption("This measure does not apply here.")
                continue
            notes = [
                [
                    "<br>".join(badge.title for badge in given.get((kind, layer, head), []))
                    for head in range(atlas.n_heads[kind])
                ]
                for layer in range(atlas.layers[kind])
            ]
            figure = heads_map(
                atlas.grid(chosen.slug, kind),
                kind=kind,
                title=f"{chosen.title}{', ' + chosen.unit if chosen.unit else ''}",
                low=low,
                high=high,
                signed=chosen.low is None,
                notes=notes,
                errors=Z95 * atlas.error_grid(chosen.slug, kind),
                unsure=_unsure(atlas, chosen, kind),
                layer_values=atlas.layer_values.get((chosen.slug, kind)),
                dark=dark(),
            )
            event: Any = chart(
                figure,
                key=f"heads-map-{kind}",
                on_select="rerun",
                selection_mode="points",
                bar=False,
            )
            _without_the_model(atlas, chosen, kind)
            for point in event.selection.points:
                layer, head = whole(point, "y"), whole(point, "x")
                if layer is not None and head is not None:
                    open_head(context, (kind, layer, head))


def _unsure(atlas: HeadTable, chosen: Metric, kind: str) -> Array | None:
    """[L, H] of a signed metric: heads that cannot be told from zero."""
    if chosen.low is not None:
        return None
    values, errors = atlas.grid(chosen.slug, kind), atlas.error_grid(chosen.slug, kind)
    unsure: Array = np.abs(values) <= Z95 * errors
    return unsure


def _without_the_model(atlas: HeadTable, chosen: Metric, kind: str) -> None:
    """What attention would score that looks at nothing."""
    found = {name: atlas.baseline(chosen.slug, kind, name) for name in BASELINES}
    said = [f"{name} {theme.number(x)}" for name, x in found.items() if np.isfinite(x)]
    if said:
        st.caption(f"For comparison, without looking: {', '.join(said)}")


def _scale(atlas: HeadTable, chosen: Metric) -> tuple[float, float]:
    """One colour scale for all kinds: the measure's range, or what was found where it has none."""
    values = np.concatenate([atlas.grid(chosen.slug, kind).ravel() for kind in KINDS])
    found = values[np.isfinite(values)]
    if chosen.low is None:
        most = max(float(np.abs(found).max()), 1e-3)
        return -most, most
    return chosen.low, max(float(found.max()), 1e-3) if chosen.high is None else chosen.high


def _why_empty(context: RunContext, chosen: Metric) -> str:
    these = worded("these sentences", context.model.reads)
    if chosen.wants and context.model.reads != "text":
        other = "" if context.model.task is None else ": choose an example, or the project's"
        return f"It is not known what is right for {these}{other}."
    if chosen.wants == "reference":
        return (
            f"No right answers are known for {these}. The command "
            "`headlight atlas --references FILE` measures it on pairs of your own."
        )
    if chosen.wants == "alignment":
        return (
            f"No true alignment is known for {these}. Choose “Own text file” and give a file of "
            "gold alignments, or choose a task that knows its own."
        )
    return f"Nothing to measure: no row of {these} counts for “{chosen.title}”."
