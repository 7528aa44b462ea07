"""Break it: leave something out, decode again, and see what that costs."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from headlight.model import Edits, Trace
from headlight.model.analysis.interventions.damage import INPUTS, Damage
from headlight.model.analysis.walk import Cell
from headlight.model.tasks import SyntheticTask

from ... import runtime, selection
from ...components import head_anatomy
from ...components.head_anatomy.payload import picker_payload
from ...labels import worded
from ...markdown import plain
from ...page import before_after, edit_list
from ...page.background import result
from ...page.context import RunContext
from ...page.corpus import corpus
from ...page.present import wide
from .cell import cell_name, choose_head

NAME = "Break it"
LOOK = (
    "The same sentence, decoded again with a part of the model left out. What you switch "
    "off here joins the list of edits and stays off on the other pages."
)
LOOK_FOR = "which tokens change, and whether the damage shows what the missing part was for."

UNIFORM = "uniform"
SWITCHES = {
    "causal_mask": (
        "no causal mask",
        "a row may also look at tokens that were written after it",
    ),
    "positions": ("no positions", "the order is gone: no {token} knows where it stands"),
    "scale": (
        "no 1/√d",
        "scores are larger, so softmax gives the highest even more of the weight",
    ),
    "cross_attention": ("no cross-attention", "the decoder cannot see the source at all"),
    UNIFORM: ("chosen head uniform", "one head looks everywhere equally"),
}


def render(context: RunContext) -> None:
    """The switches, both texts, one head before and after, and the damage on fresh inputs."""
    cell = choose_head(context)
    _switches(context, cell)
    if not edit_list.steps():
        st.info("Nothing is broken yet. Choose something above.", icon=":material/construction:")
    edited = edit_list.edited(context)
    if edited is None:
        before_after.alone(context.trace)
    else:
        before_after.texts(context.trace, edited)
        _head(context.trace, edited, cell)
        _damage(context, edited.edits)


def _switches(context: RunContext, cell: Cell) -> None:
    """Some steps of the list of edits, as switches."""
    items = {name: f"off.{name}" for name in SWITCHES if name != UNIFORM}
    items[UNIFORM] = Edits(uniform={(cell.kind, cell.layer, cell.head)}).to_text()
    skips = {
        Edits(skip={(side, n)}).to_text(): f"{side} L{n}"
        for side in ("encoder", "decoder")
        for n in range(context.model.config.n_layers(f"{side}_self"))
    }
    listed = edit_list.steps()
    broken = [name for name, item in items.items() if item in listed]
    skipped = [item for item in skips if item in listed]
    selection.give("break", broken)
    selection.give("skip", skipped)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills(
            "Decode with",
            list(SWITCHES),
            selection_mode="multi",
            format_func=lambda name: SWITCHES[name][0],
            key="break",
            on_change=_switched,
            args=("break", items),
        )
        st.multiselect(
            "Skip layers",
            list(skips),
            format_func=skips.__getitem__,
            placeholder="none",
            key="skip",
            on_change=_switched,
            args=("skip", {item: item for item in skips}),
            width=wide(260),
        )
    said = [SWITCHES[name][1] for name in broken]
    said += [f"{skips[item]} is skipped: the residual stream is unchanged" for item in skipped]
    if said:
        whole = worded("; ".join(said), context.model.reads)
        st.caption(f"{whole[0].upper()}{whole[1:]}.")


def _switched(key: str, items: Mapping[str, str]) -> None:
    """The list has a step for each switch that is on, and none for the others."""
    if selection.said(key) is None:
        return
    on = [items[name] for name in st.session_state[key] if name in items]
    edit_list.replace([item for item in items.values() if item not in on], on)


def _head(plain_run: Trace, edited: Trace, cell: Cell) -> None:
    """One head on both runs."""
    st.markdown(f"#### {cell_name(cell, plain_run)}, before and after")
    if not edited.edits.causal_mask:
        st.caption(
            "Without the mask a row changes with every further token. This is the last step, with "
            f"all {len(edited.tgt_in)} tokens there."
        )
    if cell.kind == "cross" and not edited.edits.cross_attention:
        st.caption("The broken model still computes these weights but throws away what they bring.")
    for column, trace, note in zip(
        st.columns(2, gap="large"), (plain_run, edited), ("as trained", "broken"), strict=True
    ):
        shown = Cell(
            cell.kind,
            cell.layer,
            cell.head,
            min(cell.query, len(trace.queries(cell.kind)) - 1),
            min(cell.key, len(trace.keys(cell.kind)) - 1),
        )
        with column:
            payload = picker_payload(trace, shown, note)
            head_anatomy.picker(payload, _only_look, key=f"broken-{note}")


def _only_look(_: object) -> None:
    """Here a click chooses nothing."""


def _damage(context: RunContext, edits: Edits) -> None:
    """On demand: what these edits cost on many fresh inputs, in the background."""
    own = runtime.needs_file(context.model)
    what = worded("your sentences", context.model.reads) if own else f"{INPUTS} fresh inputs"
    st.markdown(f"#### The damage on {what}")
    on = corpus(context, "Damage")
    if on is None:
        return
    work = runtime.breaking(context.model, edits, on.text)
    found: Damage | None = result(work, f"Try {what}")
    if found is None:
        made = isinstance(context.model.task, SyntheticTask)
        fresh = ", made with a seed that training never used" if made else ""
        known = f", the first {INPUTS} at most" if own else fresh
        st.caption(
            f"The whole and the broken model answer the same inputs{known}. "
            "This server runs one such test at a time; others wait in line."
        )
        return
    _report(found)


def _report(result: Damage) -> None:
    n = result.total
    columns = st.columns(4)
    if result.right_before is not None and result.right_after is not None:
        before, after = result.right_before / n, result.right_after / n
        columns[0].metric("Exactly right, as trained", f"{before:.1%}")
        columns[1].metric("Exactly right, broken", f"{after:.1%}", f"{after - before:+.1%}")
    else:
        columns[0].metric("Outputs unchanged", f"{result.same / n:.1%}")
    change = result.loss_after - result.loss_before
    columns[2].metric("Loss, as trained", f"{result.loss_before:.3f} nats")
    columns[3].metric(
        "Loss, broken", f"{result.loss_after:.3f} nats", f"{change:+.3f}", delta_color="inverse"
    )
    known = result.right_before is not None
    on = "the right answers" if known else "what the model writes as trained"
    st.caption(f"Loss is the mean −ln p of a target token, on {on}; {n} inputs.")
    if result.examples:
        rows = [f"| {plain(a)} | {plain(b)} | {plain(c)} |" for a, b, c in result.examples]
        st.markdown("\n".join(["| input | as trained | broken |", "|---|---|---|", *rows]))
