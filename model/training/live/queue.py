"""Who may train: one at a time, in the order in which they came."""

from __future__ import annotations

import threading

from .line import Line
from .training import Training


class TrainingQueue:
    """The queue of a server. Safe to use from many threads.

    Args:
        share: the smallest part of the time in which a training computes while pages are drawn.
    """

    def __init__(self, share: float = 1.0) -> None:
        self._share = share
        self._lock = threading.RLock()
        self._line: Line[Training] = Line()
        self._running: Training | None = None

    def enter(self, training: Training) -> None:
        """Start it now, or when all before it have ended."""
        training.on_end, training.share = self._ended, self._share
        with self._lock:
            self._line.add(training, owner=training)  # a session has one training at a time
            self._advance()

    def give_way(self, pages: bool) -> None:
        """Have the one that runs give way, as long as pages are drawn."""
        if (running := self._running) is not None:
            running.give_way(pages)

    def place(self, training: Training) -> int:
        """How many are before it; 0 once it may run."""
        with self._lock:
            if training not in self._line:
                return 0
            return self._line.place(training) + (self._running is not None)

    def __len__(self) -> int:
        """How many train or wait."""
        with self._lock:
            return len(self._line) + (self._running is not None)

    def _ended(self, training: Training) -> None:
        """It ended, or left while it was waiting."""
        with self._lock:
            self._line.remove(training)
            if training is self._running:
                self._running = None
            self._advance()

    def _advance(self) -> None:
        while self._running is None and (first := self._line.first()) is not None:
            self._line.remove(first)
            self._running = first
            if not first.start():
                self._running = None
