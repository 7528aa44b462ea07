"""Which strategy writes, and with which options; what cannot be used is said in a sentence."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.decoding import Beam, Greedy, Sampling, Strategy
from viz import state
from viz.views.words import plain

GREEDY, SAMPLING, BEAM = "greedy", "sampling", "beam"
NAMES = {GREEDY: "Greedy", SAMPLING: "Sampling", BEAM: "Beam search"}
NOTES = {
    GREEDY: "The most probable token at every step.",
    SAMPLING: "Every token is drawn at random, the more probable ones more often.",
    BEAM: "Several texts grow side by side; the most probable ones stay.",
}


def pick(place: DeltaGenerator) -> Strategy:
    """The chosen strategy, or the last one whose options could be used.

    Args:
        place: the row that takes the widgets.
    """
    _check_address()
    state.start_with(state.STRATEGY, NAMES, GREEDY)
    chosen = place.segmented_control(
        "Strategy",
        list(NAMES),
        format_func=NAMES.__getitem__,
        required=True,
        key=state.STRATEGY,
        width="content",
    )
    name = chosen or GREEDY
    state.show_in_address(state.STRATEGY, name, GREEDY)
    try:
        made = _made(name, place)
    except ValueError as error:
        last = state.last_strategy() or Greedy()
        st.warning(f"{plain(str(error))} Below is still: {plain(last.label)}.")
        return last
    state.keep_strategy(made)
    st.caption(f"{NOTES[name]} Shown: {plain(made.label)}." if name != GREEDY else NOTES[name])
    return made


def _made(name: str, place: DeltaGenerator) -> Strategy:
    """The strategy with its options, which are folded."""
    if name == GREEDY:
        return Greedy()
    if name == SAMPLING:
        place.button("Draw again", icon=":material/casino:", on_click=state.next_seed)
    with place.popover("Options", icon=":material/tune:"):
        return sampling_options() if name == SAMPLING else beam_options()


def sampling_options() -> Sampling:
    """Widgets for sampling. They have no limits of their own, so that a mistake gets a sentence.

    Raises:
        ValueError: an option out of range.
    """
    temperature = st.number_input(
        "Temperature",
        value=1.0,
        step=0.1,
        format="%.2f",
        key=state.TEMPERATURE,
        bind="query-params",
        help="Divides the scores before softmax: below 1 sharper, above 1 flatter.",
    )
    top_k = st.number_input(
        "top-k",
        value=0,
        step=1,
        key=state.TOP_K,
        bind="query-params",
        help="Only the k most probable tokens stay; 0 keeps all.",
    )
    top_p = st.number_input(
        "top-p",
        value=1.0,
        step=0.05,
        format="%.2f",
        key=state.TOP_P,
        bind="query-params",
        help="Only the fewest tokens that together have this probability stay; 1 keeps all.",
    )
    seed = st.number_input(
        "Seed",
        value=0,
        step=1,
        key=state.SEED,
        bind="query-params",
        help="The same seed draws the same tokens.",
    )
    return Sampling(temperature, top_k, top_p, seed)


def beam_options() -> Beam:
    """Widgets for beam search.

    Raises:
        ValueError: an option out of range.
    """
    size = st.number_input(
        "Beam",
        value=5,
        step=1,
        key=state.BEAM,
        bind="query-params",
        help="Texts that grow side by side.",
    )
    penalty = st.number_input(
        "Length penalty",
        value=0.6,
        step=0.1,
        format="%.2f",
        key=state.PENALTY,
        bind="query-params",
        help="0 compares log-probabilities as they are; more favours longer texts.",
    )
    n_best = st.number_input(
        "n best",
        value=1,
        step=1,
        key=state.N_BEST,
        bind="query-params",
        help="How many texts it hands back: marked #1, #2, … in the tree.",
    )
    return Beam(size, penalty, n_best)


def _check_address() -> None:
    """Say which options of a link are no numbers; their widgets would drop them silently."""
    for name in (state.TEMPERATURE, state.TOP_K, state.TOP_P, state.SEED):
        _must_be_number(name)
    for name in (state.BEAM, state.PENALTY, state.N_BEST):
        _must_be_number(name)
    asked = state.asked(state.STRATEGY)
    if asked is not None and asked not in NAMES:
        st.warning(
            f"There is no strategy “{plain(asked[:40])}”. There are: {', '.join(NAMES)}. "
            "Here is greedy."
        )


def _must_be_number(name: str) -> None:
    asked = state.asked(name)
    if asked is None:
        return
    try:
        float(asked)
    except ValueError:
        st.warning(
            f"“{plain(asked[:40])}” is no number for {plain(name)}; its usual value is used."
        )
