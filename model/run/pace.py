"""A place to breathe between two steps of long work: to give way to others, or to stop.

The model calls `breathe()` at every step of decoding and before every layer of a pass; it does
nothing unless whoever started the work has put something there for its own thread:

    with pace(look_around):      # called in this thread only, many times a second
        model.run(...)           # what `look_around` raises ends the run

How long it may be held up there is a `Share`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_between: ContextVar[Callable[[], None] | None] = ContextVar("between_steps", default=None)


def breathe() -> None:
    """Called between two steps."""
    call = _between.get()
    if call is not None:
        call()


@contextmanager
def pace(between: Callable[[], None]) -> Iterator[None]:
    """Have `between` called between the steps of whatever this thread runs in the block."""
    token = _between.set(between)
    try:
        yield
    finally:
        _between.reset(token)


class Share:
    """Long work gives way to others between its steps, and yet goes on.

    Args:
        share: the smallest part of the time in which it computes, in (0, 1].
        clock: seconds that the work has computed so far; by default those of this thread.
    """

    def __init__(self, share: float, clock: Callable[[], float] = time.thread_time) -> None:
        self._times, self._clock = max(0.0, (1 - share) / share), clock
        self._paid = clock()

    def give(self, wait: Callable[[float], object]) -> None:
        """Between two steps: `wait` is called with the seconds for which it may wait at most."""
        computed = self._clock()
        wait((computed - self._paid) * self._times)
        self._paid = computed
