"""What is new goes first, in the order in which it came; the rest waits for it, within bounds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from headlight.viz.runtime.jobs import Jobs
from headlight.viz.runtime.limits import Limits
from headlight.viz.runtime.short import MOST, NEW, Short
from headlight.viz.runtime.turns import Turns

LONG = 20.0


class Clock:
    """Seconds of computing, as the test says."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def beside(
    short: Short, *, new: bool = True, ends_after: float = LONG, idle: bool = False
) -> Iterator[None]:
    """Other work, in a thread of its own."""
    there, over = threading.Event(), threading.Event()

    def other() -> None:
        with short.work(new=new), short.idle() if idle else nullcontext():
            there.set()
            over.wait(ends_after)

    thread = threading.Thread(target=other)
    thread.start()
    assert there.wait(LONG)
    yield
    over.set()
    thread.join(LONG)


def waited(short: Short) -> float:
    start = time.monotonic()
    short.step_aside()
    return time.monotonic() - start


def test_new_work_goes_in_the_order_in_which_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headlight.viz.runtime.short.MOST", LONG)
    short = Short(clock := Clock())
    with short.work(), beside(short):  # the other came later
        clock.now += NEW
        assert waited(short) < LONG / 2
    with beside(short, ends_after=1.0), short.work():
        assert 0.05 < waited(short) < LONG / 2


def test_new_work_waits_only_so_long_in_all() -> None:
    short = Short(Clock())
    with beside(short), short.work():
        assert 0.9 * MOST < waited(short) < LONG / 2
        assert waited(short) < 0.9 * MOST


def test_new_work_waits_no_longer_than_what_came_before_is_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("headlight.viz.runtime.short.MOST", LONG)
    short = Short(clock := Clock())
    begun, over = threading.Event(), threading.Event()

    def other() -> None:
        with short.work():
            begun.set()
            time.sleep(0.5)
            clock.now += 2 * NEW
            short.step_aside()
            over.wait(LONG)

    thread = threading.Thread(target=other)
    thread.start()
    assert begun.wait(LONG)
    with short.work():
        assert 0.02 < waited(short) < LONG / 2
    over.set()
    thread.join(LONG)


def test_what_is_new_no_longer_waits_for_what_is_but_for_its_share() -> None:
    """A quarter of the time: three times as long as it computed since last."""
    short = Short(clock := Clock())
    with short.work():
        clock.now += 2 * NEW
        assert waited(short) < NEW
        with beside(short):
            clock.now += NEW / 2
            assert waited(short) == pytest.approx(1.5 * NEW, abs=NEW)


def test_it_waits_no_longer_than_others_are_new() -> None:
    short = Short(clock := Clock())
    with short.work():
        clock.now += 100 * NEW
        with beside(short, new=False):
            assert waited(short) < 1
        clock.now += LONG
        with beside(short, ends_after=1.0):
            assert 0.05 < waited(short) < LONG / 2


def test_what_waits_is_not_waited_for() -> None:
    short = Short(clock := Clock())
    with short.work():
        clock.now += 100 * NEW
        with beside(short, idle=True):
            assert waited(short) < 1


def test_what_a_page_waits_for_is_part_of_it() -> None:
    """A job goes on where its page is, so that nothing is new again by being made of parts."""
    turns = Turns(share=0.1)
    jobs = Jobs(turns, Limits())
    seen = []

    def steps() -> Iterator[None]:
        seen.append(turns.short.mine)
        yield

    with turns.page():
        page = turns.short.mine
        assert page is not None
        assert page.new
        with turns.short.idle():
            assert turns.short.mine is None
        job = jobs.at_once("part", steps(), owner="me")
        assert job.wait(LONG)
    assert seen == [page]
    assert not page.new, "jobs are what is not known to be short"


def test_a_moment_in_which_nothing_is_new_is_waited_for() -> None:
    short = Short()
    start = time.monotonic()
    with beside(short):
        short.wait(0.1)
    assert time.monotonic() - start >= 0.1
    with beside(short, new=False):
        start = time.monotonic()
        short.wait(LONG)
    assert time.monotonic() - start < LONG / 2
