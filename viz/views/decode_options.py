"""Which strategy writes, and with which options; what cannot be used is said in a sentence."""

from __future__ import annotations

import math

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from headlight.model.decoding import Beam, Greedy, Sampling, Strategy
from headlight.model.decoding.beam import LARGEST, STRONGEST
from headlight.model.decoding.sampling import COLDEST, HOTTEST, MOST_SEEDS

from .. import address, state
from .words import plain

GREEDY, SAMPLING, BEAM = "greedy", "sampling", "beam"
NAMES = {GREEDY: "Greedy", SAMPLING: "Sampling", BEAM: "Beam search"}
MOST_KEPT = 1_000_000
"""The largest top-k of a link: more than any vocabulary has."""
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
    name = address.placed(state.STRATEGY, list(NAMES), GREEDY)
    place.segmented_control(
        "Strategy",
        list(NAMES),
        format_func=NAMES.__getitem__,
        required=True,
        width="content",
        **address.placing(state.STRATEGY),
    )
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
        place.button("Draw again", icon=":material/casino:", on_click=_next_seed)
    with place.popover("Options", icon=":material/tune:"):
        return sampling_options() if name == SAMPLING else beam_options()


def take_from_address() -> None:
    """Give every option what a link or its last use says; what is not allowed is told of.

    Also those that are not on the page just now: a link is told of once, as a whole.
    """
    address.linked(state.STRATEGY, NAMES)
    address.placed_number(state.TEMPERATURE, 1.0, COLDEST, HOTTEST)
    address.placed_number(state.TOP_K, 0, 0, MOST_KEPT)
    address.placed_number(state.TOP_P, 1.0, math.ulp(0), 1, allowed="above 0, up to 1")
    address.placed_number(state.SEED, 0, 0, MOST_SEEDS - 1)
    size = address.placed_number(state.BEAM, 5, 1, LARGEST)
    address.placed_number(state.PENALTY, 0.6, 0, STRONGEST)
    address.placed_number(state.N_BEST, 1, 1, size)


def sampling_options() -> Sampling:
    """Widgets for sampling. They have no limits of their own, so that a mistake gets a sentence.

    Raises:
        ValueError: an option out of range.
    """
    temperature = st.number_input(
        "Temperature",
        step=0.1,
        format="%.2f",
        help="Divides the scores before softmax: below 1 sharper, above 1 flatter.",
        **address.placing(state.TEMPERATURE),
    )
    top_k = st.number_input(
        "top-k",
        step=1,
        help="Only the k most probable tokens stay; 0 keeps all.",
        **address.placing(state.TOP_K),
    )
    top_p = st.number_input(
        "top-p",
        step=0.05,
        format="%.2f",
        help="Only the fewest tokens that together have this probability stay; 1 keeps all.",
        **address.placing(state.TOP_P),
    )
    seed = st.number_input(
        "Seed",
        step=1,
        help="The same seed draws the same tokens.",
        **address.placing(state.SEED),
    )
    return Sampling(temperature, top_k, top_p, seed)


def beam_options() -> Beam:
    """Widgets for beam search.

    Raises:
        ValueError: an option out of range.
    """
    size = st.number_input(
        "Beam",
        step=1,
        help="Texts that grow side by side.",
        **address.placing(state.BEAM),
    )
    penalty = st.number_input(
        "Length penalty",
        step=0.1,
        format="%.2f",
        help="0 compares log-probabilities as they are; more favours longer texts.",
        **address.placing(state.PENALTY),
    )
    n_best = st.number_input(
        "n best",
        step=1,
        help="How many texts it hands back: marked #1, #2, … in the tree.",
        **address.placing(state.N_BEST),
    )
    return Beam(size, penalty, n_best)


def _next_seed() -> None:
    """Draw with the next seed; only from a callback."""
    address.place(state.SEED, str(int(st.session_state.get(state.SEED) or 0) + 1))
