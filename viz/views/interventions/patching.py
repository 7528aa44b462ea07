"""Patching maps: which part of the run carries what differs between two runs."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from headlight.model import Trace
from headlight.model.analysis.interventions import path
from headlight.model.analysis.interventions.aligned import BY_POSITION
from headlight.model.analysis.interventions.comparison import Comparison, compare
from headlight.model.analysis.interventions.metrics import LOG_PROB, LOGIT
from headlight.model.analysis.interventions.patching import BLOCKS, HEADS, STREAM, PatchingMap
from headlight.model.run.edits import Head

from ... import runtime, selection, theme
from ...figures.patching import block_name, blocks_figure, patching_figure
from ...figures.tokens import axis_labels
from ...markdown import plain
from ...page import before_after
from ...page.background import result
from ...page.chart import chart, dark, whole
from ...page.context import RunContext
from ...page.head_choice import head_in
from ...page.present import presenting, wide
from . import keep, pairing
from .one_head import one_head
from .second import NOISE, Second, second_run
from .target import target

NAME = "Patch from another run"
LOOK = (
    "Each cell is a run of the model with one quantity taken from another run (activation "
    "patching). 0: nothing changes. 1: the whole difference comes over."
)
LOOK_FOR = "the few strong cells: they carry the difference. Press one to see what is written then."

PATHS = "paths"
MAPS = {
    STREAM: "the stream at a position",
    HEADS: "a head",
    BLOCKS: "a block",
    PATHS: "a path from one head",
}
WAYS = {"into": "second → first", "from": "first → second"}
NOISY_WAYS = {"into": "noisy → clean", "from": "clean → noisy"}


class Asked(NamedTuple):
    """What the map is of: the two runs, what one cell is, and for paths the head they begin at."""

    compared: Comparison
    which: str
    sender: Head | None


def render(context: RunContext, first: Trace) -> None:
    """The second run, what is measured, the map, and the text under one patch."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    aside = row.popover("Set up", icon=":material/tune:") if presenting() else row
    try:
        second = second_run(context, first, row, aside)
        if not presenting():
            row = aside = st.container(horizontal=True, vertical_alignment="bottom")
        asked = None if second is None else _asked(context, first, second, row, aside)
    except ValueError as error:
        st.warning(plain(str(error)))
        return
    if second is None or asked is None:
        return
    found: PatchingMap | None = result(
        runtime.patching(context.model, *asked), "Run the map", at_once=True
    )
    if found is None:
        return
    _said(context, asked.compared, found, second)
    chosen = _map(asked, found)
    if presenting():  # beside each other, so that both are in sight
        choice, text = st.columns([1, 2], vertical_alignment="center")
    else:
        choice = text = st.container()
    with choice:
        _choice(asked, found)
    with text:
        _text(context, asked, found, chosen, second)
    keep.button(context, asked.compared, found.cells[chosen], asked.sender, second)


def _asked(
    context: RunContext, first: Trace, second: Second, row: DeltaGenerator, aside: DeltaGenerator
) -> Asked | None:
    """The controls, and what they ask for; `row` takes what a cell is, `aside` the others."""
    way = selection.choice("way_of_patch", list(WAYS), "into")
    into, source = (first, second.trace) if way == "into" else (second.trace, first)
    which = selection.choice("patched", list(MAPS), STREAM)
    sender = None
    with aside:
        _choose("Patch", "way_of_patch", NOISY_WAYS if second.made.kind == NOISE else WAYS, 140)
    with row:
        _choose("Each cell patches", "patched", MAPS, 195)
        if which == PATHS:
            sender = one_head("From head", "sender", first, head_in(context))
    with aside:
        aim = target(context, first, second, into, source)
        paired = BY_POSITION if second.made.kind == NOISE else pairing.control(first)
    hands = pairing.pairings(paired, first, second.trace)
    src, tgt = hands if way == "into" else map(pairing.turned, hands)
    if sender is not None and not path.downstream(context.model, sender):
        st.info("No head comes after this one. Choose an earlier one.")
        return None
    compared = compare(
        context.model,
        into,
        source,
        aim.row,
        metric=aim.metric,
        token=aim.token,
        against=aim.against,
        align=src,
        align_target=tgt,
    )
    return Asked(compared, which, sender)


def _choose(label: str, name: str, options: dict[str, str], width: int) -> None:
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        width=wide(width),
        **selection.widget(name, patch_cell=None),  # another map has other cells
    )


def _said(context: RunContext, compared: Comparison, found: PatchingMap, second: Second) -> None:
    metric = compared.metric
    names = [
        plain(context.model.tokenizer.piece(one).removeprefix("▁") or "▁")
        for one in (metric.token, metric.against)
        if one is not None
    ]
    if metric.name == LOGIT:
        what = f"logit of “{names[0]}” − logit of “{names[-1]}”"
    elif metric.name == LOG_PROB:
        what = f"log p of “{names[0]}”"
    else:
        what = "−KL divergence from the other run's distribution"
    base, goal = theme.number(found.base), theme.number(found.goal)
    output = ""
    if presenting() and not second.made.forced:
        output = f"Second output: {plain(second.trace.output_text)}&emsp;"
    st.markdown(
        f"{output}Output token {compared.row}, {what}: **{base}** without a patch, **{goal}** in "
        f"the run that values come from. {found.done} of {len(found.cells)} patches run."
    )


def _map(asked: Asked, found: PatchingMap) -> int:
    """The map; the place in `found.cells` of the cell that is chosen, in it or in the list."""
    order = _by_share(found)
    chosen = selection.choice("patch_cell", order, order[0])
    if asked.which == BLOCKS:
        chart(blocks_figure(found), key="patch-blocks", bar=False)
    else:
        _figures(asked, found)
    return int(chosen)


def _by_share(found: PatchingMap) -> list[str]:
    """The cells' places, the largest share first."""
    return [str(i) for i in (-abs(found.shares)).argsort(kind="stable")]


def _choice(asked: Asked, found: PatchingMap) -> None:
    """The cells as a list."""
    names = {
        i: f"{_cell_name(asked, found, int(i))}: {theme.number(found.shares[int(i)])}"
        for i in _by_share(found)
    }
    st.selectbox(
        "Patch (largest share first)",
        list(names),
        format_func=names.__getitem__,
        width=wide(420),
        **selection.widget("patch_cell"),
    )


def _figures(asked: Asked, found: PatchingMap) -> None:
    into, row = asked.compared.into, asked.compared.row
    groups = list(dict.fromkeys(cell.where for cell in found.cells))
    for column, group in zip(st.columns(len(groups), gap="medium"), groups, strict=True):
        if asked.which == STREAM:
            tokens = into.src if group == "encoder" else into.tgt_in
            columns, name = axis_labels(tokens), f"{group.capitalize()} stream before each layer"
            columns = columns if group == "encoder" else columns[: row + 1]
        else:
            columns = [f"H{head}" for head in range(into.heads(group))]
            name = theme.KIND_NAMES[group]
        key = f"patch-{asked.which}-{group}"
        with column:
            st.markdown(f"**{name}**")
            chart(
                patching_figure(found, group, columns, dark()),
                key=key,
                bar=False,
                on_select=lambda key=key: _pressed(key),
                selection_mode="points",
            )


def _pressed(key: str) -> None:
    """A cell of a map was pressed."""
    for point in st.session_state[key]["selection"]["points"]:
        if (cell := whole(point, "customdata", -1)) is not None:
            selection.update(patch_cell=cell)
            return


def _cell_name(asked: Asked, found: PatchingMap, i: int) -> str:
    cell = found.cells[i]
    if asked.which == BLOCKS:
        return block_name(cell)
    where = f"{theme.KIND_SHORT.get(cell.where, cell.where)} L{cell.layer}"
    if cell.head is not None:
        return f"{'path to ' if asked.sender else ''}{where} H{cell.head}"
    tokens = asked.compared.into.src if cell.where == "encoder" else asked.compared.into.tgt_in
    assert cell.position is not None
    return f"{where}, {cell.position} · {tokens.surface(cell.position)}"


def _text(
    context: RunContext, asked: Asked, found: PatchingMap, chosen: int, second: Second
) -> None:
    """What the model writes under one patch, freely, and what each token lost."""
    compared = asked.compared
    edits = keep.edits(context.model, compared, found.cells[chosen], asked.sender)
    text = context.text if compared.into.source == context.trace.source else _second(context)
    after = runtime.run(context.model, text, edits=edits)
    before = compared.into
    if second.made.forced and before is second.trace:  # its tokens were given, not written
        before = runtime.run(context.model, text, edits=before.edits)
    before_after.texts(before, after, names=("Without the patch", "With the patch"))
    with st.expander("What each token lost", key="patch-lost", on_change=selection.redraw) as lost:
        if lost.open:
            before_after.losses(
                context.model, text, compared.into, edits, "patch-losses", of="of the patched run"
            )


def _second(context: RunContext) -> str:
    return selection.current()["compare"].strip()
