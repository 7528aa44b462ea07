"""Ablation lab: switch heads off and see what the sentence, and a corpus, lose."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from headlight.model import Trace
from headlight.model.analysis.interventions.ablation import (
    LossRise,
    change,
    differing,
    switched_off,
)
from headlight.model.decoding import Given, Hypothesis
from headlight.model.network.config import KINDS
from headlight.model.run.edits import Edits, Head

from ... import runtime, selection, theme
from ...figures.signed_bars import signed_bars
from ...figures.tokens import axis_labels
from ...markdown import plain
from ...page import edit_list
from ...page.background import result
from ...page.chart import chart
from ...page.context import RunContext
from ...page.wording import marked

ALL = "all"
ZERO, MEAN = "zero", "mean"


def render(context: RunContext) -> None:
    """The grid of switches, then what changed."""
    st.caption(
        "Every head of the model as a switch. Press heads to silence them: the sentence is decoded "
        "again at once. Look for heads the output doesn't need, and those it does."
    )
    st.html(Path(__file__).with_name("heads.css"))
    with st.container(key="head-switches"):
        heads = _grid(context)
    means = _silenced_by(context)
    own = switched_off(heads, means)
    edits = edit_list.joined(context.model, context.trace, own)
    if not edits:
        st.markdown(f"**Output**  {plain(context.trace.output_text)}")
        st.caption("All heads are on. Press one above.")
        return
    _outputs(context, edits, heads)
    _corpus(context, edits)


def _grid(context: RunContext) -> list[Head]:
    """The heads that are switched off."""
    trace = context.trace
    off = _switched_off(trace)
    for column, kind in zip(st.columns(3), KINDS, strict=True):
        with column:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{theme.KIND_SHORT[kind].capitalize()}**")
                st.button(
                    "whole kind",
                    key=f"whole-{kind}",
                    on_click=_switch,
                    args=(off, [one for one in _heads(trace) if one[0] == kind]),
                    type="tertiary",
                )
            for layer in range(trace.n_layers(kind)):
                _layer(off, [one for one in _heads(trace) if one[:2] == (kind, layer)])
    return off


def _layer(off: list[Head], heads: list[Head]) -> None:
    """The switches of one layer."""
    kind, layer, _ = heads[0]
    names = [f"H{head}" for *_, head in heads]
    key = f"off_{kind}_{layer}"
    st.session_state[key] = [name for name, one in zip(names, heads, strict=True) if one in off]
    st.pills(
        f"L{layer}, switched off",
        [*names, ALL],
        selection_mode="multi",
        wrap=True,
        width="stretch",
        key=key,
        on_change=_pressed,
        args=(key, off, heads),
    )


def _heads(trace: Trace) -> list[Head]:
    return [
        (kind, layer, head)
        for kind in KINDS
        for layer in range(trace.n_layers(kind))
        for head in range(trace.n_heads)
    ]


def _switched_off(trace: Trace) -> list[Head]:
    """What the selection says; `cross.0.all` is a whole layer."""
    names = {_name(head): head for head in _heads(trace)}
    layers = dict.fromkeys(f"{kind}.{layer}.{ALL}" for kind, layer, _ in names.values())
    chosen = selection.several("off", [*names, *layers], [])
    return [
        head
        for name, head in names.items()
        if name in chosen or f"{head[0]}.{head[1]}.{ALL}" in chosen
    ]


def _name(head: Head) -> str:
    return ".".join(str(part) for part in head)


def _pressed(key: str, off: list[Head], heads: list[Head]) -> None:
    """A switch of one layer was pressed; `all` switches it off, or on again when it is off."""
    chosen = st.session_state[key] or []
    if ALL in chosen:
        _switch(off, heads)
    else:
        _select(
            [one for one in off if one not in heads] + [h for h in heads if f"H{h[2]}" in chosen]
        )


def _switch(off: list[Head], heads: list[Head]) -> None:
    """Switch these heads off, or on again when all of them are."""
    others = [one for one in off if one not in heads]
    _select(others if set(heads) <= set(off) else [*others, *heads])


def _select(off: list[Head]) -> None:
    selection.update(off=[_name(head) for head in off])


def _silenced_by(context: RunContext) -> Mapping[Head, tuple[float, ...]] | None:
    """The means to use in place of zero; None for zero."""
    atlas = runtime.shipped_atlas(context.model)
    how = selection.choice("silenced_by", [ZERO, MEAN], ZERO)
    st.segmented_control(
        "Replace head output with",
        [ZERO, MEAN],
        format_func={ZERO: "zero", MEAN: "its mean over the corpus"}.__getitem__,
        required=True,
        help="Zero takes away what the head always adds, too; the mean takes away only what it "
        "says about this sentence.",
        **selection.widget("silenced_by"),
    )
    if how == ZERO:
        return None
    if atlas is None:
        work = runtime.measuring(context.model, None, "the project's sentences")
        atlas = result(work, "Measure the means", at_once=True)
    if atlas is None:
        st.caption("Until the means are there, the heads' output is replaced with zero.")
        return None
    return atlas.means


def _outputs(context: RunContext, edits: Edits, heads: list[Head]) -> None:
    """Old and new text, and what each original token lost."""
    after = runtime.run(context.model, context.text, edits=edits)
    forced = runtime.run(context.model, context.text, strategy=_same(context.trace), edits=edits)
    old, new = differing(context.trace.tgt_out, after.tgt_out)
    number = f"{len(heads)} head{'s' if len(heads) > 1 else ''}"
    without = f"Without {number}" if heads else "Edited"
    st.markdown(
        f"**Whole model**  {marked(context.trace.tgt_out, old)}  \n"
        f"**{without}**  {marked(after.tgt_out, new)}"
    )
    st.caption(
        "Both write the same."
        if not any(old) and not any(new)
        else f":orange-background[Marked] tokens differ: {sum(old)} of the old, "
        f"{sum(new)} of the new."
    )
    _losses(context.trace, forced)


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


def _corpus(context: RunContext, edits: Edits) -> None:
    damage: LossRise | None = result(
        runtime.damaging(context.model, edits, None), "Δ loss on the project's sentences"
    )
    if damage is not None:
        st.markdown(
            f"On {damage.sentences:,} sentences ({damage.tokens:,} tokens, as the whole model "
            f"writes them) the loss goes from {damage.whole:.3f} to {damage.changed:.3f}: "
            f"**{damage.rise:+.3f} nats per token**."
        )
