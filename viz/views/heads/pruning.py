"""Pruning: heads removed one by one, least important first, beside a random order."""

from __future__ import annotations

import streamlit as st

from headlight.model.analysis.interventions.pruning import Curve, Pruning, n_prunable

from ... import runtime, theme
from ...figures.pruning import pruning_curves
from ...markdown import plain
from ...page.background import result
from ...page.chart import chart
from ...page.context import RunContext

RISE = 0.1
"""Nats per token that count as "hardly worse" in the summary."""


def render(context: RunContext) -> None:
    """Loss and quality over the number of heads removed, and how many can go."""
    st.caption(
        "Heads removed one after the other, the least important first (solid) or in a random order "
        "(dotted). Look for how long a curve stays flat: that many heads are hardly missed."
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
    st.caption(
        f"Measured on {plain(found.what)}; removed heads write zero. Importance is the rise of the "
        "loss with that head alone removed, on other sentences than these. The question is that of "
        "Voita et al. 2019 and Michel et al. 2019."
    )


def _here(context: RunContext) -> Pruning | None:
    """Curves worked out now, for weights that come without them."""
    atlas = runtime.shipped_atlas(context.model)
    if atlas is None:
        st.info("No pruning curves come with these weights; they can be worked out here.")
        work = runtime.measuring(context.model, None, "the project's sentences")
        atlas = result(work, "Metric the importance of every head")
    if atlas is None:
        return None
    found: Pruning | None = result(
        runtime.pruning(context.model, atlas), "Remove the heads one by one"
    )
    return found


def _summary(found: Pruning) -> None:
    """How many heads can go before the loss has risen by `RISE`."""
    rows = []
    for curve in found.curves:
        if curve.order == "importance":
            random = [
                n_prunable(one, RISE)
                for one in found.curves
                if one.heads == curve.heads and one.order != "importance"
            ]
            by_chance = f"{sum(random) / len(random):.1f}" if random else "–"
            rows.append(_row(curve, by_chance))
    st.markdown(
        f"Heads that can go before the loss has risen by more than {RISE:.3f} nats per token:\n\n"
        "| | least important first | random order | of |\n|:--|--:|--:|--:|\n" + "\n".join(rows)
    )


def _row(curve: Curve, by_chance: str) -> str:
    name = theme.KIND_NAMES.get(curve.heads, "All kinds together")
    return f"| {name} | **{n_prunable(curve, RISE)}** | {by_chance} | {len(curve.removed)} |"
