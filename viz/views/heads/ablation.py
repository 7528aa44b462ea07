"""Ablation lab: switch heads off and see what the sentence, and a corpus, lose."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from headlight.model import Trace
from headlight.model.analysis.interventions.ablation import (
    LossRise,
    change,
    differing,
    switched_off,
)
from headlight.model.decoding import Given, Hypothesis
from headlight.model.run.edits import Edits, Head
from headlight.model.run.trace import KINDS

from ... import address, runtime, state, theme
from ...figures.signed_bars import signed_bars
from ...figures.tokens import axis_labels
from ..bench import Bench
from ..chart import chart
from ..words import marked, plain
from .work import result

ALL = "all"
ZERO, MEAN = "zero", "mean"

STYLE = """<style>
.st-key-head-switches [data-testid=stButtonGroup] > div { gap: 2px; }
.st-key-head-switches [data-testid=stButtonGroup] button
  { flex: 1 0 1.45rem; max-width: 3rem; min-width: 0; padding: 0; justify-content: center; }
</style>"""
"""A layer's switches share one line; more than nine of them wrap where it is narrow."""


def render(bench: Bench) -> None:
    """The grid of switches, then what changed."""
    st.caption(
        "Every head of the model as a switch. Press heads to silence them: the sentence is decoded "
        "again at once. Look for heads that nobody misses, and for the few that cannot go."
    )
    st.html(STYLE)
    with st.container(key="head-switches"):
        heads = _grid(bench)
    means = _silenced_by(bench)
    edits = switched_off(heads, means)
    if not heads:
        st.markdown(f"**Output**  {plain(bench.trace.output_text)}")
        st.caption("All heads are on. Press one above.")
        return
    _outputs(bench, edits, heads)
    _corpus(bench, edits)


def _grid(bench: Bench) -> list[Head]:
    """The heads that are switched off."""
    off: list[Head] = []
    n_heads = bench.trace.n_heads
    _look_over_link(bench, [f"H{head}" for head in range(n_heads)])
    for column, kind in zip(st.columns(3), KINDS, strict=True):
        with column:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{theme.KIND_SHORT[kind].capitalize()}**")
                st.button(
                    "whole kind",
                    key=f"whole-{kind}",
                    on_click=_switch_kind,
                    args=(kind, bench.trace.n_layers(kind), n_heads),
                    type="tertiary",
                )
            for layer in range(bench.trace.n_layers(kind)):
                key = state.off_key(kind, layer)
                chosen = st.pills(
                    f"L{layer}, switched off",
                    [*(f"H{head}" for head in range(n_heads)), ALL],
                    selection_mode="multi",
                    wrap=True,
                    width="stretch",
                    key=key,
                    bind="query-params",
                    on_change=_switch_layer,
                    args=(key, n_heads),
                )
                off += [
                    (kind, layer, head)
                    for head in range(n_heads)
                    if f"H{head}" in chosen or ALL in chosen
                ]
    return off


def _look_over_link(bench: Bench, heads: list[str]) -> None:
    """Tell of switches in the link for layers or heads that this model does not have."""
    layers = [state.off_key(kind, i) for kind in KINDS for i in range(bench.trace.n_layers(kind))]
    for name in address.linked_names(state.OFF):
        address.check_set(name, [*heads, ALL] if name in layers else [])


def _switch_layer(key: str, n_heads: int) -> None:
    """`all` switches a whole layer off, or on again when it is off."""
    chosen = state.switched(key)
    if ALL in chosen:
        every = [f"H{head}" for head in range(n_heads)]
        state.switch(key, [] if set(every) <= set(chosen) else every)


def _switch_kind(kind: str, n_layers: int, n_heads: int) -> None:
    every = [f"H{head}" for head in range(n_heads)]
    keys = [state.off_key(kind, layer) for layer in range(n_layers)]
    whole = all(set(every) <= set(state.switched(key)) for key in keys)
    for key in keys:
        state.switch(key, [] if whole else list(every))


def _silenced_by(bench: Bench) -> Mapping[Head, tuple[float, ...]] | None:
    """The means to use in place of zero; None for zero."""
    atlas = runtime.shipped_atlas(bench.model)
    how = address.placed(state.SILENCED_BY, [ZERO, MEAN], ZERO)
    st.segmented_control(
        "A silenced head writes",
        [ZERO, MEAN],
        format_func={ZERO: "nothing (zero)", MEAN: "its mean over the corpus"}.__getitem__,
        required=True,
        help="Zero takes away what the head always adds, too; the mean takes away only what it "
        "says about this sentence.",
        **address.placing(state.SILENCED_BY),
    )
    if how == ZERO:
        return None
    if atlas is None:
        work = runtime.measuring(bench.model, None, "the project's sentences")
        atlas = result(work, "Metric the means", at_once=True)
    if atlas is None:
        st.caption("Until the means are there, silenced heads write nothing.")
        return None
    return atlas.means


def _outputs(bench: Bench, edits: Edits, heads: list[Head]) -> None:
    """Old and new text, and what each original token lost."""
    after = runtime.run(bench.model, bench.text, edits=edits)
    forced = runtime.run(bench.model, bench.text, strategy=_same(bench.trace), edits=edits)
    old, new = differing(bench.trace.tgt_out, after.tgt_out)
    number = f"{len(heads)} head{'s' if len(heads) > 1 else ''}"
    st.markdown(
        f"**Whole model**  {marked(bench.trace.tgt_out, old)}  \n"
        f"**Without {number}**  {marked(after.tgt_out, new)}"
    )
    st.caption(
        "Both write the same."
        if not any(old) and not any(new)
        else f":orange-background[Marked] tokens differ: {sum(old)} of the old, "
        f"{sum(new)} of the new."
    )
    _losses(bench.trace, forced)


def _same(trace: Trace) -> Given:
    """Writes exactly what the trace wrote."""
    return Given(Hypothesis(trace.tgt_out.ids, 0.0, trace.finished), "given")


def _losses(before: Trace, forced: Trace) -> None:
    delta = change(before, forced)
    chart(
        signed_bars(delta, axis_labels(before.tgt_out), title="Δ log p, nats", height=250),
        key="lab-losses",
        bar=False,
    )
    st.caption(
        "Change of the log-probability of each token that the whole model wrote, given the same "
        f"tokens before it; in all {delta.sum():+.3f} nats. Below zero the token got less likely."
    )


def _corpus(bench: Bench, edits: Edits) -> None:
    damage: LossRise | None = result(
        runtime.damaging(bench.model, edits, None), "Δ loss on the project's sentences"
    )
    if damage is not None:
        st.markdown(
            f"On {damage.sentences:,} sentences ({damage.tokens:,} tokens, as the whole model "
            f"writes them) the loss goes from {damage.whole:.3f} to {damage.changed:.3f}: "
            f"**{damage.rise:+.3f} nats per token**."
        )
