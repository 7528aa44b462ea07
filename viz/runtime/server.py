"""What the sessions of one server share: its limits, what is remembered, the queues, the turns.

There is one `Server` a process, made when it is first asked for. It is kept by a plain
`functools.cache` and not by Streamlit's: any visitor's browser may ask Streamlit to clear its
caches for everybody, and neither the queue nor the trainings of others may end by that.
"""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit import runtime as streamlit_runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from headlight.model.run.pace import pace
from headlight.model.run.threads import switch_soon, use_threads
from headlight.model.training.live import TrainingQueue

from ..quiet import ask_nothing
from .cache import ByteCache
from .delivery import between_elements, deliver_all
from .jobs import Jobs, working_for
from .limits import Limits
from .loaded import LoadedModels
from .memory import keep_little
from .seats import Seats
from .shared_work import SharedWork
from .tidying import Tidying
from .turns import Turns

_log = logging.getLogger(__name__)
SWEEP = 1.0
"""Seconds between two looks at which tabs are still open."""


def alive(session: str) -> bool:
    """Whether a session's tab is open; without a server, as in a test, it always is."""
    if not session or not streamlit_runtime.exists():
        return True
    return bool(streamlit_runtime.get_instance().is_active_session(session))


def session_id() -> str:
    """The browser session that this thread draws a page for, or works for; "" for none."""
    if (owner := working_for.get()) is not None:
        return owner
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""


def in_a_job() -> bool:
    """Whether this thread is a job's."""
    return working_for.get() is not None


class Server:
    """See above.

    Args:
        is_alive: whether the tab of a session is still open.

    Attributes:
        models: those that were read.
        cache: what is remembered.
        work: jobs by their keys; `jobs` is all of them, `turns` says who computes.
        trainings: the queue of live trainings; `seats` are the sessions' places there.
        tidying: when memory is given back.
    """

    def __init__(self, limits: Limits, is_alive: Callable[[str], bool] = alive) -> None:
        self.limits = limits
        self.models = LoadedModels()
        self.cache = ByteCache(limits.bytes("cache"), limits.bytes("session"))
        self.trainings = TrainingQueue(limits.job_share)
        self.seats = Seats(self.trainings, limits.returning_seconds, is_alive)
        self.turns = Turns(limits.job_share, limits.slice_seconds, self.trainings.give_way)
        self.jobs = Jobs(self.turns, limits)
        self.work = SharedWork(self.jobs)
        self.tidying = Tidying(self.turns.short)
        self._is_alive = is_alive
        self._lock = threading.Lock()
        self._closed: dict[str, float | None] = {}
        use_threads(int(limits.threads))
        switch_soon()
        ask_nothing()
        keep_little()
        deliver_all()

    @contextmanager
    def page(self) -> Iterator[None]:
        """A page is drawn in this thread: long work of others gives way meanwhile."""
        self.visit(session_id())
        step_aside = self.turns.short.step_aside
        between_elements(step_aside)
        try:
            with self.turns.page(), pace(step_aside):
                step_aside()
                yield
        finally:
            self.tidying.drawn()

    def visit(self, session: str) -> None:
        """Remember that a session is here, and look after it until its tab is closed."""
        if not session:
            return
        with self._lock:
            idle = not self._busy
            self._closed.setdefault(session, None)
        if idle:
            threading.Thread(target=self._watch, name="headlight-sessions", daemon=True).start()

    def sweep(self, now: float) -> None:
        """Let go of what the sessions hold whose tabs have been closed for a while."""
        gone = self._gone(now)
        self.seats.leave(gone, now)
        self.work.leave(gone)
        for session in gone:
            self.cache.release(session)
        if gone:
            self.tidying.closed(now)
        self.tidying.tidy(now)

    def _gone(self, now: float) -> list[str]:
        """Those who have just been away for long enough; they are no longer looked after."""
        gone = []
        with self._lock:
            for session, since in self._closed.items():
                if self._is_alive(session):
                    self._closed[session] = None
                elif since is None:
                    self._closed[session] = now
                elif now - since >= self.limits.leaving_seconds:
                    gone.append(session)
            for session in gone:
                del self._closed[session]
        return gone

    @property
    def _busy(self) -> bool:
        """Whether somebody is here, or something is kept or left of them."""
        return bool(self._closed or self.tidying or self.seats)

    def _watch(self) -> None:
        """A thread that lives while somebody is here."""
        while True:
            time.sleep(SWEEP)
            try:
                self.sweep(time.monotonic())
            except Exception:  # whoever is left must still be looked after
                _log.exception("closed tabs could not be tidied up after")
            with self._lock:
                if not self._busy:
                    return


@functools.cache
def server() -> Server:
    """The server of this process."""
    return Server(Limits.read())


def limits() -> Limits:
    """What it grants."""
    return server().limits


@contextmanager
def page() -> Iterator[None]:
    """A page is drawn in this thread: long work of others gives way meanwhile."""
    with server().page():
        yield


def settle() -> None:
    """See `Tidying.settle`."""
    server().tidying.settle()
