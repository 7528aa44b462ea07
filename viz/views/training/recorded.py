"""A finished training: what the model wrote and where its heads looked, at every kept step."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from headlight.model.run.arrays import Array
from headlight.model.run.tokens import Tokens
from headlight.model.training.history import ROWS, TrainingHistory
from headlight.model.training.recording import RecordedSentences, Recording

from ... import runtime, selection
from ...components.training_player import encode, training_player
from ...glossary import glossed
from ...labels import NOUN
from ...markdown import plain
from ...page.context import RunContext
from ...page.head_choice import head_of
from ...page.present import presenting
from . import heads

_FILM_OF = "film_of"
_BY_CONSTRUCTION = (
    "They were put together from digits that training never saw, so it is known where each stands."
)
_KNOWN = {
    "text": "None of them is among its training sentences; their reference translations and word "
    "links were made by hand.",
    "picture": _BY_CONSTRUCTION,
    "sound": _BY_CONSTRUCTION,
}


def render(context: RunContext) -> None:
    """The history of the bench's text, or of one of the sentences that were recorded."""
    own = runtime.training_seat().trained.get(context.model.slug)
    if own is not None:
        _say_what(context.model.reads)
        training_player(
            encode(own.history, curve=own.curve, row="writes", even=False), key="training_history"
        )
        return
    try:
        kept = runtime.recording(context.model.slug)
    except ValueError as error:
        st.warning(plain(str(error)))
        return
    if kept is None:
        _nothing(context)
        return
    source = _source(kept, context.text, context.model.reads)
    history = runtime.training_history(kept, context.model.digest, source)
    _check_link(history)
    noun = NOUN[context.model.reads]
    errors, measured = _errors(kept, noun)
    task = context.model.task
    _say_what(context.model.reads, task.recipe.smoothing if kept.curve and task else 0.0)
    training_player(
        encode(
            history,
            curve=kept.curve,
            errors=errors,
            measured=measured,
            noun=noun,
            seen=_seen(context, source),
        ),
        key="training_history",
    )
    heads.render(context)


def _seen(context: RunContext, source: str) -> Tokens | None:
    """The picture or sound of that name, as the model reads it; None for a text."""
    if context.model.reads == "text":
        return None
    return context.model.read(runtime.source_of(context.model, source))


def _check_link(history: TrainingHistory) -> None:
    """Tell of a head or a step in the link that is none; of steps the nearest kept one is shown."""
    head_of(
        {kind: pattern.shape[1] for kind, pattern in history.patterns.items()},
        {kind: pattern.shape[2] for kind, pattern in history.patterns.items()},
        lambda kind: (kind or "cross", 0, 0),
    )
    for name in ("train_step", "train_versus"):
        if selection.current().chosen(name) is not None:
            selection.number(name, high=history.steps[-1])


def _say_what(reads: str, smoothing: float = 0.0) -> None:
    """What one sees, and why the two losses part where the training smoothed its labels."""
    said = (
        f"One {NOUN[reads]} at steps of the training, run with the weights kept at that step. "
        "Look for: noise that turns into a pattern, and babble into an answer, as you move the "
        "slider."
    )
    if smoothing and not presenting():
        said += (
            f" The training loss includes label smoothing of {smoothing:g}, which keeps it well "
            f"above zero; the loss on this {NOUN[reads]} is plain, the mean −ln p of its tokens."
        )
    st.caption(glossed(said))


def _source(kept: Recording, text: str, reads: str) -> str:
    """The bench's text where any can be recorded; else one of the recorded sentences."""
    if not kept.sources:
        return text
    if text in kept.sources and st.session_state.get(_FILM_OF) not in (None, text):
        selection.settle(film=None)  # it follows a new text above
    st.session_state[_FILM_OF] = text
    usual = text if text in kept.sources else kept.sources[0]
    chosen = selection.choice("film", kept.sources, usual)
    st.selectbox(
        f"Recorded {NOUN[reads]}"
        + ("" if text in kept.sources else " (yours above was not recorded)"),
        kept.sources,
        label_visibility="collapsed" if presenting() else "visible",
        help=f"This model is too large to ship all its snapshots, so these {NOUN[reads]}s were "
        f"recorded from snapshots of its training. {_KNOWN[reads]}",
        **selection.widget("film"),
    )
    return chosen


def _errors(kept: Recording, noun: str) -> tuple[Mapping[str, Array] | None, str]:
    """Alignment error over all recorded sentences, where there are several."""
    if not isinstance(kept, RecordedSentences):
        return None, f"on this {noun}"
    return {row: kept.aer(row) for row in ROWS}, f"on the {len(kept.histories)} recorded {noun}s"


def _nothing(context: RunContext) -> None:
    having = runtime.recorded()
    st.info(
        f"No training was recorded with “{plain(context.model.slug)}”. "
        + (f"Recorded: {plain(', '.join(having))}." if having else "")
    )
