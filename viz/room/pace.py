"""How fast one of them may send: a flood from one phone is refused, all others go on."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST = 10_000
"""Senders that are remembered; those unheard of for longest are forgotten."""


class Pace:
    """At most `rate` a second for each sender, and `burst` at once."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._most, self._clock = rate, max(1.0, burst), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, sender: str) -> None:
        """Count one.

        Raises:
            ValueError: that was too fast.
        """
        with self._lock:
            now = self._clock()
            left, before = self._left.pop(sender, (self._most, now))
            left = min(self._most, left + (now - before) * self._rate)
            self._left[sender] = (max(0.0, left - 1), now)
            if len(self._left) > MOST:
                self._left.popitem(last=False)
        if left < 1:
            raise ValueError("That was too fast. Wait a moment, then send it again.")
