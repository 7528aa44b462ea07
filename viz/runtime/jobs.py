"""Whatever may take long: it has a thread of its own, and takes turns with all other long work.

    job = jobs.submit("Damage of the edits", steps(), total=10, owner=session)
    job.status, job.place, job.progress, job.latest               # looked at on every rerun
    job.cancel()

The work is a generator: what it yields last is its result, what it yields before can be shown on
the way. Between two steps, and between two steps of the model within one (`model.run.pace`), it
gives way to pages, hands over when its turn is up (`turns`), and ends when it was cancelled, when
the tabs of all who asked for it are closed, or when nobody looked at it for `patience` seconds.
Steps run in the job's thread: call nothing of Streamlit.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any, Literal
from weakref import WeakSet

from headlight.model.run.pace import pace

from .cache import nbytes
from .limits import Limits, OverLimit
from .turns import LIGHT, Turn, Turns

Status = Literal["waiting", "running", "done", "cancelled", "failed"]
NO_MEMORY = "This takes more memory than the server has. Shorten the input."
UNKNOWN = "This could not be computed; the reason is in the server's log."

IN_LINE = 1.0
"""Most seconds until a job that was put into the queue stands in it."""

working_for: ContextVar[str | None] = ContextVar("working_for", default=None)
"""In a job's thread: the session that it works for."""

_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised within a step of a job that nobody wants any more."""


class Job:
    """One piece of work; made by `Jobs`, looked at by the page.

    Args:
        steps: the work.
        total: how many steps it has.
        seconds: of computing until it is given up; 0 for any number.
        at_once: begin before it is its turn, and wait for that once it turns out to be long: for
            what a page waits for.
        large: it holds much memory within a step, and nothing between two: see `turns`.

    Attributes:
        title: what it is, for whoever waits behind it.
        latest: what was yielded last, the result once it is done; None before the first step and
            when it did not come to its end.
        failure: what the work raised.
        error: its message if it was a `ValueError`, or a general sentence.
        breaths: steps of the model so far.
        told: set once it ended or is found to be long.
    """

    def __init__(
        self,
        turns: Turns,
        title: str,
        steps: Iterator[Any],
        total: int,
        *,
        owner: str,
        patience: float,
        seconds: float = 0,
        at_once: bool = False,
        large: bool = False,
    ) -> None:
        self.title, self.total, self.owner = title, max(total, 1), owner
        self.latest: Any = None
        self.failure: BaseException | None = None
        self.error = ""
        self.steps_done = self.breaths = 0
        self.told = threading.Event()
        self._turns, self._steps, self._patience = turns, steps, patience
        self._seconds, self._at_once, self._large = seconds, at_once, large
        self._of = turns.short.mine
        self._status: Status = "waiting"
        self._turn: Turn | None = None
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._seen = time.monotonic()
        self._sessions = {owner}

    @property
    def status(self) -> Status:
        """Where it stands; asking counts as looking."""
        self._seen = time.monotonic()
        return self._status

    @property
    def active(self) -> bool:
        """Waiting or running."""
        return self.status in ("waiting", "running")

    @property
    def place(self) -> int:
        """How many come before this one, the running one included; 0 when it runs."""
        turn = self._turn
        return turn.place if turn is not None else 0

    @property
    def progress(self) -> float:
        """Share of the steps that are done, in [0, 1]."""
        return min(self.steps_done / self.total, 1.0)

    def join(self, session: str) -> None:
        """Another session wants its result as well."""
        self._sessions.add(session)

    @property
    def nbytes(self) -> int:
        """Bytes of its result."""
        return nbytes(self.latest)

    def leave(self, session: str) -> bool:
        """A session does not want it any more; when nobody does it ends, and this is True."""
        self._sessions.discard(session)
        if not self._sessions:
            self.cancel()
        return not self._sessions

    def cancel(self) -> None:
        """Stop it at its next step."""
        self._cancelled.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Block until it ended; False when the time ran out."""
        return self._ended.wait(seconds)

    def run(self) -> None:
        """Do the work, in this thread."""
        working_for.set(self.owner)
        try:
            with ExitStack() as stack:
                if self._at_once:
                    stack.enter_context(self._turns.short.work(self._of, new=False))
                else:
                    self._take_turn(stack)
                began = time.thread_time()
                with pace(lambda: self._breathe(stack, began)):
                    self._status = "running"
                    for found in self._steps:
                        self.latest = found
                        self.steps_done += 1
                        self._breathe(stack, began, between=True)
            self._end("done")
        except Cancelled:
            self._end("cancelled")
        except BaseException as error:  # native code panics beyond `Exception`; the thread is ours
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """End it with what went wrong."""
        self.failure = error
        if isinstance(error, ValueError):
            self.error = str(error)
        elif isinstance(error, MemoryError):
            self.error = NO_MEMORY
        else:
            _log.error("the job “%s” failed", self.title, exc_info=error)
            self.error = UNKNOWN
        self._end("failed")

    def _take_turn(self, stack: ExitStack) -> None:
        """Wait for a turn; what a page waits for does not wait for the session's other jobs."""
        owner: Hashable = (self.owner, self._at_once)
        turn = self._turns.long(
            owner, self._look, waited_for=self._at_once, large=self._large, begun=self._begun
        )
        stack.enter_context(turn)

    def _begun(self, turn: Turn) -> None:
        self._turn = turn
        self.told.set()

    def _breathe(self, stack: ExitStack, began: float, between: bool = False) -> None:
        self.breaths += 1
        self._look()
        computed = time.thread_time() - began
        if self._seconds and computed > self._seconds:
            raise OverLimit(
                f"This took longer than {self._seconds:.0f} seconds and was stopped. "
                "Shorten the input."
            )
        if self._turn is not None:
            self._turn.breathe(between)
        elif computed > LIGHT:
            self._take_turn(stack)
        else:
            self._turns.short.step_aside()

    def _look(self) -> None:
        alone = time.monotonic() - self._seen
        if self._cancelled.is_set() or alone > self._patience:
            raise Cancelled

    def _end(self, status: Status) -> None:
        self._status = status
        self._steps = iter(())  # lets go of what the generator held
        self._turn = None  # which looks at the job: nothing is to wait for the garbage collector
        if status != "done":
            self.latest = None
        self._ended.set()
        self.told.set()


class Jobs:
    """Those of one server."""

    def __init__(self, turns: Turns, limits: Limits) -> None:
        self._turns, self._limits = turns, limits
        self._lock = threading.Lock()
        self._submitted = WeakSet[Job]()

    def submit(
        self,
        title: str,
        steps: Iterator[Any],
        total: int,
        *,
        owner: str = "",
        patience: float | None = None,
        large: bool = False,
    ) -> Job:
        """Put work behind what its owner already waits for; it starts at once when nobody waits.

        Raises:
            ValueError: the owner already has as many jobs as are allowed.
        """
        patience = self._limits.job_patience if patience is None else patience
        job = Job(self._turns, title, steps, total, owner=owner, patience=patience, large=large)
        with self._lock:
            mine = sum(one.owner == owner and not one.wait(0) for one in self._submitted)
            if owner and mine >= self._limits.waiting_jobs:
                raise ValueError(
                    f"{self._limits.waiting_jobs:.0f} pieces of work from this page are already in "
                    "the queue: stop one of them, or wait."
                )
            self._submitted.add(job)
        _started(job).told.wait(IN_LINE)  # what is asked for next stands behind it
        return job

    def at_once(self, title: str, steps: Iterator[Any], *, owner: str) -> Job:
        """Work that a page waits for: it begins now, and takes turns if it turns out to be long."""
        limits = self._limits
        return _started(
            Job(
                self._turns,
                title,
                steps,
                1,
                owner=owner,
                patience=limits.job_patience,
                seconds=limits.request_seconds,
                at_once=True,
            )
        )

    def refused(self, title: str, why: str) -> Job:
        """A job that failed before it began."""
        job = Job(self._turns, title, iter(()), 1, owner="", patience=0.0)
        job.fail(ValueError(why))
        return job


def _started(job: Job) -> Job:
    threading.Thread(target=job.run, name="headlight-job", daemon=True).start()
    return job
