"""Pages first: what takes long waits between its steps while pages are drawn, one at a time.

A page is short work (see `short`): it takes its turn by just running. What computes for longer than
`LIGHT` seconds, and every job, is long work: one piece of it at a time for the whole server.
Sessions take turns in it, nobody's turn lasts longer than a slice while others wait, and it pauses
while other pages are drawn, but for the share of the time that is its own. A training, which is a
process of its own, is told of pages and does the same. What holds much memory within a step is
`large`: of that one at a time is within a step, however many ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from headlight.model.run.pace import Share
from headlight.model.training.live.line import Line

from .short import Short

LIGHT = 0.4
"""Seconds of its own computing, however busy the machine is, after which a page's work is long."""
LOOK = 0.1
"""Seconds between two looks of whoever waits."""


def _nothing(*_: object) -> None:
    """Looks at nothing, tells nobody."""


class Turn:
    """A place in the line of those who compute for long.

    Args:
        look: called often; may raise to give up.
        waited_for: whether somebody looks at a page that waits for this; others make room sooner.
        large: whether it holds much memory within a step; waits while another one does.
    """

    def __init__(
        self, turns: Turns, look: Callable[[], None], waited_for: bool, large: bool
    ) -> None:
        self.look, self.waited_for, self.large = look, waited_for, large
        self.within = False
        self.until = 0.0
        self._turns = turns
        self._share = Share(turns.share, turns.clock)

    @property
    def place(self) -> int:
        """How many come before it; 0 when it is its turn, or when it is not in the line."""
        return self._turns.place(self)

    def breathe(self, between: bool = False) -> None:
        """Called often: a slice that is up goes to the next, and pages come first.

        Args:
            between: two steps, where nothing is held.
        """
        self.look()
        self._turns.hand_over(self, between)
        self._share.give(self._turns.wait_for_pages)


class Turns:
    """Who computes. Safe to use from many threads.

    Args:
        share: the smallest part of the time in which long work computes, so that it comes to its
            end on a server that is never quiet.
        longest: seconds of a turn while others wait.
        tell: called with True when a page is drawn, False when none is any more.
        clock: seconds that the thread which asks has computed.

    Attributes:
        short: the pages that are drawn, and what they wait for.
    """

    def __init__(
        self,
        share: float,
        longest: float = 2.0,
        tell: Callable[[bool], object] = _nothing,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self.share, self.longest, self.clock = share, longest, clock
        self.short = Short(clock)
        self._tell = tell
        self._changed = threading.Condition()
        self._pages: set[int] = set()
        self._line: Line[Turn] = Line()
        self._now: Turn | None = None

    @contextmanager
    def page(self) -> Iterator[None]:
        """A page is drawn in this thread."""
        me = threading.get_ident()
        self._draws(me, True)
        try:
            with self.short.work():
                yield
        finally:
            self._draws(me, False)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The page of this thread only waits: nobody needs to give way to it."""
        me = threading.get_ident()
        drawn = me in self._pages
        self._draws(me, False)
        try:
            with self.short.idle():
                yield
        finally:
            self._draws(me, drawn)

    def _draws(self, thread: int, now: bool) -> None:
        """Whether a page is drawn in this thread now."""
        with self._changed:
            before = bool(self._pages)
            (self._pages.add if now else self._pages.discard)(thread)
            self._changed.notify_all()
            if (after := bool(self._pages)) != before:
                self._tell(after)

    @property
    def drawing(self) -> bool:
        """Whether a page is drawn now."""
        return bool(self._pages)

    def wait_for_pages(self, most: float) -> None:
        """Wait while pages of others are drawn, at most so many seconds."""
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: not self._pages - {me}, most)

    @contextmanager
    def long(
        self,
        owner: Hashable = None,
        look: Callable[[], None] = _nothing,
        *,
        waited_for: bool = False,
        large: bool = False,
        begun: Callable[[Turn], None] = lambda turn: None,
    ) -> Iterator[Turn]:
        """Long work in this thread, when it is its turn.

        Args:
            owner: who takes turns with others; one owner's things are done one after the other.
            look: called often; may raise to give up.
            waited_for: whether somebody looks at a page that waits for this.
            large: whether it holds much memory within a step.
            begun: called with the place in the line, before it waits there.
        """
        turn = Turn(self, look, waited_for, large)
        with self._changed:
            self._line.add(turn, turn if owner is None else owner)
        begun(turn)
        with self.aside():  # it is short no longer
            try:
                self._await(turn)
                yield turn
            finally:
                with self._changed:
                    self._pass(turn)
                    self._line.remove(turn)

    def place(self, turn: Turn) -> int:
        """How many come before it, the one that computes included."""
        with self._changed:
            order = [one for one in self._line.order() if one is not self._now]
            before = order.index(turn) if turn in order else 0
            return before + (turn in order and self._now is not None)

    def hand_over(self, turn: Turn, between: bool = False) -> None:
        """Let the others have their turns, if this one's is up, or a page waits behind it."""
        with self._changed:
            up = time.monotonic() >= turn.until
            others = [one for one in self._line.order() if one is not turn]
            if not others or not (up or self._hurries(turn, others)):
                return
            turn.within = not between
            self._pass(turn)
        self._await(turn)

    def _hurries(self, turn: Turn, others: list[Turn]) -> bool:
        return not turn.waited_for and any(one.waited_for for one in others)

    def _pass(self, turn: Turn) -> None:
        """It goes behind those of other owners, and computes no longer."""
        self._line.pass_turn(turn)
        if self._now is turn:
            self._now = None
        self._changed.notify_all()

    def _await(self, turn: Turn) -> None:
        while True:
            turn.look()
            with self._changed:
                if self._now is None and self._next() is turn:
                    self._now, turn.within = turn, True
                    turn.until = time.monotonic() + self.longest
                    return
                self._changed.wait(LOOK)

    def _next(self) -> Turn | None:
        """Whose turn it is: the first who need not wait for the step of something large."""
        taken = any(one.large and one.within for one in self._line.order())
        free = (one for one in self._line.firsts() if one.within or not (one.large and taken))
        return next(free, None)
