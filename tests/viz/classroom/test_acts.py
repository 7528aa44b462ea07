"""What a browser wants done is done once, and only by who may do it."""

from __future__ import annotations

from typing import Any

import pytest

from headlight.viz import selection
from headlight.viz.page.classroom import acts, asking, beside, house, seat
from tests.viz.classroom.sessions import ASKED, Browser, ask, joined, session


def test_a_pupil_cannot_do_what_the_teacher_does(teacher: Browser) -> None:
    pupil = joined(teacher, "pupil")
    question = ask(teacher)
    for act in ("eyes", "stage", "set", "show", "remove", "end", "export", "free"):
        pupil.do(act, to="revealed", base="evil.example", entry=1, form="word", ask="?")
    told = teacher.look()
    assert told["question"]["id"] == question
    assert told["question"]["state"] == "open"
    assert (told["base"], told["teams"]) == ("", 0)


def test_an_act_is_done_once_however_often_it_comes(teacher: Browser) -> None:
    teacher.do("set", wall=True)
    pupil = joined(teacher, "pupil")
    with pupil:
        for _ in range(3):
            acts.take_in({"acts": [[7, "send", {"kind": "text", "body": "once"}]]}, None)
    assert [one["body"] for one in teacher.look()["wall"]] == ["once"]
    assert pupil.look()["done"] == 7


def test_an_act_is_done_once_though_its_session_was_lost(teacher: Browser) -> None:
    """The page comes back to another process, with what it said last to the one before."""
    keep = teacher.look()["keep"]
    hand = {"me": keep, "page": "p1", "acts": [[7, "set", {"teams": 2}], [8, "eyes", {}]]}
    with teacher:
        acts.take_in(hand, None)
    with (again := session("again")):
        selection.settle(**{"class": keep["code"]})
        acts.take_in(hand, None)
    assert again.look()["done"] == 8
    room = house.store().room(keep["code"])
    assert room is not None
    assert (room.teams, room.eyes) == (2, 1)
    with again:
        acts.take_in({**hand, "acts": [[8, "eyes", {}], [9, "eyes", {}]]}, None)
    with (other := session("another page of the teacher's")):
        selection.settle(**{"class": keep["code"]})
        acts.take_in({**hand, "page": "p2", "acts": [[7, "set", {"teams": 3}]]}, None)
    assert other.look()["done"] == 7
    room = house.store().room(keep["code"])
    assert room is not None
    assert (room.teams, room.eyes) == (3, 2)


def test_a_next_question_lost_with_its_process_is_asked_once(teacher: Browser) -> None:
    """The page was to put it, and was not drawn any more."""
    first, keep = ask(teacher), teacher.look()["keep"]
    act = [7, "stage", {"to": "next", "question": first}]
    hand = {"me": keep, "page": "p1", "acts": [act, [8, *act[1:]]]}  # pressed twice
    with teacher:
        acts.take_in(hand, None)
        assert seat.seat().ask_next
        assert selection.current()["turn"] == "1"
    assert teacher.look()["question"]["id"] == first, "until there is another one"
    with (again := session("again")):
        selection.settle(**{"class": keep["code"]})
        acts.take_in(hand, None)
        asking.offer({"type": "none"}, ASKED, "cross", game=True)
    second = again.look()["question"]["id"]
    assert second > first
    with (third := session("a third")):
        selection.settle(**{"class": keep["code"]})
        acts.take_in(hand, None)
        assert not seat.seat().ask_next
    assert third.look()["question"]["id"] == second


def test_a_page_without_questions_has_no_next_one(teacher: Browser) -> None:
    first = ask(teacher)
    with teacher:
        acts.take_in({"acts": [[7, "stage", {"to": "next", "question": first}]]}, None)
        seat.seat().redraw = False  # the page was drawn
        beside._live(None, {})
        assert not seat.seat().ask_next
    assert teacher.look()["question"] is None


def test_a_press_waits_until_it_is_known_who_pressed(teacher: Browser) -> None:
    question = ask(teacher)
    keep = teacher.look()["keep"]
    hand: dict[str, Any] = {"me": None, "page": "p1", "acts": [[7, "stage", {"to": "revealed"}]]}
    with (again := session("again")):
        selection.settle(**{"class": keep["code"]})
        acts.take_in(hand, None)
        assert (seat.seat().done, again.look()["role"]) == (0, "")
        acts.take_in({**hand, "me": keep}, None)
    asked = house.store().asked(question)
    assert asked is not None
    assert (asked.state, again.look()["done"]) == ("revealed", 7)


@pytest.mark.parametrize(
    "hand",
    [
        {"me": "x", "acts": "y"},
        {"acts": [None, [], [1], ["a", "b", {}], [1, 2, {}], [1, "answer", None]]},
        {"acts": [[1, "answer", {}], [2, "answer", {"question": "1", "value": {}}]]},
        {"acts": [[1, "send", {"kind": "text"}], [2, "send", {"kind": "source", "body": "x"}]]},
        {"acts": [[1, "try", {"entry": 1}], [2, "send", {"body": ["x"]}]]},
        {"acts": [[1, "__class__", {}], [2, "look", {"on": [1]}]]},
        {"page": 1, "acts": [[float("inf"), "look", {}], [float("nan"), "look", {}]]},
        {"page": "x" * 1_000_000, "acts": [[10**400, "look", {}], [2**53 - 1, "look", {}]]},
    ],
)
def test_nonsense_from_a_browser_harms_nobody(teacher: Browser, hand: dict[str, Any]) -> None:
    teacher.do("set", wall=True)
    pupil = joined(teacher, "pupil")
    with pupil:
        acts.take_in(hand, None)
    told = teacher.look()
    assert (told["wall"], told["here"]) == ([], 1)
