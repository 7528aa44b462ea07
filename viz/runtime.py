"""Everything that is kept between reruns; the only file of the pages that calls the model.

Models and traces are frozen, so one copy serves every session of the server.
"""

from __future__ import annotations

import gc
import io
import statistics
import time
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

import headlight
from headlight.model import Edits, Model, Trace
from headlight.model.analysis.stream import embeddings
from headlight.model.analysis.stream import logit_lens as lenses
from headlight.model.decoding import Beam, Given, Greedy, Hypothesis, Strategy
from headlight.model.training import recording as recordings
from headlight.model.training.history import TrainingHistory
from headlight.model.training.live import TrainingQueue, TrainingSession
from headlight.model.training.recording import Recording

from . import state
from .jobs import Jobs

GREEDY = Greedy()
ROOM = 20
"""Tokens that a long forced text leaves for going on, where the model has positions for them."""
LARGEST = 10**9
"""Bytes of a saved run, unpacked, that a page still opens."""
DOING = "Running the model …"
"""What a page says meanwhile; Streamlit shows it after half a second, so that nothing flickers."""


def names() -> tuple[str, ...]:
    """Models that can be chosen: the shipped ones, then those trained in this session."""
    seat, own = training_seat(), state.own_models()
    if ended := seat.collect_finished((*headlight.available(), *own)):
        own[ended] = seat.trained[ended].model
    return (*headlight.available(), *own)


def get(slug: str) -> Model:
    """A model by its name, loaded once for the whole server."""
    return state.own_models().get(slug) or _load(slug)


@st.cache_resource(show_spinner="Reading the weights …")
def _load(slug: str) -> Model:
    return headlight.load(slug)


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Take what was imported and loaded out of the garbage collector's sight, once for the server.

    Streamlit collects after every run of the page, before its last pictures leave for the browser;
    with all of torch in sight that takes longer than decoding a sentence.
    """
    gc.collect()
    gc.freeze()


def run(
    loaded: Model,
    text: str,
    *,
    strategy: Strategy = GREEDY,
    max_len: int | None = None,
    prefix: Sequence[int] = (),
    edits: Edits = Edits(),
    doing: str = DOING,
) -> Trace:
    """`Model.run`, remembered; `doing` is said on the page when it takes longer than a moment.

    Raises its errors, which are sentences for the page.
    """
    with st.spinner(doing):
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


@st.cache_resource(max_entries=64, show_spinner=DOING)
def _teacher_force(
    _loaded: Model, digest: str, text: str, target: str | tuple[int, ...], edits: Edits
) -> Trace:
    return _loaded.teacher_force(text, target, edits=edits)


@st.cache_resource(max_entries=4, show_spinner="Opening the saved run …")
def open_trace(content: bytes) -> Trace:
    """A trace from the bytes of its file, without any model.

    Raises:
        ValueError: damaged, foreign, or larger unpacked than `LARGEST`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise ValueError("This file is not a run saved by Headlight.") from error
    if unpacked > LARGEST:
        raise ValueError(f"This run unpacks to {unpacked / 1e9:.1f} GB; up to 1 GB is opened here.")
    return Trace.load(io.BytesIO(content))


def logit_lens(loaded: Model, trace: Trace) -> lenses.LogitLens:
    """What each decoder layer would say, remembered for the last few runs."""
    loaded.check_trace(trace)
    return _logit_lens(loaded, trace, trace.digest, trace.src.ids, trace.tgt_in.ids, trace.edits)


@st.cache_resource(max_entries=8, show_spinner="Asking every layer …")
def _logit_lens(
    _loaded: Model,
    _trace: Trace,
    digest: str,
    src: tuple[int, ...],
    tgt_in: tuple[int, ...],
    edits: Edits,
) -> lenses.LogitLens:
    """Keyed by all that the streams of a trace follow from."""
    return lenses.logit_lens(_loaded, _trace)


def projection(loaded: Model) -> embeddings.Projection:
    """The embeddings along their three main directions."""
    return _projection(loaded, loaded.digest)


@st.cache_resource(max_entries=8, show_spinner="Finding the main directions …")
def _projection(_loaded: Model, digest: str) -> embeddings.Projection:
    return embeddings.project(_loaded)


def vocabulary(loaded: Model) -> tuple[str, ...]:
    """Every token as the vocabulary spells it."""
    return _vocabulary(loaded, loaded.digest)


@st.cache_resource(max_entries=8, show_spinner=False)
def _vocabulary(_loaded: Model, digest: str) -> tuple[str, ...]:
    return tuple(_loaded.tokenizer.piece(i) for i in range(len(_loaded.tokenizer)))


@st.cache_resource
def jobs() -> Jobs:
    """The queue of background work, one for the server."""
    return Jobs()


def write(
    loaded: Model, text: str, strategy: Strategy = GREEDY, prefix: Sequence[int] = ()
) -> Trace:
    """What a strategy writes behind forced tokens; a long prefix gets room to go on."""
    forced = tuple(prefix)
    if forced and forced[-1] == loaded.config.eos_id:  # the end itself is forced
        strategy = Given(Hypothesis(forced, 0.0, True), strategy.label)
    elif isinstance(strategy, Beam):  # its tree is kept, so what it found is traced as it is
        found = replace(search(loaded, text, strategy, forced), tree=None)
        strategy = Given(found, strategy.label)
    return run(loaded, text, strategy=strategy, max_len=_room(loaded, text, forced), prefix=forced)


def search(loaded: Model, text: str, beam: Beam, prefix: Sequence[int] = ()) -> Hypothesis:
    """The best hypothesis of a beam search, with its whole `tree`; remembered."""
    return _search(loaded, loaded.digest, text, beam, tuple(prefix))


@st.cache_resource(max_entries=64, show_spinner="Searching …")
def _search(
    _loaded: Model, digest: str, text: str, beam: Beam, prefix: tuple[int, ...]
) -> Hypothesis:
    room = _room(_loaded, text, prefix)
    return _loaded.decode(_loaded.read(text), strategy=beam, max_len=room, prefix=prefix)


def path(loaded: Model, text: str, ids: Sequence[int], label: str) -> Trace:
    """The trace of exactly these target tokens, such as the way to a node of a search."""
    return run(loaded, text, strategy=Given(Hypothesis(tuple(ids), 0.0, False), label))


def _room(loaded: Model, text: str, prefix: tuple[int, ...]) -> int | None:
    """Most target tokens; None for the usual number, where the prefix leaves enough of it."""
    usual = 2 * len(loaded.read(text)) + 20
    if len(prefix) + ROOM <= usual:
        return None
    return min(len(prefix) + ROOM, loaded.config.max_positions)


RUNS = 3
"""Decodings that are timed; the median counts."""


class Speed(NamedTuple):
    """One decoding, timed: what it found, and the seconds that the median of the runs took."""

    hypothesis: Hypothesis
    seconds: float


@st.cache_data(max_entries=64, show_spinner="Decoding, and taking the time …")
def timed(
    _loaded: Model,
    digest: str,
    text: str,
    strategy: Strategy,
    prefix: tuple[int, ...],
    take: int,
) -> Speed:
    """Decode without a trace and take the time, encoder included; another `take` measures again."""
    src, room = _loaded.read(text), _room(_loaded, text, prefix)
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = _loaded.decode(src, strategy=strategy, max_len=room, prefix=prefix)
        seconds.append(time.perf_counter() - start)
    return Speed(found, statistics.median(seconds))


@st.cache_resource(show_spinner="Reading the recorded training …")
def recording(slug: str) -> Recording | None:
    """The recorded training of a shipped model; None for a model that has none."""
    return recordings.of_model(slug) if slug in headlight.available() else None


def recorded() -> tuple[str, ...]:
    """The shipped models that have a recorded training."""
    return tuple(slug for slug in headlight.available() if recordings.exists(slug))


def film(kept: Recording, digest: str, source: str) -> TrainingHistory:
    """A sentence at every step of a recorded training."""
    return _film(kept, digest, source)


@st.cache_resource(max_entries=32, show_spinner="Running the model at every step …")
def _film(_kept: Recording, digest: str, source: str) -> TrainingHistory:
    return _kept.film(source)


@st.cache_resource
def _training_line() -> TrainingQueue:
    """Who trains on this server, and who waits."""
    return TrainingQueue()


@st.cache_resource(scope="session", show_spinner=False, on_release=TrainingSession.close)
def training_seat() -> TrainingSession:
    """The place of this session in that line; a training ends when its session does."""
    return TrainingSession(_training_line())
