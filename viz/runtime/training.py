"""Trainings to look at: recorded ones, and those of this session."""

from __future__ import annotations

import streamlit as st

import headlight
from headlight.model import Model
from headlight.model.checkpoints.folder import CHECKPOINTS
from headlight.model.training import emergence
from headlight.model.training import recording as recordings
from headlight.model.training.emergence import Emergence
from headlight.model.training.history import TrainingHistory
from headlight.model.training.live import TrainingSession
from headlight.model.training.recording import Recording

from .computing import remembered
from .server import server, session_id

VISITOR = "headlight-visitor"
"""The cookie by which a browser finds the models again that it has trained."""


def training_seat() -> TrainingSession:
    """The place of this session among those who train; a reload of the page comes back to it."""
    return _seat(str(st.context.cookies.get(VISITOR, "")))


def recognise(visitor: str) -> None:
    """The browser says whose it is: what is trained here waits for it, should it come back."""
    _seat(visitor)


def recording(slug: str) -> Recording | None:
    """The recorded training of a shipped model; None for a model that has none."""
    if slug not in recorded():
        return None
    return remembered(
        ("recording", slug), lambda: recordings.of_model(slug), "Reading the recorded training …"
    )


def heads_over_training(loaded: Model) -> Emergence | None:
    """All heads at the kept steps of a model's training; None where that is not shipped with it."""

    def make() -> tuple[Emergence | None]:
        try:
            found = emergence.read(CHECKPOINTS / loaded.slug / emergence.FILE)
        except ValueError:
            return (None,)
        return (found if found.digest == loaded.digest else None,)

    return remembered(("emergence", loaded.slug, loaded.digest), make, "")[0]


def recorded() -> tuple[str, ...]:
    """The shipped models that have a recorded training."""
    return tuple(slug for slug in headlight.available() if recordings.exists(slug))


def training_history(kept: Recording, digest: str, source: str) -> TrainingHistory:
    """A sentence at every step of a recorded training."""
    return remembered(
        ("training history", digest, source),
        lambda: kept.history(source),
        "Running the model at every step …",
    )


def _seat(visitor: str) -> TrainingSession:
    house, session = server(), session_id()
    house.visit(session)
    return house.seats.of(session, visitor[:64])
