"""A place to breathe between two steps of long work: to give way to others, or to stop.

The model calls `breathe()` at every step of decoding and before every pass; it does nothing unless
whoever started the work has put something there for its own thread:

    with pace(look_around):      # called in this thread only, many times a second
        model.run(...)           # what `look_around` raises ends the run
"""

from __future__ import annotations

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
