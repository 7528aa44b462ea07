"""The keys of session state and of the address that more than one file needs.

The model and the text belong to the bench (widgets bound to the address), kind, layer and head to
the lens, which keeps them in the address by itself. Pages name their own keys here as well.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from headlight.model import Model
from headlight.model.decoding import Forks, Strategy

MODEL = "model"
TEXT = "text"
EXAMPLE = "example"
KIND, LAYER, HEAD = "kind", "layer", "head"
PRESENT = "present"
PIN, THRESHOLD = "pin", "th"
VIEW, STRATEGY, TARGET = "view", "strategy", "target"
STEP, OVER = "step", "over"
TEMPERATURE, TOP_K, TOP_P, SEED = "temperature", "top_k", "top_p", "seed"
BEAM, PENALTY, N_BEST = "beam", "penalty", "n_best"
FORCED, PATH = "forced", "path"
TREE, NODE, STRIP = "beam_tree", "beam_node", "surprise_strip"
STUDY, TAKE = "study", "take_along"
LEARN, LESSON, GAME, TURN, FORCE, REACHED = "learn", "lesson", "game", "turn", "force", "reached_at"
TRAINING, FILM = "training", "film"
FILM_STEP, FILM_VERSUS = "train_step", "train_versus"
LIVE_TASK, LIVE_LAYERS, LIVE_HEADS = "live_task", "live_layers", "live_heads"
LIVE_WIDTH, LIVE_NORM, LIVE_POSITIONS = "live_width", "live_norm", "live_positions"
SECTION, QUERY, KEY, STAGES = "section", "query", "key", "stages"
BREAK, SKIP = "break", "skip"
ROW, TOKEN, AGAINST = "row", "token", "against"
DIMENSIONS, FIND, SPAN = "dims", "find", "span"
PART = "part"
MEASURE, CORPUS, OWN_TEXT = "measure", "on", "own_text"
SILENCED_BY, OFF = "silenced_by", "off_"
WAY, WRITTEN = "way", "written"
SEEK, SEEK_KIND, SEEK_HEAD, FAR, ABOVE = "seek", "seek_kind", "seek_head", "far", "above"


_GOOD = "last_good"
_ASKED = "asked_jobs"
_HANDED_OVER = "handed_over_text"
_OWN = "own_models"
_SAVED_RUNS = "saved_runs"
_DECODING = "decoding"
_GOOD_STRATEGY = "good_strategy"
_TAKES = "times_taken"


def chosen_model() -> str | None:
    """The name of the model on the bench."""
    name: str | None = st.session_state.get(MODEL)
    return name


def set_model(name: str) -> None:
    """Put a model on the bench, before its widget is drawn."""
    st.session_state[MODEL] = name


def show_model_in_address() -> None:
    """Name the bench's model in the address, where it is read first."""
    if st.query_params.get(MODEL) != st.session_state[MODEL]:
        st.query_params[MODEL] = st.session_state[MODEL]


def set_text(text: str) -> None:
    """Put a text into the bench; only from a callback, before its widget is drawn."""
    st.session_state[TEXT] = text


def start_with_text(text: str) -> None:
    """Put a text into the bench and into the address, before its widget is drawn for the first
    time; later the widget, which is bound to the address, writes it there by itself.
    """
    set_text(text)
    st.query_params[TEXT] = text


def hand_over(text: str) -> None:
    """Have a text put into the bench by the next run, which draws another page."""
    st.session_state[_HANDED_OVER] = text


def take_over() -> None:
    """Put the text that was handed over, if there is one, before its widget is drawn."""
    if _HANDED_OVER in st.session_state:
        set_text(st.session_state.pop(_HANDED_OVER))


def own_models() -> dict[str, Model]:
    """Models trained in this browser session, by the name they go by."""
    models: dict[str, Model] = st.session_state.setdefault(_OWN, {})
    return models


def keep_good(slug: str, text: str) -> None:
    """Remember what last ran well, for as long as what is typed does not."""
    st.session_state[_GOOD] = (slug, text)


def last_good(slug: str) -> str | None:
    """The text that last ran well on this model."""
    kept = st.session_state.get(_GOOD)
    return kept[1] if kept and kept[0] == slug else None


def saved_run_key() -> str:
    """The key of the field that takes a saved run; a new one empties the field."""
    return f"saved_run_{st.session_state.get(_SAVED_RUNS, 0)}"


def close_saved_run() -> None:
    """Empty that field."""
    st.session_state[_SAVED_RUNS] = st.session_state.get(_SAVED_RUNS, 0) + 1


@dataclass
class Decoding:
    """What the Decode page keeps for one text; everything is empty at first.

    Attributes:
        forks: the branches that were grown.
        current: the branch that is shown, by its forced tokens.
        other: the branch that it is compared with.
        path: a way through the beam's tree, shown in place of the best one.
        step: a step that was picked outside of the step view, and how many were so far.
        said: why the last thing asked for was not done.
        target: the last target text that could be forced as a whole.
    """

    forks: Forks = field(default_factory=Forks)
    current: tuple[int, ...] = ()
    other: tuple[int, ...] | None = None
    path: tuple[int, ...] | None = None
    step: tuple[int, int] = (0, 0)
    said: str = ""
    target: str = ""


def decoding(digest: str, text: str) -> tuple[Decoding, bool]:
    """What is kept for these weights and this text, and whether it is new."""
    key, kept = st.session_state.get(_DECODING, (None, Decoding()))
    if key == (digest, text):
        return kept, False
    fresh = Decoding()
    st.session_state[_DECODING] = ((digest, text), fresh)
    return fresh, True


def keep_strategy(strategy: Strategy) -> None:
    """Remember the last strategy whose options could be used."""
    st.session_state[_GOOD_STRATEGY] = strategy


def last_strategy() -> Strategy | None:
    """That strategy."""
    kept: Strategy | None = st.session_state.get(_GOOD_STRATEGY)
    return kept


def off_key(kind: str, layer: int) -> str:
    """The key of the switches of one layer's heads."""
    return f"{OFF}{kind}_{layer}"


def switched(key: str) -> list[Any]:
    """What is chosen in a field with several choices."""
    return list(st.session_state.get(key) or [])


def switch(key: str, chosen: list[Any]) -> None:
    """Choose in such a field; only from a callback, before its widget is drawn."""
    st.session_state[key] = chosen


def ask(job: tuple[str, ...]) -> None:
    """Remember that this session wants a piece of background work."""
    st.session_state.setdefault(_ASKED, {})[job] = True


def refuse(job: tuple[str, ...]) -> None:
    """Remember that it was stopped here."""
    st.session_state.setdefault(_ASKED, {})[job] = False


def asked_for(job: tuple[str, ...]) -> bool | None:
    """Whether this session wants it; None when it never said."""
    wanted: bool | None = st.session_state.get(_ASKED, {}).get(job)
    return wanted


def selected_points(key: str) -> list[Any]:
    """The points that are selected in a Plotly chart."""
    selection = (st.session_state.get(key) or {}).get("selection") or {}
    return list(selection.get("points", ()))


def picked(key: str) -> Any:
    """The value of a widget, from its callback."""
    return st.session_state.get(key)


def take_time() -> None:
    """Ask for decoding to be timed anew."""
    st.session_state[_TAKES] = times_taken() + 1


def times_taken() -> int:
    """A number that is new in each session, and whenever that was asked for."""
    count: int = st.session_state.setdefault(_TAKES, time.time_ns())
    return count
