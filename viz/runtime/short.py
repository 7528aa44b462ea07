"""Short work: pages that are drawn, and what they wait for; what is new goes first.

Threads that compute in Python get in each other's way: a page beside another one takes more than
twice as long. So once work has computed for longer than `NEW`, it lets others go first that have
not, between two elements of its page or two steps of the model: the longer it has computed, the
more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

NEW = 0.03
"""Seconds of computing up to which work is new; a page with a new sentence takes 0.05 in all."""
MOMENT = 0.01
"""Seconds between two looks at whether what is new is so no longer."""


class Work:
    """A page that is drawn, and what it waits for.

    Attributes:
        computed: seconds so far.
    """

    computed = 0.0

    @property
    def new(self) -> bool:
        """Whether it has just begun to compute."""
        return self.computed <= NEW


class Short:
    """All of it. Safe to use from many threads.

    Args:
        clock: seconds that the thread which asks has computed.
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._all: dict[int, Work] = {}
        self._left = threading.Condition()
        self._thread = threading.local()

    @property
    def mine(self) -> Work | None:
        """What this thread does."""
        return self._all.get(threading.get_ident())

    @contextmanager
    def work(self, of: Work | None = None) -> Iterator[None]:
        """Short work in this thread, which calls `step_aside` often.

        Args:
            of: what waits for it, whose part it is.
        """
        self._enter(of or Work())
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def idle(self) -> Iterator[None]:
        """While this thread waits, or does what is short no longer, nobody lets it go first."""
        mine = self._leave()
        try:
            yield
        finally:
            if mine is not None:
                self._enter(mine)

    def step_aside(self) -> None:
        """Let others go first: x times as long as it computes, where it is x times over `NEW`."""
        if (mine := self.mine) is None:
            return
        now = self._clock()
        spent, self._thread.clock = now - self._thread.clock, now
        mine.computed += spent
        if not mine.new and self._others(mine):
            with self._left:
                most = spent * (mine.computed / NEW - 1)
                self._left.wait_for(lambda: not self._others(mine), most)

    def wait(self, most: float) -> None:
        """Wait, at most so many seconds, for a moment in which nothing is new."""
        until = time.monotonic() + most
        while self._others() and time.monotonic() < until:
            with self._left:
                self._left.wait(MOMENT)

    def _others(self, mine: Work | None = None) -> bool:
        """Whether something else is new."""
        return any(one is not mine and one.new for one in list(self._all.values()))

    def _enter(self, work: Work) -> None:
        self._thread.clock = self._clock()
        self._all[threading.get_ident()] = work

    def _leave(self) -> Work | None:
        with self._left:
            mine = self._all.pop(threading.get_ident(), None)
            self._left.notify_all()
        return mine
