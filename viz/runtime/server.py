"""What the sessions of one server share: its limits, what is remembered, the queues, the turns.

There is one `Server` a process, made when it is first asked for. It is kept by a plain
`functools.cache` and not by Streamlit's: any visitor's browser may ask Streamlit to clear its
caches for everybody, and neither the queue nor the trainings of others may end by that.
"""

from __future__ import annotations

import functools
import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from streamlit import runtime as streamlit_runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

import headlight
from headlight.model import CheckpointError, Model
from headlight.model.checkpoints import folder
from headlight.model.checkpoints.yours import load_yours
from headlight.model.run.pace import breathe, pace
from headlight.model.run.threads import switch_soon, use_threads
from headlight.model.training.live import TrainingQueue, TrainingSession

from ..quiet import ask_nothing
from .cache import ByteCache
from .delivery import between_elements, deliver_all
from .jobs import Job, Jobs, working_for
from .limits import Limits
from .memory import give_back, keep_little
from .turns import Turns

_log = logging.getLogger(__name__)
STORED = 125.0
"""Seconds after which Streamlit forgets the session of a closed tab, and what its page showed."""
COLLECT, COST = 2.0, 0.03
"""Least seconds between two looks for what pages have left that holds each other, and the largest
part of the time that looks take: no page is drawn meanwhile."""
PATIENCE = 0.5
"""Most seconds for which such a look waits for a page that is being drawn."""
TIDY = 10.0
"""Least seconds between giving memory back, however many tabs are closed meanwhile."""
SWEEP = 1.0
"""Seconds between two looks at which tabs are still open."""


def _shipped(slug: str) -> Model:
    try:
        return headlight.load(slug)
    except CheckpointError as error:
        raise CheckpointError(str(error).replace(f"{folder.CHECKPOINTS}{os.sep}", "")) from None


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
    """See above. `is_alive` tells whether the tab of a session is still open."""

    def __init__(self, limits: Limits, is_alive: Callable[[str], bool] = alive) -> None:
        self.limits = limits
        self.cache = ByteCache(limits.bytes("cache"), limits.bytes("session"))
        self.trainings = TrainingQueue(limits.job_share)
        tell = self.trainings.give_way
        self.turns = Turns(limits.job_share, limits.slice_seconds, tell)
        self.jobs = Jobs(self.turns, limits)
        self._is_alive = is_alive
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._models: dict[str, Model] = {}
        self._seats: dict[str, TrainingSession] = {}
        self._visitors: dict[str, str] = {}
        self._kept: dict[str, tuple[TrainingSession, float]] = {}
        self._left: dict[str, float | None] = {}
        self._asked: dict[tuple[str, ...], Job] = {}
        self._computing: dict[tuple[object, ...], Job] = {}
        self._waits_for: dict[str, tuple[object, ...]] = {}
        self._tidy_at: list[float] = []
        self._tidied = -TIDY
        self._drawn, self._collect_at = False, 0.0
        self._settled = False
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
            self._drawn = True

    def load(self, slug: str) -> Model:
        """A shipped model, or one of the server's own, read once for all sessions.

        Raises:
            CheckpointError: something is wrong with its files; says nothing of where they are.
        """
        with self._loading:
            if slug not in self._models:
                known = slug in headlight.available()
                self._models[slug] = _shipped(slug) if known else load_yours(slug)
            return self._models[slug]

    def loaded(self, slug: str) -> bool:
        """Whether that has been read already."""
        return slug in self._models

    def seat(self, session: str, visitor: str = "") -> TrainingSession:
        """The place of a session among those who train; the one they left, where they come back.

        Args:
            visitor: whose browser it is, as far as the browser says so.
        """
        self.visit(session)
        with self._lock:
            if visitor:
                self._visitors[session] = visitor
            if session not in self._seats:
                self._seats[session] = self._left_by(visitor) or TrainingSession(self.trainings)
            return self._seats[session]

    def _left_by(self, visitor: str) -> TrainingSession | None:
        """What a visitor left behind in a tab that is closed, or was reloaded just now."""
        if not visitor:
            return None
        for session, seat in self._seats.items():
            if self._visitors.get(session) == visitor and not self._is_alive(session):
                return self._seats.pop(session, seat)
        kept = self._kept.pop(visitor, None)
        return kept[0] if kept else None

    def find_job(self, key: tuple[str, ...], session: str) -> Job | None:
        """The job of this key, whoever began it; one that is done is remembered as values are."""
        with self._lock:
            job = self._asked.get(key)
        if job is None:
            found: Job | None = self.cache.find(("job", key), session)
            return found
        job.join(session)
        if job.status == "done":
            self.cache.put(("job", key), job, session)
            with self._lock:
                self._asked.pop(key, None)
        return job

    def start_job(
        self,
        key: tuple[str, ...],
        title: str,
        steps: Iterator[Any],
        total: int,
        session: str,
        *,
        large: bool = False,
    ) -> Job:
        """Put a job into the queue under a key; a `large` one holds much memory within a step.

        Raises:
            ValueError: the session has too many there.
        """
        self.visit(session)
        job = self.jobs.submit(title, steps, total, owner=session, large=large)
        with self._lock:
            self._asked[key] = job
        return job

    def forget_failed_job(self, key: tuple[str, ...]) -> None:
        """Let a job that failed be tried again."""
        with self._lock:
            if key in self._asked and self._asked[key].status == "failed":
                del self._asked[key]

    def compute(
        self,
        key: tuple[object, ...],
        make: Callable[[], Any],
        session: str,
        title: str,
        *,
        expected: int,
    ) -> Job:
        """The job that makes a value which a page waits for; what it waited for before ends."""

        def steps() -> Iterator[Any]:
            yield self.cache.get(key, make, session, expected=expected, waiting=breathe)

        with self._lock:
            last = self._waits_for.get(session)
            if last is not None and last != key and last in self._computing:
                self._computing.pop(last).leave(session)
            self._waits_for[session] = key
            job = self._computing.get(key)
            if job is None or job.wait(0):
                job = self.jobs.at_once(title, steps(), owner=session)
                self._computing[key] = job
            job.join(session)
            return job

    def leave_computing(self, key: tuple[object, ...], session: str) -> None:
        """A session does not want what it waits for any more."""
        with self._lock:
            if key in self._computing and self._computing[key].leave(session):
                del self._computing[key]

    def forget_ended(self, key: tuple[object, ...]) -> None:
        """Let go of the job of a value that has been made, or could not be."""
        with self._lock:
            if key in self._computing and self._computing[key].wait(0):
                del self._computing[key]

    def settle(self) -> None:
        """Take what was imported and loaded out of the garbage collector's sight, once.

        With all of torch in sight a look takes longer than decoding a sentence.
        """
        with self._lock:
            if self._settled:
                return
            self._settled = True
        gc.collect()
        gc.freeze()

    def visit(self, session: str) -> None:
        """Remember that a session is here, and look after it until its tab is closed."""
        if not session:
            return
        with self._lock:
            idle = not self._left and not self._tidy_at and not self._kept
            self._left.setdefault(session, None)
        if idle:
            threading.Thread(target=self._watch, name="headlight-sessions", daemon=True).start()

    def sweep(self, now: float) -> None:
        """Let go of what the sessions hold whose tabs have been closed for a while."""
        gone = []
        with self._lock:
            for session in self._left:
                if self._is_alive(session):
                    self._left[session] = None
                    continue
                since = self._left[session]
                if since is None:
                    self._left[session] = now
                elif now - since >= self.limits.leaving_seconds:
                    gone.append(session)
            seats = [self._seats.pop(session, None) for session in gone]
            visitors = [self._visitors.pop(session, "") for session in gone]
            for session in gone:
                del self._left[session]
                self._waits_for.pop(session, None)
            ended = [key for key, job in self._computing.items() if job.wait(0)]
            for key in ended:
                del self._computing[key]
            until = now + self.limits.returning_seconds
            for visitor, seat in zip(visitors, seats, strict=True):
                if visitor and seat is not None and seat.trained:
                    self._kept[visitor] = (seat, until)
            for visitor in [one for one, (_, end) in self._kept.items() if end <= now]:
                del self._kept[visitor]
        for session, seat in zip(gone, seats, strict=True):
            if seat is not None:
                seat.close()
            self._leave_jobs(session)
            self.cache.release(session)
        if gone:
            self._tidy_at = sorted({max(now, self._tidied + TIDY), now + STORED})
        self._tidy(now)

    def _tidy(self, now: float) -> None:
        """Collect what pages have left, and after tabs were closed give memory back.

        Streamlit would collect after every run (`runner.postScriptGC`, off in its configuration): a
        look at the pages of all sessions, which for thirty of them costs as much as a page.
        """
        tidy = bool(self._tidy_at) and self._tidy_at[0] <= now
        if now < self._collect_at or not (tidy or self._drawn):
            return
        self._drawn = False
        self.turns.short.wait(PATIENCE)
        began = time.thread_time()
        gc.collect()
        self._collect_at = now + max(COLLECT, (time.thread_time() - began) / COST)
        if tidy:
            self._tidy_at = [later for later in self._tidy_at if later > now]
            self._tidied = now
            give_back()

    def _leave_jobs(self, session: str) -> None:
        with self._lock:
            jobs: list[tuple[dict[Any, Job], Any, Job]] = [
                (kept, key, job)
                for kept in (self._asked, self._computing)
                for key, job in kept.items()
            ]
        for kept, key, job in jobs:
            if job.leave(session):
                with self._lock:
                    kept.pop(key, None)

    def _watch(self) -> None:
        """A thread that lives while somebody is here."""
        while True:
            time.sleep(SWEEP)
            try:
                self.sweep(time.monotonic())
            except Exception:  # whoever is left must still be looked after
                _log.exception("closed tabs could not be tidied up after")
            with self._lock:
                if not self._left and not self._tidy_at and not self._kept:
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
    """See `Server.settle`."""
    server().settle()
