"""Which strategy writes, and with which options; what cannot be used is said in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from headlight.model.decoding import STRATEGIES, Beam, Greedy, Sampling, Strategy
from headlight.model.decoding.beam import LARGEST

from ... import selection
from ...glossary import gloss, glossed
from ...markdown import plain

SAMPLING, OWN = "sampling", "own"
NAMES = {name: one.title for name, one in STRATEGIES.items()}
WITH_OWN = {OWN: "The checkpoint's own", **NAMES}
"""For a checkpoint whose files ask for something else than greedy decoding: that comes first."""
OWN_DOES = "As the checkpoint's generation_config.json asks for."
_GOOD_STRATEGY = "good_strategy"


def pick(place: DeltaGenerator, own: Strategy) -> Strategy:
    """The chosen strategy, or the last one whose options could be used.

    Args:
        own: the model's, which is offered first where it is not greedy decoding.
        place: the row that takes the widgets.
    """
    names = NAMES if isinstance(own, Greedy) else WITH_OWN
    name = selection.choice("strategy", list(names), next(iter(names)))
    place.segmented_control(
        "Strategy",
        list(names),
        format_func=names.__getitem__,
        required=True,
        width="content",
        **selection.widget("strategy"),
    )
    try:
        made = own if name == OWN else _made(name, place)
    except ValueError as error:
        last = last_strategy() or Greedy()
        st.warning(f"{plain(str(error))} Still showing: {plain(last.label)}.")
        return last
    st.session_state[_GOOD_STRATEGY] = made
    shown = f" Shown: {plain(made.label)}." if name in (OWN, *OPTIONS) else ""
    st.caption(glossed(OWN_DOES if name == OWN else STRATEGIES[name].does) + shown)
    return made


def _made(name: str, place: DeltaGenerator) -> Strategy:
    """The strategy with its options, which are folded; the usual ones where it has no fields."""
    if name not in OPTIONS:
        return STRATEGIES[name]()
    if name == SAMPLING:
        place.button("Draw again", icon=":material/casino:", on_click=_next_seed)
    fold = place.popover(
        "Options", icon=":material/tune:", key="strategy-options", on_change=selection.redraw
    )
    with fold:
        return OPTIONS[name](bool(fold.open))


def check_link() -> None:
    """Look at every option, so that a link is told of once, as a whole."""
    for name in ("temperature", "top_k", "top_p", "seed", "penalty"):
        selection.number(name)
    selection.whole("n_best", high=_size())


def _size() -> int:
    """The beam size, as far as it is one that can be used."""
    return min(max(selection.whole("beam"), 1), LARGEST)


def last_strategy() -> Strategy | None:
    """The last strategy whose options could be used."""
    last: Strategy | None = st.session_state.get(_GOOD_STRATEGY)
    return last


def sampling_options(shown: bool = True) -> Sampling:
    """Widgets for sampling, where they are `shown`.

    They have no limits of their own, so that a mistake gets a sentence.

    Raises:
        ValueError: an option out of range.
    """
    temperature = _number(shown, "temperature", "Temperature", gloss("temperature"), fine=0.1)
    top_k = _number(shown, "top_k", "top-k", f"{gloss('top-k')} 0: all of them.")
    top_p = _number(shown, "top_p", "top-p", f"{gloss('top-p')} 1: all of them.", fine=0.05)
    seed = _number(shown, "seed", "Seed", "The same seed draws the same tokens.")
    return Sampling(temperature, top_k, top_p, seed)


def beam_options(shown: bool = True) -> Beam:
    """Widgets for beam search, where they are `shown`.

    Raises:
        ValueError: an option out of range.
    """
    size = _number(shown, "beam", "Beam size", f"{gloss('beam search')} The beam size is how many.")
    no_help = f"{gloss('length penalty')} 0: not at all."
    penalty = _number(shown, "penalty", "Length penalty", no_help, fine=0.1)
    returned = "How many texts it returns: marked #1, #2, … in the tree."
    n_best = _number(shown, "n_best", "Results returned", returned)
    return Beam(size, penalty, n_best)


OPTIONS: dict[str, Callable[[bool], Strategy]] = {SAMPLING: sampling_options, "beam": beam_options}
"""Fields for the options of a strategy, by its name."""


def _number(shown: bool, name: str, label: str, help: str, fine: float | None = None) -> Any:
    """A field for one option: whole numbers, or steps of `fine`.

    One that is not in sight is not drawn: it would go on saying what it said last.
    """
    value = selection.number(name)
    if not shown:
        return value
    return st.number_input(
        label,
        step=fine or 1,
        format="%.2f" if fine else None,
        help=help,
        **selection.widget(name),
    )


def _next_seed() -> None:
    """Draw with the next seed; only from a callback."""
    selection.update(seed=selection.whole("seed") + 1)
