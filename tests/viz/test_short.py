"""What is new goes first; what has computed for longer waits for it, the longer the more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from headlight.viz.runtime.jobs import Jobs
from headlight.viz.runtime.limits import Limits
from headlight.viz.runtime.short import NEW, Short
from headlight.viz.runtime.turns import Turns

LONG = 20.0


class Clock:
    """Seconds of computing, as the test says."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def beside(
    short: Short, computed: float = 0.0, ends_after: float = LONG, idle: bool = False
) -> Iterator[None]:
    """Other work, in a thread of its own, that has computed so much."""
    there, over = threading.Event(), threading.Event()

    def other() -> None:
        with short.work():
            assert short.mine is not None
            short.mine.computed = computed
            with short.idle() if idle else nullcontext():
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


def test_what_is_new_waits_for_nobody() -> None:
    short = Short(clock := Clock())
    with short.work(), beside(short):
        clock.now += NEW
        assert waited(short) < NEW / 2


@pytest.mark.parametrize("times", [1, 3])
def test_the_longer_it_has_computed_the_more_it_waits(times: int) -> None:
    """Three times over that it waits three times as long as it computed since last."""
    short = Short(clock := Clock())
    with short.work():
        clock.now += times * NEW
        short.step_aside()
        with beside(short):
            clock.now += NEW
            assert waited(short) == pytest.approx(times * NEW, abs=0.8 * NEW)


def test_it_waits_no_longer_than_others_are_new() -> None:
    short = Short(clock := Clock())
    with short.work():
        clock.now += 100 * NEW
        with beside(short, computed=2 * NEW):
            assert waited(short) < 1
        clock.now += LONG
        with beside(short, ends_after=0.1):
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
        with turns.short.idle():
            assert turns.short.mine is None
        job = jobs.at_once("part", steps(), owner="me")
        assert job.wait(LONG)
    assert seen == [page]
    assert page is not None


def test_a_moment_in_which_nothing_is_new_is_waited_for() -> None:
    short = Short()
    start = time.monotonic()
    with beside(short):
        short.wait(0.1)
    assert time.monotonic() - start >= 0.1
    with beside(short, computed=2 * NEW):
        start = time.monotonic()
        short.wait(LONG)
    assert time.monotonic() - start < LONG / 2
