"""Pages first: what takes long waits between its steps while pages are drawn, one at a time.

A page is short work: it takes its turn by just running. What computes for longer than `LIGHT`
seconds, and every job, is long work: one piece of it at a time for the whole server. Sessions take
turns in it, nobody's turn lasts longer than a slice while others wait, and it pauses while other
pages are drawn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from headlight.model.training.live.line import Line

LIGHT = 0.4
"""Seconds of its own computing, however busy the machine is, after which a page's work is long."""
LOOK = 0.1
"""Seconds between two looks of whoever waits."""


def _nothing() -> None:
    """Looks at nothing."""


class Turn:
    """A place in the line of those who compute for long.

    Args:
        look: called often; may raise to give up.
        waited_for: whether somebody looks at a page that waits for this; others make room sooner.
    """

    def __init__(self, turns: Turns, look: Callable[[], None], waited_for: bool) -> None:
        self.look, self.waited_for = look, waited_for
        self.until = 0.0
        self._turns = turns

    @property
    def place(self) -> int:
        """How many come before it; 0 when it is its turn, or when it is not in the line."""
        return self._turns.place(self)

    def breathe(self) -> None:
        """Called between two steps: a slice that is up goes to the next, and pages come first."""
        self.look()
        self._turns.hand_over(self)
        self._turns.give_way()


class Turns:
    """Who computes. Safe to use from many threads.

    Args:
        patience: seconds for which long work gives way to pages in one go; then it takes one step
            all the same, so that it comes to its end on a server that is never quiet.
        longest: seconds of a turn while others wait.
    """

    def __init__(self, patience: float, longest: float = 2.0) -> None:
        self.patience, self.longest = patience, longest
        self._changed = threading.Condition()
        self._pages: set[int] = set()
        self._line: Line[Turn] = Line()

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
    def long(
        self,
        owner: Hashable = None,
        look: Callable[[], None] = _nothing,
        *,
        waited_for: bool = False,
        begun: Callable[[Turn], None] = lambda turn: None,
    ) -> Iterator[Turn]:
        """Long work in this thread, when it is its turn.

        Args:
            owner: who takes turns with others; one owner's things are done one after the other.
            look: called often; may raise to give up.
            waited_for: whether somebody looks at a page that waits for this.
            begun: called with the place in the line, before it waits there.
        """
        turn = Turn(self, look, waited_for)
        with self._changed:
            self._line.add(turn, turn if owner is None else owner)
        begun(turn)
        with self.aside():  # it is short no longer
            try:
                self._await(turn)
                self.give_way()
                yield turn
            finally:
                with self._changed:
                    self._line.remove(turn)
                    self._changed.notify_all()

    def place(self, turn: Turn) -> int:
        """How many come before it."""
        with self._changed:
            return self._line.place(turn)

    def hand_over(self, turn: Turn) -> None:
        """Let the others have their turns, if this one's is up, or a page waits behind it."""
        with self._changed:
            up = time.monotonic() >= turn.until
            others = [one for one in self._line.order() if one is not turn]
            if not others or not (up or self._hurries(turn, others)):
                return
            self._line.pass_turn()
            self._changed.notify_all()
        self._await(turn)

    def _hurries(self, turn: Turn, others: list[Turn]) -> bool:
        return not turn.waited_for and any(one.waited_for for one in others)

    def _await(self, turn: Turn) -> None:
        while True:
            turn.look()
            with self._changed:
                if self._line.first() is turn:
                    turn.until = time.monotonic() + self.longest
                    return
                self._changed.wait(LOOK)
