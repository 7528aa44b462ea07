"""Long work gives way to pages, keeps its share, and is done one piece at a time."""

from __future__ import annotations

import threading
import time

import pytest

from headlight.viz.runtime.turns import Turns

LONG = 20.0


def test_long_work_waits_for_pages_as_long_as_its_share_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each step may be followed by a wait of (1 − share) / share times what it computed."""
    computed, waits = [5.0], list[float]()
    turns = Turns(share=0.2, clock=lambda: computed[0])
    monkeypatch.setattr(turns, "wait_for_pages", waits.append)
    with turns.long() as turn:
        for step in (0.5, 0.0, 2.0):
            computed[0] += step
            turn.breathe()
    assert waits == pytest.approx([2.0, 0.0, 8.0])


def test_a_wait_for_pages_ends_with_them_or_when_its_time_is_up() -> None:
    turns = Turns(share=0.5)
    drawing, done = threading.Event(), threading.Event()

    def draw() -> None:
        with turns.page():
            drawing.set()
            done.wait(LONG)

    thread = threading.Thread(target=draw)
    thread.start()
    assert drawing.wait(LONG)
    start = time.monotonic()
    turns.wait_for_pages(0.2)
    assert time.monotonic() - start >= 0.2
    threading.Timer(0.1, done.set).start()
    start = time.monotonic()
    turns.wait_for_pages(LONG)
    assert time.monotonic() - start < LONG / 2
    thread.join(LONG)
    with turns.page():  # a page does not wait for itself
        start = time.monotonic()
        turns.wait_for_pages(LONG)
        assert time.monotonic() - start < LONG / 2


def test_a_training_is_told_from_the_first_page_to_the_last() -> None:
    told = list[bool]()
    turns = Turns(share=0.1, tell=told.append)
    inner, outer = threading.Event(), threading.Event()

    def draw() -> None:
        with turns.page():
            inner.set()
            outer.wait(LONG)

    thread = threading.Thread(target=draw)
    with turns.page():
        thread.start()
        assert inner.wait(LONG)
        assert told == [True]
    assert told == [True], "another page is still drawn"
    outer.set()
    thread.join(LONG)
    assert told == [True, False]
    with turns.page(), turns.aside():  # it only waits
        assert told == [True, False, True, False]
    assert told == [True, False, True, False, True, False]


def test_long_work_is_done_one_at_a_time_in_order() -> None:
    turns, order = Turns(share=0.1), list[str]()
    started = threading.Event()

    def work(name: str) -> None:
        with turns.long():
            started.set()
            order.append(f"{name} begins")
            time.sleep(0.1)
            order.append(f"{name} ends")

    first = threading.Thread(target=work, args=("first",))
    first.start()
    assert started.wait(LONG)
    second = threading.Thread(target=work, args=("second",))
    second.start()
    first.join(LONG)
    second.join(LONG)
    assert order == ["first begins", "first ends", "second begins", "second ends"]
