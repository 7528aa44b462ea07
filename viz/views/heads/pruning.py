"""Pruning: heads removed one by one, least sensitive first, beside random orders."""

from __future__ import annotations

import streamlit as st

from headlight.model.analysis.interventions.pruning import RANKED, RISE, Pruning, Spared, spared

from ... import runtime, theme
from ...figures.pruning import pruning_curves
from ...labels import worded
from ...markdown import plain
from ...page.background import result
from ...page.chart import chart
from ...page.context import RunContext
from ...page.corpus import corpus


def render(context: RunContext) -> None:
    """Loss and quality over the number of heads removed, and how many can go."""
    st.caption(
        "Heads removed one after another: the one that matters least first (solid), or in random "
        "order (band: range of several orders, dotted: their mean). Look for how long a curve "
        "stays flat: that many heads are hardly missed."
    )
    found = runtime.shipped_pruning(context.model) or _here(context)
    if found is None or not found.curves:
        return
    loss, quality = st.columns(2)
    for column, what in ((loss, "loss"), (quality, "quality")):
        with column:
            chart(
                pruning_curves(found, what=what),
                key=f"pruning-{what}",
                bar=False,
            )
    _summary(found)
    said = (
        f"Measured on {plain(found.what)}; removed heads put out zero. How much a head matters is "
        "its sensitivity: the rise of the loss on the model's own output with that head alone "
        "removed, measured on other sentences. Quality is measured in that order only. Voita et "
        "al. 2019 and Michel et al. 2019, section 4, asked the same question."
    )
    st.caption(worded(said, context.model.reads))


def _here(context: RunContext) -> Pruning | None:
    """Curves worked out now, for weights that come without them."""
    if not runtime.needs_file(context.model):
        st.info("These weights come without pruning curves. They can be computed here.")
    on = corpus(context, "Pruning")
    if on is None:
        return None
    work = runtime.pruning(context.model, on.text)
    found: Pruning | None = result(work, "Remove the heads one by one")
    return found


def _summary(found: Pruning) -> None:
    """How many heads can go before the loss has risen by `RISE`."""
    kinds = dict.fromkeys(curve.heads for curve in found.curves if curve.order == RANKED)
    rows = [_row(kind, spared(found, kind, RISE)) for kind in kinds]
    st.markdown(
        f"Heads that can go before the loss has risen by more than {RISE:.3f} nats per token:\n\n"
        "| attention | least sensitive first | random orders: mean ± sd (range) | of |\n"
        "|:--|--:|--:|--:|\n" + "\n".join(rows)
    )


def _row(kind: str, one: Spared) -> str:
    name = theme.KIND_NAMES.get(kind, "All kinds together")
    by_chance = "–"
    if one.orders:
        spread = f" ± {one.deviation:.1f}" if one.orders > 1 else ""
        by_chance = f"{one.mean:.1f}{spread} ({one.least}–{one.most})"
    return f"| {name} | **{one.ranked}** | {by_chance} | {one.of} |"
