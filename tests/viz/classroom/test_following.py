"""Pupils see what the teacher selects, draws and says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import streamlit as st

from headlight.model import Picture, Sound
from headlight.viz import runtime, selection
from headlight.viz.page.classroom import follow, house, seat
from tests.viz.classroom.sessions import Browser, joined, session


def test_pupils_follow_what_the_lens_shows_without_a_new_page(
    teacher: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = joined(teacher, "pupil")
    pages: Any = {"explore": "the first page", "learn": "the lessons"}
    with noted(monkeypatch) as deeds:
        goes_along(teacher, pupil, pages, model="reverse", text="a b")
        assert deeds == ["rerun"]
        goes_along(teacher, pupil, pages, layer=1, head=3, pin="2-1")
        assert deeds == ["rerun"]
        with pupil:
            assert selection.current()["pin"] == "2-1"
            assert selection.current()["head"] == "3"
        pupil.do("look", on=True)
        goes_along(teacher, pupil, pages, head=0)
        with pupil:
            assert selection.current()["head"] == "3"
        teacher.do("eyes")
        goes_along(teacher, pupil, pages)
        with pupil:
            assert selection.current()["head"] == "0"
        assert deeds == ["rerun"]


def test_what_was_drawn_goes_along_and_to_the_wall(
    teacher: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher.do("set", wall=True)
    pupil = joined(teacher, "pupil")
    drawings = [np.zeros((28, 40), np.uint8), np.zeros((28, 44), np.uint8)]
    for i, drawing in enumerate(drawings):
        drawing[5:20, 10 + i : 20] = 200
    with noted(monkeypatch):
        with teacher:
            name = runtime.keep(Picture(drawings[0]))
        goes_along(teacher, pupil, {"explore": None}, model="read-digits", text=name)
    with pupil:
        source = runtime.kept(selection.current()["text"])
        assert isinstance(source, Picture)
        np.testing.assert_array_equal(source.pixels, drawings[0])
        selection.update(text=runtime.keep(Picture(drawings[1])))
    pupil.do("send", kind="source")
    (entry,) = teacher.look()["wall"]
    assert entry["kind"] == "picture"
    teacher.do("try", entry=entry["id"])
    with teacher:
        source = runtime.kept(selection.current()["text"])
        assert isinstance(source, Picture)
        np.testing.assert_array_equal(source.pixels, drawings[1])
        selection.update(model="reverse", text="a b")
    teacher.do("try", entry=entry["id"])
    assert teacher.look()["said"].startswith("This is a picture, and the model here reads a text.")
    with teacher:
        assert selection.current()["text"] == "a b"


def test_a_sound_arrives_as_it_was(teacher: Browser) -> None:
    samples = np.sin(np.arange(800, dtype=np.float32) / 9)
    with teacher:
        sent = runtime.carried(runtime.keep(Sound(samples, 8_000)))
    with session("pupil"):
        source = runtime.kept(runtime.receive(sent, "recording x"))
        assert runtime.kept("recording x") == source
        assert isinstance(source, Sound)
        np.testing.assert_array_equal(source.samples, samples)
        for bad in ("", "data:image/png;base64,AAAA", "data:audio/wav;base64,!"):
            with pytest.raises(ValueError, match=r"no drawing|no recording|cannot be read"):
                runtime.receive(bad)
        assert runtime.carried("nothing of ours") == ""


def test_eight_seconds_of_a_microphone_are_not_too_much(teacher: Browser) -> None:
    samples = np.random.default_rng(0).integers(-32_767, 32_768, 8 * 16_000) / np.float32(32_768)
    spoken = Sound(samples.astype(np.float32), 16_000)
    with teacher:
        sent = runtime.carried(runtime.keep(spoken))
        assert len(sent) < runtime.limits().bytes("class")
        assert runtime.kept(runtime.receive(sent, "recording y")) == spoken


def goes_along(teacher: Browser, pupil: Browser, pages: Any, **changes: object) -> None:
    """The teacher selects something, then both sessions are woken."""
    store = house.store()
    with teacher:
        selection.update(**changes)
        room = store.room(seat.seat().code)
        assert room is not None
        follow.steer(seat.seat(), room)
    with pupil:
        room = store.room(seat.seat().code)
        assert room is not None
        follow.take(seat.seat(), room, pages)


@contextmanager
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which pages are drawn anew or opened."""
    deeds: list[str] = []
    monkeypatch.setattr(st, "rerun", lambda: deeds.append("rerun"))
    monkeypatch.setattr(selection, "go", lambda page: deeds.append(page))
    yield deeds
