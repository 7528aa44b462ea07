"""Follow one weight: every step from two tokens to it, and on to the next token."""

from __future__ import annotations

import streamlit as st

from headlight.model.analysis.walk import Cell, Place, Step

from ... import runtime, selection, theme
from ...components import head_anatomy
from ...components.head_anatomy.payload import picker_payload, step_payload
from ...explain import STAGES, explain
from ...labels import row_phrase, token_names
from ...markdown import plain
from ...page.context import RunContext
from .cell import ROLES, cell_name, choose_head, choose_tokens, coloured, equation, take

NAME = "Follow one weight"
LOOK = "One attention weight, step by step: each formula with the numbers that the model computed."
LOOK_FOR = (
    "the row of scores that becomes a row of weights, and how much of one {token}'s value reaches "
    "the next word."
)

HEART, ALL = "heart", "all"
OPEN_AT_FIRST = ("score", "weight")


def render(context: RunContext) -> None:
    """The cell, its weight in one sentence, then the steps, stage by stage."""
    cell = choose_head(context)
    steps = runtime.walk(context.model, context.trace, cell)
    everything = selection.choice("stages", [HEART, ALL], HEART) == ALL
    _headline(context, cell, steps)
    for stage in STAGES:
        numbered = [(n, step) for n, step in enumerate(steps, 1) if step.stage == stage]
        if numbered:
            _stage(Place(context.model, context.trace, cell), stage, numbered, everything)


def _stage(place: Place, stage: str, steps: list[tuple[int, Step]], everything: bool) -> None:
    """A fold; closed ones are not computed."""
    first, last = steps[0][0], steps[-1][0]
    opened = everything or stage in OPEN_AT_FIRST
    numbers = f"steps {first} to {last}" if last > first else f"step {first}"
    fold = st.expander(
        f"**{STAGES[stage]}** · {numbers}",
        expanded=opened,
        key=f"stage-{stage}-{everything}",
        on_change=selection.redraw,
    )
    if fold.open:
        with fold:
            for number, step in steps:
                _step(place, step, number)


def _headline(context: RunContext, cell: Cell, steps: tuple[Step, ...]) -> None:
    trace = context.trace
    record = trace.attention[cell.kind][cell.layer]
    weight = record.pattern[cell.head, cell.query, cell.key]
    phrase = plain(row_phrase(trace, cell.kind, cell.query))
    key = plain(token_names(trace.keys(cell.kind))[cell.key])
    left, right = st.columns([2, 3], gap="large")
    with left:
        note = "click a cell to follow it"
        head_anatomy.picker(picker_payload(trace, cell, note), take)
    with right:
        choose_tokens(trace, cell)
        st.markdown(f"### {phrase}, this head reads “{key}”: {plain(theme.probability(weight))}")
        order = (
            "before each block (pre-norm)"
            if context.model.config.norm_first
            else ("after each sum (post-norm)")
        )
        st.markdown(f"{cell_name(cell, trace)} · this model normalizes {order}")
        query, keys, value = (
            coloured(role, letter) for role, letter in zip(ROLES, "QKV", strict=True)
        )
        st.latex(
            rf"\operatorname{{Attention}}({query}, {keys}, {value}) = "
            + equation(trace, cell, r"d_{\text{head}}")
        )
        st.segmented_control(
            "Stages",
            [HEART, ALL],
            format_func={HEART: "score and weight", ALL: f"all {len(steps)} steps"}.__getitem__,
            **selection.widget("stages"),
            required=True,
            label_visibility="collapsed",
        )


def _step(place: Place, step: Step, number: int) -> None:
    said = explain(place, step)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        formulas = [rf"$\displaystyle {text}$" for text in (said.formula, said.numbers) if text]
        paragraphs = [f"**{number} · {plain(said.title)}**  \n{plain(said.sentence)}", *formulas]
        st.markdown("\n\n".join(paragraphs))
    with right:
        head_anatomy.step(step_payload(step, place.cell.kind, place.keys), key=f"step-{step.key}")
