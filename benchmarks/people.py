"""Many people at once, each a tab without a browser in a thread of its own."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from websockets.exceptions import WebSocketException

from benchmarks.protocol import AGAIN, Tab, resident
from tests.browser.session import Server

LOST = (TimeoutError, OSError, LookupError, WebSocketException)
PAGES = ("", "decode", "heads", "inside", "interventions", "learn", "training")
NOUNS = (
    "cat dog house river friend book teacher garden school child tree letter bread train".split()
)
_new = count()


@dataclass
class Met:
    """What they went through.

    Attributes:
        seconds: of each rerun, from the request to its end.
        lost: reruns that did not end, or showed a failure.
        away: seconds until the page of one whose connection broke was there again.
        megabytes: of the server, once a minute.
    """

    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    away: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


def new_sentence() -> str:
    """About 15 tokens, never the same again."""
    i = next(_new)
    first, second = random.Random(i).sample(NOUNS, 2)
    return f"The old {first} near the {second} is very quiet, and I think that it is {i} years old."


@contextmanager
def tabs(url: str, n: int, page: str = "", **query: str) -> Iterator[list[Tab]]:
    """Open pages, each drawn once."""
    with ExitStack() as stack:
        found = [stack.enter_context(Tab(url, page, **query)) for _ in range(n)]
        for tab in found:
            tab.rerun()
        yield found


def typing(people: list[Tab], seconds: float, every: float) -> Met:
    """Everybody types a new sentence every few seconds, not all at the same moment.

    Whose connection breaks connects anew and goes on, as a browser does.
    """
    met, until = Met(), time.monotonic() + seconds

    def one(tab: Tab, draw: random.Random) -> None:
        _rest(met, tab, draw.uniform(0, every))
        while time.monotonic() < until:
            start = time.monotonic()
            _note(met, tab, lambda: tab.type("Source text", new_sentence()))
            spent = time.monotonic() - start
            _rest(met, tab, max(draw.uniform(0.5, 1.5) * every - spent, 0.01))

    _all([partial(one, tab, random.Random(i)) for i, tab in enumerate(people)])
    return met


def crowd(server: Server, n: int, seconds: float, model: str) -> Met:
    """People who open pages at random, type, and go on to the next after a while."""
    met, until = Met(), time.monotonic() + seconds

    def one(draw: random.Random) -> None:
        time.sleep(draw.uniform(0, 10))
        while time.monotonic() < until:
            page = draw.choice(PAGES)
            try:
                with Tab(server.url, page, model=model, text=new_sentence()) as tab:
                    _note(met, tab, tab.rerun)
                    for _ in range(draw.randint(1, 4)):
                        tab.listen(draw.uniform(3, 12))
                        if time.monotonic() < until:
                            _note(met, tab, lambda: tab.type("Source text", new_sentence()))
            except LOST:
                met.lost += 1

    def look() -> None:
        while time.monotonic() < until:
            time.sleep(min(60.0, max(until - time.monotonic(), 0)))
            met.megabytes.append(resident(server.pid))

    calls: list[Callable[[], None]] = [look]
    calls += [partial(one, random.Random(i)) for i in range(n)]
    _all(calls)
    return met


def _rest(met: Met, tab: Tab, seconds: float) -> None:
    """Look at the page for a while."""
    try:
        tab.listen(seconds)
    except WebSocketException:
        _come_back(met, tab)


def _come_back(met: Met, tab: Tab) -> None:
    start = time.monotonic()
    while time.monotonic() < start + AGAIN:
        try:
            tab.reopen()
        except LOST:
            time.sleep(0.5)
        else:
            met.away.append(time.monotonic() - start)
            return


def _note(met: Met, tab: Tab, run: Callable[[], float]) -> None:
    failures = len(tab.errors)
    try:
        met.seconds.append(run())
    except LOST as error:
        met.lost += 1
        if isinstance(error, WebSocketException):
            _come_back(met, tab)
    met.lost += len(tab.errors) - failures


def _all(calls: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
