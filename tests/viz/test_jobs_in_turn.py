"""Jobs that hold the queue: turns are handed over within a step, and two never compute at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from headlight.model.run.pace import breathe
from headlight.viz.runtime.jobs import Jobs
from headlight.viz.runtime.limits import Limits
from headlight.viz.runtime.turns import Turns

LONG = 20.0


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(Turns(share=0.1), Limits())


def test_a_turn_is_handed_over_within_a_step(jobs: Jobs) -> None:
    """A step that lasts for ever holds the queue no longer than its slice."""
    jobs._turns.longest = 0.05
    order: list[str] = []
    over = threading.Event()

    def endless() -> Iterator[None]:
        while not over.is_set():
            order.append("endless")
            breathe()
            time.sleep(0.005)
        yield

    def short() -> Iterator[None]:
        order.append("short")
        yield

    first = jobs.submit("endless", endless(), total=1, owner="one")
    while not order:
        time.sleep(0.005)
    second = jobs.submit("short", short(), total=1, owner="two")
    assert second.wait(LONG)
    assert first.active
    over.set()
    assert first.wait(LONG)
    assert first.status == "done"


def test_of_what_holds_much_memory_one_is_within_a_step_at_a_time(jobs: Jobs) -> None:
    """Though all take turns: what is small goes on beside it, and who waits is not passed over."""
    jobs._turns.longest = 0.02
    begun: set[str] = set()
    most: list[int] = []
    ended: list[str] = []
    over = {name: threading.Event() for name in ("one", "two", "small")}

    def large(name: str) -> Iterator[None]:
        begun.add(name)
        while not over[name].is_set():
            most.append(len(begun & {"one", "two"}))
            breathe()
            time.sleep(0.002)
        begun.discard(name)
        ended.append(name)
        yield

    first = jobs.submit("first", large("one"), total=1, owner="one", large=True)
    while not begun:
        time.sleep(0.002)
    second = jobs.submit("second", large("two"), total=1, owner="two", large=True)
    small = jobs.submit("small", large("small"), total=1, owner="three")
    until = time.monotonic() + LONG
    while "small" not in begun and time.monotonic() < until:
        time.sleep(0.002)
    assert begun == {"one", "small"}
    assert second.place > 0, "it is told that it waits"
    over["small"].set()
    assert small.wait(LONG)
    assert first.active
    over["one"].set()
    assert first.wait(LONG)
    over["two"].set()
    assert second.wait(LONG)
    assert (ended, max(most)) == (["small", "one", "two"], 1)


def test_large_work_takes_turns_between_its_steps(jobs: Jobs) -> None:
    jobs._turns.longest = 0.02
    seen: list[str] = []

    def large(name: str) -> Iterator[None]:
        while len(set(seen)) < 2:
            seen.append(name)
            time.sleep(0.005)
            yield
        yield

    work = [
        jobs.submit(name, large(name), total=1, owner=name, large=True) for name in ("one", "two")
    ]
    assert all(one.wait(LONG) for one in work)
    assert seen[0] == "one"
    assert seen[-1] == "two"


def test_two_never_compute_at_once(jobs: Jobs) -> None:
    """Not where something large ends while it waits, and what waited for its end comes before."""
    jobs._turns.longest = 0.01
    over, computing, most = threading.Event(), list[int](), list[int]()

    def busy() -> Iterator[None]:
        while not over.is_set():
            computing.append(1)
            most.append(len(computing))
            time.sleep(0.002)
            computing.pop()
            breathe()
        yield

    work = [jobs.submit(str(i), busy(), total=1, owner=str(i), large=i % 2 == 0) for i in range(5)]
    time.sleep(0.1)
    work[0].cancel()
    assert work[0].wait(LONG)
    time.sleep(0.1)
    over.set()
    assert all(one.wait(LONG) for one in work)
    assert max(most) == 1
