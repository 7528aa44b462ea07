"""Pages first: what takes long waits between its steps while pages are drawn, one at a time.

A page is short work: it takes its turn by just running. What computes for longer than `LIGHT`
seconds, and every step of a job, is long work: one piece of it at a time for the whole server,
first come first served, and it pauses while other pages are drawn.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LIGHT = 0.4
"""Seconds of its own computing, however busy the machine is, after which a page's work is long."""
LIGHT_BYTES = 20_000_000
"""A trace that takes less is short work in any case."""
LOOK = 0.1
"""Seconds between two looks of whoever waits."""


class Turns:
    """Who computes. Safe to use from many threads.

    Args:
        patience: seconds for which long work gives way to pages in one go; then it takes one step
            all the same, so that it comes to its end on a server that is never quiet.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._changed = threading.Condition()
        self._pages: set[int] = set()
        self._long: deque[object] = deque()

    @contextmanager
    def page(self) -> Iterator[None]:
        """A page is drawn in this thread."""
        me = threading.get_ident()
        with self._changed:
            self._pages.add(me)
        try:
            yield
        finally:
            with self._changed:
                self._pages.discard(me)
                self._changed.notify_all()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The page of this thread only waits: nobody needs to give way to it."""
        me = threading.get_ident()
        with self._changed:
            drawn = me in self._pages
            self._pages.discard(me)
            self._changed.notify_all()
        try:
            yield
        finally:
            if drawn:
                with self._changed:
                    self._pages.add(me)

    def give_way(self) -> None:
        """Wait while pages of others are drawn, at most `patience` seconds."""
        until = time.monotonic() + self.patience
        with self._changed:
            while self._pages - {threading.get_ident()}:
                left = until - time.monotonic()
                if left <= 0:
                    return
                self._changed.wait(left)

    @contextmanager
    def long(self, waiting: Callable[[int], None] = lambda before: None) -> Iterator[None]:
        """Long work in this thread, when it is its turn.

        Args:
            waiting: called with the number of those before it; may raise to give up.
        """
        ticket = object()
        with self._changed:
            self._long.append(ticket)
        with self.aside():  # it is short no longer
            try:
                while True:
                    with self._changed:
                        before = self._long.index(ticket)
                        if not before:
                            break
                        self._changed.wait(LOOK)
                    waiting(before)
                self.give_way()
                yield
            finally:
                with self._changed:
                    self._long.remove(ticket)
                    self._changed.notify_all()
