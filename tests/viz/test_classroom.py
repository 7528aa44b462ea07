"""A teacher's and pupils' sessions beside each other, without a browser: acts and answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st

from headlight.model import KINDS, Picture, Sound, load
from headlight.model.training.live import Settings
from headlight.viz import runtime, selection
from headlight.viz.page.classroom import (
    acts,
    asking,
    beside,
    follow,
    house,
    seat,
    shown,
    together,
)
from headlight.viz.page.context import RunContext
from headlight.viz.room import Hub, Store
from headlight.viz.runtime.limits import Limits
from headlight.viz.selection.session import Session

ASKED = {"type": "row", "ask": "?", "labels": ["a", "b"], "truth": [0.75, 0.25], "why": "so"}


@dataclass
class Browser:
    """One session: what Streamlit keeps for it, and what its browser says."""

    name: str
    state: dict[str, Any] = field(default_factory=dict)
    n: int = 0
    context: RunContext | None = None

    def do(self, act: str, **details: Any) -> dict[str, Any]:
        """Press something; returns what the browser shows then."""
        self.n += 1
        with self:
            acts.take_in({"acts": [[self.n, act, details]]}, self.context)
        return self.look()

    def look(self) -> dict[str, Any]:
        with self:
            here = seat.seat()
            room = house.store().room(here.code) if here.code else None
            return shown.shown(here, room)

    def __enter__(self) -> Browser:
        _now.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _now.pop()


_now: list[Browser] = []


class State:
    """`st.session_state` of whoever acts."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_now[-1].state, name)

    def __contains__(self, name: object) -> bool:
        return name in _now[-1].state

    def __getitem__(self, name: str) -> Any:
        return _now[-1].state[name]

    def __setitem__(self, name: str, value: Any) -> None:
        _now[-1].state[name] = value

    def setdefault(self, name: str, value: Any) -> Any:
        return _now[-1].state.setdefault(name, value)


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hub = Hub(Store(tmp_path / "rooms.sqlite", Limits()), lambda _: (), lambda _: True)
    hub._watching = True
    for module in (house, seat, beside):
        monkeypatch.setattr(module, "hub", lambda: hub)
    for module in (house, seat, beside, acts, asking, follow, shown, together):
        monkeypatch.setattr(module, "store", lambda: hub.store)
    monkeypatch.setattr(st, "session_state", State())
    context = SimpleNamespace(url="http://localhost:8501/learn", cookies={})
    monkeypatch.setattr(st, "context", context)
    monkeypatch.setattr(runtime, "session_id", lambda: _now[-1].name)
    yield
    hub.store.close()


def session(name: str) -> Browser:
    browser = Browser(name)
    browser.state["_selection"] = Session(page="explore", pages=("explore", "learn"))
    return browser


@pytest.fixture
def teacher() -> Browser:
    browser = session("teacher")
    with browser:
        seat.start()
    return browser


def joined(teacher: Browser, name: str) -> Browser:
    browser = session(name)
    with browser:
        seat.enter(teacher.look()["code"])
    return browser


@contextmanager
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which pages are drawn anew or opened."""
    deeds: list[str] = []
    monkeypatch.setattr(st, "rerun", lambda: deeds.append("rerun"))
    monkeypatch.setattr(selection, "go", lambda page: deeds.append(page))
    yield deeds


def ask(teacher: Browser) -> int:
    with teacher:
        asking.put({"type": "none"}, ASKED, "cross", game=True)
    return int(teacher.look()["question"]["id"])


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


def test_a_pupil_cannot_do_what_the_teacher_does(teacher: Browser) -> None:
    pupil = joined(teacher, "pupil")
    question = ask(teacher)
    for act in ("eyes", "stage", "set", "show", "remove", "end", "export", "free"):
        pupil.do(act, to="revealed", base="evil.example", entry=1, form="word", ask="?")
    told = teacher.look()
    assert told["question"]["id"] == question
    assert told["question"]["state"] == "open"
    assert (told["base"], told["teams"]) == ("", 0)


def test_an_answer_lands_in_the_tally_and_the_truth_comes_with_the_reveal(
    teacher: Browser,
) -> None:
    one, other = joined(teacher, "one"), joined(teacher, "other")
    question = ask(teacher)
    assert "truth" not in one.look()["question"]["board"]["question"]
    assert "truth" not in teacher.look()["question"]["board"]["question"]
    told = one.do("answer", question=question, value=[1, 1])
    assert told["question"]["mine"] == [0.5, 0.5]
    other.do("answer", question=question, value=[1, 0])
    other.do("answer", question=question, value=[1, 0])
    tally = teacher.look()["question"]["tally"]
    assert (tally["n"], tally["mean"]) == (2, [0.75, 0.25])
    assert teacher.look()["question"]["of"] == 2
    tally = teacher.do("stage", to="revealed")["question"]["tally"]
    assert tally["distance"] == pytest.approx(0.0)
    assert tally["best"] == pytest.approx(0.25)
    assert one.look()["question"]["own"] == "Your distance: 0.250."
    assert one.look()["question"]["board"]["question"]["truth"] == [0.75, 0.25]
    assert one.do("answer", question=question, value=[0, 1])["said"].startswith("This question is")


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


@pytest.mark.parametrize("form", ["cells", "head", "token", "number", "word"])
def test_free_questions_are_asked_of_what_is_on_screen(teacher: Browser, form: str) -> None:
    model = load("reverse")
    teacher.context = RunContext(model, "a b c", model.run("a b c"), {})
    with teacher:
        selection.settle(kind="cross", layer=1, head=2, pin="1-2")
    pupil = joined(teacher, "pupil")
    told = teacher.do("free", form=form, ask="<b>Which?</b>" if form == "word" else "", truth="")
    assert told["said"] == ""
    question = told["question"]["board"]["question"]
    named = {"cells": "L1 H2", "number": "L1 H2", "word": "<b>Which?</b>"}
    assert named.get(form, "?") in question["ask"]
    value: Any = {"cells": [[0, 0]], "head": 0, "token": 0, "number": 0.5, "word": "x"}[form]
    pupil.do("answer", question=told["question"]["id"], value=value)
    told = teacher.do("stage", to="revealed")
    assert told["question"]["tally"]["n"] == 1
    trace = teacher.context.trace
    if form == "number":
        weight = float(trace.attention["cross"][1].pattern[2, 1, 2])
        assert told["question"]["tally"]["distance"] == pytest.approx(abs(0.5 - weight), abs=1e-5)
    if form == "token":
        row = trace.attention["cross"][1].pattern[2, 1]
        assert told["question"]["board"]["question"]["values"] == pytest.approx(row, abs=1e-5)
    if form in ("head", "word"):
        assert "distance" not in told["question"]["tally"]


def test_a_kind_without_a_head_asks_about_the_one_that_the_page_opens(teacher: Browser) -> None:
    model = load("reverse")
    context = RunContext(model, "a b c", model.run("a b c"), {})
    with teacher:
        usual = asking.chosen_place(context)
        for kind in KINDS:
            selection.settle(kind=kind)
            found = runtime.opening(model, context.trace, kind)
            place = (kind, found.layer, found.head, None)
            assert asking.chosen_place(context) == place
            selection.settle(layer=9, head=3)
            assert asking.chosen_place(context) == (kind, found.layer, 3, None)
            selection.settle(layer=None, head=None)
    assert usual == place, "the page opens cross-attention"


def test_afterwards_a_table_and_a_page_and_then_nothing(teacher: Browser) -> None:
    teacher.do("set", wall=True, teams=2)
    pupil = joined(teacher, "pupil")
    question = ask(teacher)
    pupil.do("answer", question=question, value=[3, 1])
    pupil.do("send", kind="text", body="=1+1 <script>")
    told = teacher.do("stage", to="revealed")
    assert told["scores"] == [{"team": 1, "points": 100}, {"team": 2, "points": 0}]
    table = teacher.do("export", **{"as": "csv"})["file"]
    assert table["name"].endswith(".csv")
    assert '1,"?","Otter","a 0.750, b 0.250",0.0' in table["text"]
    assert '"wall","","Otter","\'=1+1 <script>",""' in table["text"]
    page = teacher.do("export", **{"as": "page"})["file"]["text"]
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert teacher.look()["file"] == {}
    teacher.do("end")
    assert teacher.look()["role"] == ""
    assert "Nothing of it was kept" in teacher.look()["said"]
    assert house.store().room(table["name"][6:10]) is None


def test_a_class_trains_one_model_that_all_of_it_have(
    teacher: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil, away = joined(teacher, "pupil"), joined(teacher, "away")
    away.do("look", on=True)
    code, store = teacher.look()["code"], house.store()
    training = together.begin(store, code, Settings(layers=1, heads=2, d_model=32, seconds=60))
    assert teacher.look()["training"]["status"] == "waiting"
    until(lambda: (store.training(code) or training).status == "running")
    until(lambda: len(together._drawn.__wrapped__(code, 1, 0)) > 0)
    said = teacher.look()["training"]["said"]
    assert pupil.look()["training"]["said"] == said
    assert away.look()["training"] is None
    pupil.do("train", to="stop")
    assert training.active
    teacher.do("train", to="stop")
    until(lambda: bool(store.trained(code)))
    told = pupil.look()["training"]
    assert told["name"] == f"reverse-{code}"
    assert told["said"].endswith("It ended: stopped.")

    models = []
    for one in (pupil, away):
        with one:
            together.share(code)
            models.append(runtime.training_seat().trained[told["name"]])
    assert models[0] is models[1], "built once a process"
    assert training.result is not None
    assert models[0].history.steps[-1] == training.result.step
    source, output = models[0].history.source, models[0].history.outputs[-1]
    assert models[0].model.run(source).output_text == output, "these are the weights"
    opened: list[dict[str, Any]] = []
    monkeypatch.setattr(selection, "go", lambda page, **changes: opened.append(changes))
    pages: Any = {"explore": "the first page"}
    teacher.context = RunContext(models[0].model, source, models[0].model.run(source), pages)
    teacher.do("train", to="open")
    assert opened == [{"model": told["name"], "text": source}]
    assert pupil.look()["training"] is None


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
