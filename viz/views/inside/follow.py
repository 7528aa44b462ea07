"""Follow one weight: every step from two tokens to it, and on to the next token."""

from __future__ import annotations

import streamlit as st

from model.analysis.walk import STAGES, Cell, Step, walk
from viz import matrices, theme
from viz.matrices.payload import picker_payload, step_payload
from viz.views.bench import Bench
from viz.views.inside.cell import cell_name, choose_head, choose_tokens, take, token_name
from viz.views.words import plain

NAME = "Follow one weight"
LOOK = "One attention weight, step by step: each formula with this sentence's own numbers."
LOOK_FOR = (
    "the row of scores that becomes a row of weights, and how little or much of the value of one "
    "token reaches the next word."
)


def render(bench: Bench) -> None:
    """The cell, its weight in one sentence, then the steps, stage by stage."""
    cell = choose_head(bench)
    steps = walk(bench.model, bench.trace, cell)
    _headline(bench, cell, steps)
    number = 0
    for stage in STAGES:
        here = [step for step in steps if step.stage == stage]
        if not here:
            continue
        st.subheader(stage, anchor=_anchor(stage), divider="gray")
        for step in here:
            number += 1
            _step(step, number, cell.kind)


def _headline(bench: Bench, cell: Cell, steps: tuple[Step, ...]) -> None:
    trace = bench.trace
    record = trace.attention[cell.kind][cell.layer]
    weight = record.pattern[cell.head, cell.query, cell.key]
    query = token_name(trace.queries(cell.kind), cell.query)
    key = token_name(trace.keys(cell.kind), cell.key)
    left, right = st.columns([2, 3], gap="large")
    with left:
        note = "click a cell to follow it"
        matrices.picker(picker_payload(trace, cell, note), take)
    with right:
        choose_tokens(trace, cell)
        st.markdown(f"#### {query} attends to {key} with a weight of {weight:.3f}")
        order = (
            "before each block (pre-norm)"
            if bench.model.config.norm_first
            else ("after each sum (post-norm)")
        )
        st.markdown(
            f"{cell_name(cell, trace)} · {len(steps)} steps · this model normalizes {order}"
        )
        st.latex(
            r"\operatorname{Attention}(\textcolor{%s}{Q}, \textcolor{%s}{K}, \textcolor{%s}{V}) = "
            r"\operatorname{softmax}\!\left(\frac{\textcolor{%s}{Q}\,\textcolor{%s}{K}^{\top}}"
            r"{\sqrt{d_{\text{head}}}}\right)\textcolor{%s}{V}" % (_ROLES * 2)
        )
        stages = [stage for stage in STAGES if any(step.stage == stage for step in steps)]
        st.markdown(" · ".join(f"[{stage}](#{_anchor(stage)})" for stage in stages))


_ROLES = tuple(theme.ROLE_COLOURS[role] for role in ("query", "key", "value"))


def _step(step: Step, number: int, kind: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        formulas = [rf"$\displaystyle {text}$" for text in (step.formula, step.numbers) if text]
        paragraphs = [f"**{number} · {plain(step.name)}**  \n{plain(step.sentence)}", *formulas]
        st.markdown("\n\n".join(paragraphs))
    with right:
        matrices.step(step_payload(step, kind), key=f"step-{step.key}")


def _anchor(stage: str) -> str:
    return "-".join(stage.lower().replace(",", "").split())
