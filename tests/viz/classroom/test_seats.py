"""Who is who in a class: teacher and pupils by what their browsers keep."""

from __future__ import annotations

from headlight.viz import selection
from headlight.viz.page.classroom import acts, seat
from tests.viz.classroom.sessions import Browser, joined, session


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


def test_a_wrong_code_says_so_and_leaves_the_address(teacher: Browser) -> None:
    stranger = session("stranger")
    with stranger:
        selection.settle(**{"class": "ZZZZ"})
        acts.take_in({"me": {"code": "ZZZZ"}}, None)
        assert selection.current()["class"] == ""
    assert "no class “ZZZZ” now" in stranger.look()["said"]
