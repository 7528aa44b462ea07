"""Compare strategies: what each writes for the same text, how probable it is, and how fast."""

from __future__ import annotations

import time
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from headlight.model.decoding import STRATEGIES, Beam, Greedy, Hypothesis, Sampling, Strategy
from headlight.model.decoding.sampling import MAX_SEEDS
from headlight.model.run.tokens import Tokens

from ... import runtime, theme
from ...components.static import style
from ...glossary import glossed
from ...markdown import plain
from ...page.context import RunContext
from . import options
from .steps import start

_TAKES = "times_taken"
DRAWS = 3
"""Samples that are drawn, with seeds that follow each other."""


def draw(context: RunContext, top: DeltaGenerator) -> None:
    """The table, and the options of what stands in it.

    Args:
        top: the row above, which takes the options.
    """
    kept = start(context)
    with top.popover("Options", icon=":material/tune:"):
        sampling, beam, wrong = _options()
    top.button("Measure the speed again", icon=":material/timer:", on_click=_time_again)
    for sentence in wrong:
        st.warning(plain(sentence))
    own = context.model.strategy
    own_first = [] if isinstance(own, Greedy) else [own]
    asked: list[Strategy] = [Greedy(), *_draws(sampling), beam]
    others = [one() for one in STRATEGIES.values() if one not in map(type, asked)]
    strategies: list[Strategy] = [*own_first, *asked, *others]
    st.caption(
        glossed(
            "What each strategy writes here; bold from where it differs from greedy. Look "
            "for: beam search usually finds a text at least as probable as greedy; sampling finds "
            "less probable, more varied ones."
        )
    )
    if kept.current:
        forced = context.model.write(kept.current, context.trace.src).text
        st.caption(f"All begin with the forced “{plain(forced)}”.")
    rows = [
        row
        for strategy in strategies
        for row in _rows(context, strategy, kept.current, _times_taken())
    ]
    st.html(style("compare"))
    with st.container(key="strategies"):
        st.table({name: [row[name] for row in rows] for name in rows[0]}, hide_index=True)
    st.caption(
        glossed(
            "log p: the tokens' log-probabilities under the model added up, in nats, before "
            "temperature, top-k or top-p; the end, <eos>, counts as a token. Tokens per second: "
            f"measured on this server just now, encoder included, the median of {runtime.RUNS} "
            "runs, one at a time."
        )
    )


def _time_again() -> None:
    st.session_state[_TAKES] = _times_taken() + 1


def _times_taken() -> int:
    """A number that is new in each session, and whenever decoding is to be timed anew."""
    count: int = st.session_state.setdefault(_TAKES, time.time_ns())
    return count


def _options() -> tuple[Sampling, Beam, list[str]]:
    """Both strategies that have options, and a sentence for each whose options cannot be used."""
    wrong = []
    st.markdown("**Sampling**")
    try:
        sampling = options.sampling_options()
    except ValueError as error:
        sampling = Sampling()
        wrong.append(f"{error} Shown instead: {sampling.label}.")
    st.markdown("**Beam search**")
    try:
        beam = options.beam_options()
    except ValueError as error:
        beam = Beam()
        wrong.append(f"{error} Shown instead: {beam.label}.")
    return sampling, beam, wrong


def _draws(sampling: Sampling) -> list[Sampling]:
    """The same sampling with seeds that follow each other."""
    seeds = range(sampling.seed, min(sampling.seed + DRAWS, MAX_SEEDS))
    return [replace(sampling, seed=seed) for seed in seeds]


def _rows(
    context: RunContext, strategy: Strategy, prefix: tuple[int, ...], take: int
) -> list[dict[str, str]]:
    """One row for each text that a strategy hands back."""
    loaded = context.model
    speed = runtime.timed(loaded, context.text, strategy, prefix, take)
    first = speed.hypothesis
    best = first.tree.best if first.tree else (first,)
    return [
        {
            "Strategy": plain(strategy.label) + (f", number {n + 1}" if len(best) > 1 else ""),
            "Text": _text(context, one),
            "log p (nats)": theme.number(one.log_prob),
            "log p per token": theme.number(one.log_prob / len(one.ids)),
            "Tokens": f"{len(one.ids)}" + ("" if one.finished else ", cut off"),
            "Tokens per second": f"{len(one.ids) / speed.seconds:,.0f}" if n == 0 else "",
        }
        for n, one in enumerate(best)
    ]


def _text(context: RunContext, one: Hypothesis) -> str:
    """The text, in bold from where it differs from greedy."""
    tokens: Tokens = context.model.write(one.ids, context.trace.src)
    pairs = zip(one.ids, context.trace.tgt_out.ids, strict=False)
    step = next((t for t, (a, b) in enumerate(pairs) if a != b), None)
    if step is None:
        return plain(tokens.text)
    at = tokens.spans[step][0]
    same, other = tokens.text[:at], tokens.text[at:].strip()
    return plain(same) + (f"**{plain(other)}**" if other else "")
