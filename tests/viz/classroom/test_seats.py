"""Who is who in a class: teacher and pupils by what their browsers keep."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner import StopException

from headlight.viz import selection
from headlight.viz.page.classroom import acts, house, seat
from tests.viz.classroom.sessions import Browser, State, joined, session


def test_the_teacher_is_told_of_code_link_and_a_second_device(teacher: Browser) -> None:
    told = teacher.look()
    assert told["role"] == "teacher"
    assert told["link"].endswith(f"/?class={told['code']}")
    assert told["second"] == f"{told['link']}#teach={told['keep']['secret']}"
    assert told["qr"].startswith("data:image/svg+xml")
    told = teacher.do("set", base=" phone.example:80 ")
    assert told["link"] == f"http://phone.example:80/?class={told['code']}"
    told = teacher.do("set", base="https://school.example/lab/")
    assert told["link"] == f"https://school.example/lab/?class={told['code']}"


def test_a_reload_finds_back_and_a_second_device_teaches(teacher: Browser) -> None:
    keep = teacher.look()["keep"]
    again = session("reloaded")
    with again:
        selection.settle(**{"class": keep["code"]})
        acts.take_in({"me": keep}, None)
        assert seat.seat().redraw, "the page was drawn without what a teacher has there"
    assert again.look()["role"] == "teacher"
    stranger = session("stranger")
    with stranger:
        selection.settle(**{"class": keep["code"]})
        acts.take_in({"me": {**keep, "secret": keep["secret"] + "x"}}, None)
    assert stranger.look()["role"] == "pupil"
    pupil = stranger.look()["keep"]
    with (back := session("back")):
        selection.settle(**{"class": keep["code"]})
        acts.take_in({"me": pupil}, None)
    assert back.look()["name"] == stranger.look()["name"]


def test_start_and_join_pressed_twice_are_one_room_and_one_pupil(teacher: Browser) -> None:
    code = teacher.look()["code"]
    with teacher:
        seat.start()
    assert teacher.look()["code"] == code
    pupil = joined(teacher, "pupil")
    name = pupil.look()["name"]
    with pupil:
        seat.enter(f" {code.lower()}")
    assert pupil.look()["name"] == name
    assert teacher.look()["here"] == 1


@pytest.mark.parametrize("change", ["open_room", "join"])
def test_a_run_that_ends_in_the_middle_has_its_seat(
    teacher: Browser, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit ends a run, for the second press, where it next asks for what is kept."""
    there, code, here = house.store(), teacher.look()["code"], session("twice")
    usual, made = getattr(there, change), list[object]()

    def then_ends(*args: object, **named: object) -> object:
        made.append(usual(*args, **named))
        if len(made) == 1:
            ending.setattr(State, "__setitem__", stop)
            ending.setattr(State, "setdefault", stop)
            ending.setattr(selection, "settle", stop)
        return made[-1]

    def press() -> None:
        seat.start() if change == "open_room" else seat.enter(code)

    monkeypatch.setattr(there, change, then_ends)
    with here:
        with monkeypatch.context() as ending, pytest.raises(StopException):
            press()
        press()
        assert selection.current()["class"] == here.look()["code"]
    assert len(made) == 1
    assert teacher.look()["here"] == (change == "join")


def stop(*_: object, **__: object) -> None:
    raise StopException


def test_a_wrong_code_says_so_and_leaves_the_address(teacher: Browser) -> None:
    stranger = session("stranger")
    with stranger:
        selection.settle(**{"class": "ZZZZ"})
        acts.take_in({"me": {"code": "ZZZZ"}}, None)
        assert selection.current()["class"] == ""
    assert "no class “ZZZZ” now" in stranger.look()["said"]
