"""One training for the whole class: a process trains, and all screens of the room show it.

The training belongs to the room, not to a browser: it goes on when the teacher's page is loaded
anew. What it says is published in the room's file (`viz/room/trainings.py`), so that screens of
other server processes have it as well; what comes of it is a model of everybody in the room.
"""

from __future__ import annotations

import functools
import io
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

from headlight.model.tasks import task
from headlight.model.training.live import Result, Settings, Trained, Training, trained
from headlight.model.training.recording import CurvePoint
from headlight.model.training.recording_file import read, write

from ... import runtime
from ...components.training_player import encode, training_player
from ...room import Room, Store, Together
from ...room.file import FileError
from ...room.records import ACTIVE
from ...room.trainings import Outcome
from ..context import RunContext
from ..present import presenting
from ..standing import standing, waits
from .house import store
from .seat import Seat, seat

_log = logging.getLogger(__name__)
LOOK = 0.2
"""Seconds between two looks of the process that trains at what is wished for."""
BEAT = 1.0
"""Least seconds between two pictures for the class."""
ALIVE = 5.0
"""Seconds between two signs of life of a training that rests or waits."""
FRAMES = 12
"""Steps of a training that the screens of a class are sent; about 2 kB each for most models."""


def train(settings: Settings) -> None:
    """The teacher's button that has the class train one model."""
    here = seat()
    if not here.teaches:
        return
    st.button(
        "Train it with the class",
        icon=":material/groups:",
        help="One training on this server; all phones that follow watch it.",
        on_click=_begin,
        args=(settings,),
        key="train-with-the-class",
    )


def is_pupil() -> bool:
    """Whether this session attends a class of somebody else."""
    return seat().member is not None


def _begin(settings: Settings) -> None:
    here = seat()
    try:
        begin(store(), here.code, settings)
    except ValueError as error:
        here.said = str(error)


def begin(rooms: Store, code: str, settings: Settings) -> Training:
    """Have this process train, when its turn comes, and a thread tell the room of it.

    Raises:
        ValueError: the class is training already.
    """
    told = rooms.begin_training(code, settings.task)
    training = Training(settings)
    runtime.server().trainings.enter(training)
    threading.Thread(
        target=_attend, args=(rooms, told, training), name="headlight-class-training", daemon=True
    ).start()
    return training


def _attend(rooms: Store, told: Together, training: Training) -> None:
    """Do what is wished for and publish what is new, until the training or the room has ended."""
    try:
        said, at = "", 0.0
        while training.active:
            time.sleep(LOOK)
            try:
                if not _obey(rooms.take_wish(told), training):
                    return
                now, new, status = time.monotonic(), _said(training), training.status
                if status in ACTIVE and new != said and now - at >= BEAT:
                    said, at = new, now
                    rooms.publish(told, status, _facts(training), _picture(training))
                elif now - at >= ALIVE:
                    at = now
                    rooms.is_alive(told)
            except FileError:  # the file is locked or was taken away: the training goes on
                _log.exception("the class could not be told of its training")
        status = "done" if training.status == "done" else "failed"
        rooms.publish(told, status, _facts(training), _picture(training), _outcome(training))
    finally:
        training.close()


def _obey(wish: str | None, training: Training) -> bool:
    """False where the training is not wanted any more."""
    match wish:
        case None:
            return False
        case "pause":
            training.pause()
        case "go":
            training.go_on()
        case "stop":
            training.stop()
    return True


def _said(training: Training) -> str:
    if training.status == "waiting":
        line = runtime.server().trainings
        return waits(line.place(training), training.settings.seconds)
    return standing(training)


def _facts(training: Training) -> dict[str, Any]:
    """What is said of it; once it has ended, also what its model is made of."""
    facts: dict[str, Any] = {
        "title": task(training.settings.task).title,
        "said": _said(training),
        "error": training.error or ("It was stopped." if training.status == "closed" else ""),
    }
    if training.status == "done" and (result := training.result) is not None:
        facts |= {
            "reason": result.reason,
            "step": result.step,
            "settings": result.settings.to_dict(),
            "n_parameters": training.n_parameters,
            "curve": [[one.step, one.loss, one.accuracy] for one in training.points],
        }
    return facts


def _picture(training: Training) -> bytes | None:
    history = training.thinned(FRAMES)
    if history is None:
        return None
    return encode(history, curve=training.curve, row="writes", even=False, quiet=True)


def _outcome(training: Training) -> Outcome | None:
    if training.status != "done" or training.result is None or training.history is None:
        return None
    file = io.BytesIO()
    write([training.history], file)
    return Outcome(file.getvalue(), training.result.weights)


# What a session shows of it.


def staged(here: Seat, room: Room) -> Together | None:
    """The training that has the stage on this screen; None for none."""
    if room.trains is None or room.asked is not None or room.shown is not None:
        return None
    if not (here.teaches or here.following):
        return None
    return store().training(room.code, room.trains)


def told(of: Together) -> dict[str, Any]:
    """What the part `classroom` of the page says of it."""
    facts = of.facts
    said = facts.get("error") or facts.get("said") or "Starting"
    if of.status == "done":
        said = f"{facts['said']}. It ended: {facts['reason']}."
    return {
        "title": facts.get("title", ""),
        "status": of.status,
        "said": said,
        "name": of.name if of.status == "done" else "",
    }


def player(here: Seat, room: Room) -> None:
    """Curve, outputs and heads of the training that has the stage."""
    # Its type is measured when it is mounted: another one presenting.
    with st.container(key=f"class-training-{'large' if presenting() else 'usual'}"):
        if (one := staged(here, room)) is not None and one.frame:
            training_player(_drawn(one.code, one.number, one.frame), key="class-training")


@functools.lru_cache(4)
def _drawn(code: str, number: int, frame: int) -> bytes:
    """A picture, read once for all screens of this process."""
    return store().picture(code, number)


def share(code: str) -> None:
    """What the class has trained is among the models of this session, too."""
    for one in store().trained(code):
        mine = runtime.training_seat().trained
        if one.name not in mine and (model := _model(one)) is not None:
            mine[one.name] = model


def steer(here: Seat, to: object, context: RunContext | None) -> None:
    """What the teacher has pressed."""
    one = store().training(here.code)
    if one is None:
        return
    match to:
        case "pause" | "go" | "stop":
            store().wish(here.code, str(to))
        case "show":
            store().set(here.code, trains=one.number, shown=None)
        case "page":
            store().set(here.code, trains=None)
        case "open" if context is not None and one.status == "done":
            share(here.code)
            store().set(here.code, trains=None)
            source = runtime.training_seat().trained[one.name].history.source
            context.open("explore", model=one.name, text=source)


@functools.cache
def _models() -> WeakValueDictionary[str, Trained]:
    """Of this process; one that no session has any more is forgotten."""
    return WeakValueDictionary()


_building = threading.Lock()


def _model(one: Together) -> Trained | None:
    """Built once for all sessions of this process."""
    with _building:
        found = _models().get(one.name)
        if found is None and (outcome := store().outcome(one.code, one.number)) is not None:
            found = _models()[one.name] = _built(one.name, one.facts, outcome)
        return found


def _built(name: str, facts: Mapping[str, Any], outcome: Outcome) -> Trained:
    settings = Settings(**facts["settings"])
    result = Result(settings, facts["step"], facts["reason"], outcome.weights)
    (history,) = read(io.BytesIO(outcome.history))
    curve = tuple(CurvePoint(step, loss, accuracy, {}) for step, loss, accuracy in facts["curve"])
    return trained(result, name, history, curve, facts["n_parameters"])
