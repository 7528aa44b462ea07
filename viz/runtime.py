"""Everything that is kept between reruns; the only file of the pages that calls the model.

Models and traces are frozen, so one copy serves every session of the server.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import model
from model import Edits, Model, Trace
from model.decoding import Greedy, Strategy
from viz import state
from viz.jobs import Jobs

GREEDY = Greedy()


def names() -> tuple[str, ...]:
    """Models that can be chosen: the shipped ones, then those trained in this session."""
    return (*model.available(), *state.own_models())


def get(slug: str) -> Model:
    """A model by its name, loaded once for the whole server."""
    return state.own_models().get(slug) or _load(slug)


@st.cache_resource(show_spinner="Reading the weights …")
def _load(slug: str) -> Model:
    return model.load(slug)


def run(
    loaded: Model,
    text: str,
    *,
    strategy: Strategy = GREEDY,
    max_len: int | None = None,
    prefix: Sequence[int] = (),
    edits: Edits = Edits(),
) -> Trace:
    """`Model.run`, remembered. Raises its errors, which are sentences for the page."""
    return _run(loaded, loaded.digest, text, strategy, max_len, tuple(prefix), edits)


@st.cache_resource(max_entries=64, show_spinner=False)
def _run(
    _loaded: Model,
    digest: str,
    text: str,
    strategy: Strategy,
    max_len: int | None,
    prefix: tuple[int, ...],
    edits: Edits,
) -> Trace:
    """Keyed by the weights' digest, not the name: models of the same name must not mix."""
    return _loaded.run(text, strategy=strategy, max_len=max_len, prefix=prefix, edits=edits)


def teacher_force(
    loaded: Model, text: str, target: str | Sequence[int], *, edits: Edits = Edits()
) -> Trace:
    """`Model.teacher_force`, remembered."""
    given = target if isinstance(target, str) else tuple(target)
    return _teacher_force(loaded, loaded.digest, text, given, edits)


@st.cache_resource(max_entries=64, show_spinner=False)
def _teacher_force(
    _loaded: Model, digest: str, text: str, target: str | tuple[int, ...], edits: Edits
) -> Trace:
    return _loaded.teacher_force(text, target, edits=edits)


@st.cache_resource
def jobs() -> Jobs:
    """The queue of background work, one for the server."""
    return Jobs()
