"""The places of sessions among those who train, and what waits for visitors who come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from headlight.model.training.live import TrainingQueue, TrainingSession


class Seats:
    """Those of one server. Safe to use from many threads.

    Args:
        trainings: the queue in which all of them stand.
        keep: seconds for which trained models wait for a visitor whose tab is closed.
        is_alive: whether the tab of a session is still open.
    """

    def __init__(
        self, trainings: TrainingQueue, keep: float, is_alive: Callable[[str], bool]
    ) -> None:
        self._trainings, self._keep, self._is_alive = trainings, keep, is_alive
        self._lock = threading.Lock()
        self._seats: dict[str, TrainingSession] = {}
        self._visitors: dict[str, str] = {}
        self._kept: dict[str, tuple[TrainingSession, float]] = {}

    def __bool__(self) -> bool:
        """Whether somebody's models are waited for."""
        return bool(self._kept)

    def of(self, session: str, visitor: str = "") -> TrainingSession:
        """The place of a session; the one they left, where they come back.

        Args:
            visitor: whose browser it is, as far as the browser says so.
        """
        with self._lock:
            if visitor:
                self._visitors[session] = visitor
            if session not in self._seats:
                self._seats[session] = self._left_by(visitor) or TrainingSession(self._trainings)
            return self._seats[session]

    def leave(self, gone: Sequence[str], now: float) -> None:
        """The tabs of these sessions are closed; trained models are kept for a while."""
        closed = []
        with self._lock:
            for session in gone:
                visitor = self._visitors.pop(session, "")
                if (seat := self._seats.pop(session, None)) is None:
                    continue
                closed.append(seat)
                if visitor and seat.trained:
                    self._kept[visitor] = (seat, now + self._keep)
            for visitor in [one for one, (_, until) in self._kept.items() if until <= now]:
                del self._kept[visitor]
        for seat in closed:
            seat.close()

    def _left_by(self, visitor: str) -> TrainingSession | None:
        """What a visitor left behind in a tab that is closed, or was reloaded just now."""
        if not visitor:
            return None
        for session, seat in self._seats.items():
            if self._visitors.get(session) == visitor and not self._is_alive(session):
                return self._seats.pop(session, seat)
        kept = self._kept.pop(visitor, None)
        return kept[0] if kept else None
