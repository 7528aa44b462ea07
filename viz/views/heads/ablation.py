"""Ablation lab: switch heads off and see what the sentence, and a corpus, lose."""

from __future__ import annotations

import streamlit as st

from headlight.model import Trace
from headlight.model.analysis.interventions import recipes
from headlight.model.analysis.interventions.ablation import LossRise, differing
from headlight.model.network.config import KINDS
from headlight.model.run.edits import Edits, Head

from ... import runtime, selection, theme
from ...components.static import style
from ...labels import worded
from ...markdown import plain
from ...page import before_after, edit_list
from ...page.background import result
from ...page.context import RunContext
from ...page.corpus import corpus
from ...page.wording import marked

ALL = "all"
ZERO, MEAN = "zero", "mean"


def render(context: RunContext) -> None:
    """The grid of switches, then what changed."""
    said = (
        "Every head is a switch. Press heads to turn them off, and the sentence is decoded again. "
        "Look for heads that the output does not need, and for those it cannot do without."
    )
    st.caption(worded(said, context.model.reads))
    st.html(style("heads"))
    how = _silenced_by(context)
    with st.container(key="head-switches"):
        heads = _grid(context.trace, how)
    edits = edit_list.in_force(context)
    if not edits:
        edit_list.show(context.trace)
        st.caption("All heads are on. Press one to turn it off.")
        return
    try:
        after = runtime.run(context.model, context.text, edits=edits)
    except ValueError as error:
        st.warning(plain(str(error)))
        edit_list.show(context.trace)
        return
    edit_list.show(after)
    _outputs(context, after, heads)
    before_after.losses(context.model, context.text, context.trace, edits, "lab-losses")
    _corpus(context, edits)


def _grid(trace: Trace, how: str) -> list[Head]:
    """The heads that are switched off."""
    listed = edit_list.steps()
    off = [one for one in _heads(trace) if set(_items(one).values()) & set(listed)]
    for column, kind in zip(st.columns(3), KINDS, strict=True):
        with column:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{theme.KIND_SHORT[kind].capitalize()}**")
                st.button(
                    "all on or off",
                    key=f"whole-{kind}",
                    on_click=_switch,
                    args=(off, [one for one in _heads(trace) if one[0] == kind], how),
                    type="tertiary",
                )
            for layer in range(trace.n_layers(kind)):
                _layer(off, [one for one in _heads(trace) if one[:2] == (kind, layer)], how)
    return off


def _layer(off: list[Head], heads: list[Head], how: str) -> None:
    """The switches of one layer."""
    kind, layer, _ = heads[0]
    names = [f"H{head}" for *_, head in heads]
    key = f"off_{kind}_{layer}"
    selection.give(key, [name for name, one in zip(names, heads, strict=True) if one in off])
    st.pills(
        f"L{layer}",
        [*names, ALL],
        selection_mode="multi",
        wrap=True,
        width="stretch",
        key=key,
        on_change=_pressed,
        args=(key, off, heads, how),
    )


def _heads(trace: Trace) -> list[Head]:
    return [
        (kind, layer, head)
        for kind in KINDS
        for layer in range(trace.n_layers(kind))
        for head in range(trace.heads(kind))
    ]


def _items(head: Head) -> dict[str, str]:
    """The steps of the list that silence a head, one for each way."""
    return {ZERO: Edits(ablate={head}).to_text(), MEAN: recipes.Mean(head).to_text()}


def _pressed(key: str, off: list[Head], heads: list[Head], how: str) -> None:
    """A switch of one layer was pressed; `all` switches it off, or on again when it is off."""
    if selection.said(key) is None:
        return
    chosen = st.session_state[key] or []
    if ALL in chosen:
        _switch(off, heads, how)
    else:
        _select(heads, [one for one in heads if f"H{one[2]}" in chosen], how)


def _switch(off: list[Head], heads: list[Head], how: str) -> None:
    """Switch these heads off, or on again when all of them are."""
    _select(heads, [] if set(heads) <= set(off) else heads, how)


def _select(heads: list[Head], off: list[Head], how: str) -> None:
    """Of these heads exactly those in `off` are silenced by a step of the list."""
    listed = edit_list.steps()
    on = [one for one in heads if one not in off]
    gone = [item for one in on for item in _items(one).values()]
    new = [_items(one)[how] for one in off if not set(_items(one).values()) & set(listed)]
    edit_list.replace(gone, new)


def _silenced_by(context: RunContext) -> str:
    """What replaces a head's output: of those that are off, and of those that will be."""
    said = (
        "Zero also removes what the head always adds; its mean removes only what it says about "
        "this sentence."
    )
    how = selection.choice("silenced_by", [ZERO, MEAN], ZERO)
    st.segmented_control(
        "A head that is off puts out",
        [ZERO, MEAN],
        format_func={ZERO: "zero", MEAN: "its mean over the corpus"}.__getitem__,
        required=True,
        help=worded(said, context.model.reads),
        **{
            **selection.widget("silenced_by"),
            "on_change": _other_way,
            "args": (_heads(context.trace),),
        },
    )
    if how == ZERO or runtime.means(context.model) is not None:
        return how
    on = corpus(context, "A head's mean")
    if on is None:
        return ZERO
    work = runtime.measuring_means(context.model, on)
    if result(work, "Measure the means", at_once=True) is None:
        st.caption("Heads can be set to their means once these are measured.")
        return ZERO
    return how


def _other_way(heads: list[Head]) -> None:
    """Heads that are off change over to the other way."""
    if (how := selection.said("silenced_by")) is None:
        return
    selection.update(silenced_by=how)
    listed = edit_list.steps()
    other = MEAN if how == ZERO else ZERO
    changing = [one for one in heads if _items(one)[other] in listed]
    edit_list.replace(
        [_items(one)[other] for one in changing], [_items(one)[how] for one in changing]
    )


def _outputs(context: RunContext, after: Trace, heads: list[Head]) -> None:
    """Old and new text."""
    old, new = differing(context.trace.tgt_out, after.tgt_out)
    number = f"{len(heads)} head{'s' if len(heads) > 1 else ''}"
    others = len(edit_list.steps()) > len(heads)
    without = f"Without {number}{' and with the other edits' if others else ''}"
    st.markdown(
        f"**Whole model**  {marked(context.trace.tgt_out, old)}  \n"
        f"**{without if heads else 'Edited'}**  {marked(after.tgt_out, new)}"
    )
    st.caption(
        "The output stays the same."
        if not any(old) and not any(new)
        else f":orange-background[Marked] tokens differ: {sum(old)} of the old, "
        f"{sum(new)} of the new."
    )


def _corpus(context: RunContext, edits: Edits) -> None:
    on = corpus(context, "Δ loss")
    if on is None:
        return
    work = runtime.damaging(context.model, edits, on.text)
    damage: LossRise | None = result(work, f"Measure the loss on {plain(on.name)}")
    if damage is not None:
        rise = f"{damage.rise:+.3f}".replace("-", "−")
        said = (
            f"On {damage.sentences:,} sentences ({damage.tokens:,} tokens, as the whole model "
            f"writes them), the loss goes from {damage.whole:.3f} to {damage.changed:.3f} nats per "
            f"token (**{rise}**)."
        )
        st.markdown(worded(said, context.model.reads))
