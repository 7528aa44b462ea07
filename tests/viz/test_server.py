"""What a server does for all sessions: tidy up behind closed tabs, end what nobody wants."""

from __future__ import annotations

import gc
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch

import headlight
from headlight.model import CheckpointError, Model
from headlight.model.run.arrays import Array
from headlight.model.training.live import Settings, Trained, Training, TrainingSession
from headlight.viz import runtime
from headlight.viz.runtime.cache import ByteCache
from headlight.viz.runtime.jobs import Job
from headlight.viz.runtime.limits import Limits
from headlight.viz.runtime.server import Server
from headlight.viz.runtime.tidying import COLLECT, COST, STORED, Tidying
from tests.model.builders import random_model

LONG = 20.0


@pytest.fixture(scope="module")
def tiny() -> Model:
    return random_model()


def block(size: int) -> Array:
    return np.zeros(size, np.uint8)


def server(alive: set[str], **limits: float) -> Server:
    """One that is swept by the test alone, which has a clock of its own."""
    made = Server(Limits(**{"leaving_seconds": 1, **limits}), is_alive=alive.__contains__)
    made._watch = lambda: None  # type: ignore[method-assign]
    return made


def endless(seen: list[str], name: str) -> Iterator[str]:
    while True:
        seen.append(name)
        time.sleep(0.01)
        yield name


def computed(house: Server, key: str, make: Callable[[], str], session: str) -> Job:
    steps = (house.cache.get((key,), make, session) for _ in range(1))
    return house.work.compute((key,), steps, session, "doing")


class Knot:
    """Holds itself, as pages and what they show hold each other."""

    def __init__(self) -> None:
        self.me = self


def endless_run(tiny: Model) -> str:
    while True:
        tiny.run("c a b")


def test_what_a_closed_tab_held_is_let_go_of() -> None:
    cache = ByteCache(total=100_000, share=50_000)
    cache.put("mine", block(500), "me")
    cache.put("ours", block(500), "me")
    assert cache.find("ours", "them") is not None
    cache.release("me")
    assert cache.find("mine", "them") is None
    assert cache.find("ours", "them") is not None


def test_a_server_has_its_trainings_give_way_to_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list[str]()
    monkeypatch.setattr(Training, "start", lambda training: True)
    monkeypatch.setattr(Training, "_say", lambda training, command: said.append(command))
    house, training = server({"me"}, job_share=0.25), Training(Settings())
    house.trainings.enter(training)
    assert (training.share, house.turns.share) == (0.25, 0.25)
    with house.page():
        assert said == ["pages"]
    assert said == ["pages", "quiet"]


def test_the_server_decides_how_many_threads_compute() -> None:
    """Whatever the environment or the number of cores say, which the tests' one thread hides."""
    before = torch.get_num_threads()
    sys.setswitchinterval(0.005)
    try:
        torch.set_num_threads(2)
        server(set())
        assert torch.get_num_threads() == 1
        assert sys.getswitchinterval() < 0.001, "a busy page does not hold up the others"
        server(set(), threads=2)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_what_pages_have_left_is_collected_for_all_of_them_now_and_then() -> None:
    house = server({"one"})

    def draw() -> weakref.ref[Knot]:
        with house.page():
            return weakref.ref(Knot())

    gc.disable()
    try:
        first = draw()
        house.sweep(10.0)
        assert first() is None
        second, third = draw(), draw()
        house.sweep(10.0 + COLLECT / 2)
        assert second() is not None, "not after every page"
        house.sweep(10.0 + 100 * COLLECT)
        assert (second(), third()) == (None, None)
    finally:
        gc.enable()


def test_looks_take_a_small_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page is drawn meanwhile, and each goes through the pages of all sessions."""
    looks: list[float] = []
    now = computed = 0.0

    def look() -> None:
        nonlocal computed
        looks.append(now)
        computed += 7.5 * COST

    house = server({"one"})
    monkeypatch.setattr("gc.collect", look)
    monkeypatch.setattr("time.thread_time", lambda: computed)
    for second in range(30):
        now = float(second)
        with house.page():
            pass
        house.sweep(now)
    assert looks == [0, 8, 16, 24]


def test_tabs_that_close_one_after_the_other_are_tidied_up_after_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[float] = []
    given: list[float] = []
    clock = 0.0
    monkeypatch.setattr("gc.collect", lambda: looks.append(clock))
    monkeypatch.setattr(f"{Tidying.__module__}.give_back", lambda: given.append(clock))
    house = server(set(), leaving_seconds=0.001)
    for second in range(200):
        clock = float(second)
        if second < 30:
            house.visit(f"tab {second}")
        house.sweep(clock)
    assert given == looks == [1.0, 11.0, 21.0, 31.0, 30.0 + STORED]


def test_libraries_are_out_of_the_looks_and_pages_are_not() -> None:
    house = server({"one"})
    gc.disable()
    try:
        house.tidying.settle()
        frozen = gc.get_freeze_count()
        assert frozen > 1000
        with house.page():
            knot = Knot()
        held = weakref.ref(knot)
        house.sweep(10.0)
        del knot
        with house.page():
            pass
        house.sweep(10.0 + 100 * COLLECT)
        assert held() is None
        assert gc.get_freeze_count() <= frozen
    finally:
        gc.enable()
        gc.unfreeze()


def test_a_damaged_shipped_model_is_told_of_without_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headlight.save(random_model(), tmp_path / "reverse")
    (tmp_path / "reverse" / "model.safetensors").write_bytes(b"no")
    monkeypatch.setattr("headlight.model.checkpoints.folder.CHECKPOINTS", tmp_path)
    with pytest.raises(CheckpointError, match=r"^reverse/model\.safetensors is damaged"):
        server(set()).models.get("reverse")
    with pytest.raises(CheckpointError, match=r"no model .* among those of this server"):
        server(set()).models.get(str(tmp_path / "reverse"))


def test_jobs_take_turns_by_session_and_end_with_their_tabs() -> None:
    alive = {"one", "two"}
    house, seen = server(alive, slice_seconds=0.05, waiting_jobs=2), list[str]()
    for session in ("one", "two"):
        house.visit(session)
    jobs = {
        name: house.work.start((name,), name, endless(seen, name), 10**6, name[:3])
        for name in ("one a", "one b", "two")
    }
    with pytest.raises(ValueError, match="2 pieces of work"):
        house.work.start(("more",), "more", iter(()), 1, "one")
    until = time.monotonic() + LONG
    while len(set(seen)) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert set(seen) >= {"one a", "two"}, "the second session does not wait for the first's job"
    assert "one b" not in seen, "which itself waits for its own"
    alive.clear()
    house.sweep(0.0)
    assert jobs["two"].active
    house.sweep(2.0)
    assert all(job.wait(LONG) for job in jobs.values())
    assert {job.status for job in jobs.values()} == {"cancelled"}
    assert house.work.find(("two",), "two") is None


def test_a_shared_job_lasts_as_long_as_one_of_its_tabs() -> None:
    alive = {"one", "two"}
    house = server(alive)
    job = house.work.start(("key",), "shared", endless([], "shared"), 10**6, "one")
    house.visit("one")
    house.visit("two")
    assert house.work.find(("key",), "two") is job
    alive.discard("one")
    house.sweep(0.0)
    house.sweep(2.0)
    assert job.active
    alive.clear()
    house.sweep(3.0)
    house.sweep(5.0)
    assert job.wait(LONG)


def test_a_tab_that_comes_back_in_time_loses_nothing() -> None:
    alive = {"one"}
    house = server(alive)
    house.visit("one")
    house.cache.put("key", "value", "one")
    alive.clear()
    house.sweep(0.0)
    alive.add("one")
    house.sweep(0.9)
    alive.clear()
    house.sweep(1.5)
    assert house.cache.find("key", "one") == "value"
    house.sweep(3.0)
    assert house.cache.find("key", "two") is None


def test_who_reloads_or_comes_back_in_time_finds_what_they_have_trained() -> None:
    alive = {"one"}
    house = server(alive, returning_seconds=60)

    def sits(session: str, visitor: str) -> TrainingSession:
        house.visit(session)
        return house.seats.of(session, visitor)

    seat = sits("one", "me")
    seat.trained["mine"] = cast(Trained, None)
    alive.clear()
    alive.add("reloaded")
    assert sits("reloaded", "me") is seat
    assert sits("other", "somebody else") is not seat
    alive.clear()
    house.sweep(0.0)
    house.sweep(2.0)
    alive.add("later")
    assert sits("later", "") is not seat, "who does not say who they are starts anew"
    assert sits("back", "me") is seat
    house.sweep(3.0)
    house.sweep(5.0)
    house.sweep(66.0)
    assert sits("too late", "me") is not seat


def test_streamlits_clear_cache_ends_nobodys_work() -> None:
    import streamlit as st

    house = runtime.server()
    job = house.work.start(("survives",), "survives", endless([], "x"), 10**6, "")
    seat = house.seats.of("")
    st.cache_data.clear()
    st.cache_resource.clear()
    assert runtime.server() is house
    assert runtime.server().seats.of("") is seat
    assert job.active
    job.cancel()
    assert job.wait(LONG)


def test_a_step_of_the_model_is_left_when_nobody_wants_it_any_more(tiny: Model) -> None:
    house, seen = server({"me"}), list[str]()

    def steps() -> Iterator[None]:
        while not seen:
            tiny.run("c a b")  # many steps of decoding; the job itself never yields
        yield

    job = house.work.start(("key",), "stuck", steps(), 1, "me")
    time.sleep(0.1)
    job.cancel()
    assert job.wait(LONG)
    assert job.status == "cancelled"


def test_what_a_page_waits_for_goes_on_when_the_page_is_drawn_anew(tiny: Model) -> None:
    house, made, go = server({"me", "you"}), list[str](), threading.Event()

    def make() -> str:
        made.append("once")
        go.wait(LONG)
        return "value"

    first = computed(house, "key", make, "me")
    assert computed(house, "key", make, "me") is first
    assert computed(house, "key", make, "you") is first
    go.set()
    assert first.wait(LONG)
    assert (first.latest, made) == ("value", ["once"])
    assert house.cache.find(("key",), "me") == "value"


def test_what_a_page_waits_for_ends_when_it_wants_something_else(tiny: Model) -> None:
    house = server({"me"})
    first = computed(house, "a", lambda: endless_run(tiny), "me")
    second = computed(house, "b", lambda: "b", "me")
    assert second.wait(LONG)
    assert first.wait(LONG)
    assert first.status == "cancelled"


def test_what_a_page_waits_for_ends_with_the_tab_or_by_its_button(tiny: Model) -> None:
    alive = {"me", "you"}
    house = server(alive)
    closed, stopped = (
        computed(house, one, lambda: endless_run(tiny), one) for one in ("me", "you")
    )
    house.work.leave_computing(("you",), "you")
    assert stopped.wait(LONG)
    house.visit("me")
    alive.clear()
    house.sweep(0.0)
    assert closed.active
    house.sweep(2.0)
    assert closed.wait(LONG)
    assert closed.status == "cancelled"
