"""Short work: pages that are drawn, and what they wait for, one after the other.

Threads that compute in Python get in each other's way: a page beside another one takes more than
twice as long. So they are let through in the order in which they came: work waits for what came
before it, between two elements of its page or two steps of the model. What is not known to be short
(a job), or has computed for longer than `NEW`, is new no longer: it lets all go first that are, but
for a `SHARE` of the time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

NEW = 0.1
"""Seconds of computing up to which work is new; a page with a new sentence takes 0.06 in all."""
SHARE = 0.25
"""The smallest part of the time in which short work that is not new computes."""
MOST = 0.3
"""Seconds for which new work waits in all: what came before it may wait for something itself."""
MOMENT = 0.01
"""Seconds between two looks at whether what is new is so no longer."""

_came = count()


class Work:
    """A page that is drawn, and what it waits for.

    Attributes:
        new: whether it is known to be short, and has not computed for long.
        computed: seconds so far.
        waited: seconds for which it has waited for others.
    """

    def __init__(self) -> None:
        self.computed = self.waited = 0.0
        self.new = True
        self._came = next(_came)

    def before(self, other: Work) -> bool:
        """Whether it goes first."""
        return self.new and not (other.new and other._came <= self._came)


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
    def work(self, of: Work | None = None, *, new: bool = True) -> Iterator[None]:
        """Short work in this thread, which calls `step_aside` often.

        Args:
            of: what waits for it, whose part it is.
            new: False where it is not known to be short.
        """
        of = of or Work()
        of.new = of.new and new
        self._enter(of)
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
        """Let others go first that are to."""
        if (mine := self.mine) is None:
            return
        now = self._clock()
        spent, self._thread.clock = now - self._thread.clock, now
        mine.computed += spent
        with self._left:
            if mine.new and mine.computed > NEW:
                mine.new = False
                self._left.notify_all()
            if not self._others(mine):
                return
            since = time.monotonic()
            most = max(MOST - mine.waited, 0.0) if mine.new else spent * (1 - SHARE) / SHARE
            self._left.wait_for(lambda: not self._others(mine), most)
            mine.waited += time.monotonic() - since

    def wait(self, most: float) -> None:
        """Wait, at most so many seconds, for a moment in which nothing is new."""
        until = time.monotonic() + most
        while any(one.new for one in list(self._all.values())) and time.monotonic() < until:
            with self._left:
                self._left.wait(MOMENT)

    def _others(self, mine: Work) -> bool:
        """Whether something goes first."""
        return any(one.before(mine) for one in list(self._all.values()))

    def _enter(self, work: Work) -> None:
        self._thread.clock = self._clock()
        self._all[threading.get_ident()] = work

    def _leave(self) -> Work | None:
        with self._left:
            mine = self._all.pop(threading.get_ident(), None)
            self._left.notify_all()
        return mine
