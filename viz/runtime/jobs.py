"""Long work in the background: one piece at a time for the whole server, sessions in turn.

    job = jobs.submit("Damage of the edits", steps(), total=10, owner=session)
    job.status, job.place, job.progress, job.latest               # looked at on every rerun
    job.cancel()

The work is a generator: what it yields last is its result, what it yields before can be shown on
the way. A job has its turn for `slice_seconds`; then the next session's goes on. Between two steps,
and between two steps of the model within one (`model.run.pace`), it gives way to pages, and ends
when it was cancelled, when the tabs of all who asked for it are closed, or when nobody looked at it
for `patience` seconds. Steps run in a thread: call nothing of Streamlit.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any, Literal

from headlight.model.run.pace import pace
from headlight.model.training.live.line import Line

from .cache import nbytes
from .limits import Limits
from .turns import Turns

Status = Literal["waiting", "running", "done", "cancelled", "failed"]

_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised within a step of a job that nobody wants any more."""


class Job:
    """One piece of work; made by `Jobs.submit`, looked at by the page.

    Attributes:
        title: what it is, for whoever waits behind it.
        latest: what was yielded last, the result once it is done; None before the first step and
            when it did not come to its end.
        error: the message of a `ValueError` that the work raised, or a general sentence.
        total: number of steps.
    """

    def __init__(
        self, queue: Jobs, title: str, steps: Iterator[Any], total: int, patience: float, owner: str
    ) -> None:
        self.title, self.total, self.owner = title, max(total, 1), owner
        self.latest: Any = None
        self.error = ""
        self.steps_done = 0
        self._queue, self._steps, self._patience = queue, steps, patience
        self._status: Status = "waiting"
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
        """How many jobs come before this one, the running one included; 0 when it runs."""
        return self._queue.place(self)

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
        """Stop it at its next step, or take it out of the queue."""
        self._cancelled.set()
        self._queue.drop(self)

    def wait(self, seconds: float | None = None) -> bool:
        """Block until it ended (for tests and scripts); False when the time ran out."""
        return self._ended.wait(seconds)

    @property
    def _unwanted(self) -> bool:
        alone = time.monotonic() - self._seen
        return self._cancelled.is_set() or alone > self._patience

    def _turn(self, until: float, turns: Turns) -> None:
        """Steps until the time is up or it has ended, in the queue's thread."""
        self._status = "running"
        try:
            while not self._unwanted:
                with turns.long(lambda before: self._look()), pace(lambda: self._breathe(turns)):
                    try:
                        self.latest = next(self._steps)
                    except StopIteration:
                        self._end("done")
                        return
                self.steps_done += 1
                if time.monotonic() >= until:
                    return
            self._end("cancelled")
        except Cancelled:
            self._end("cancelled")
        except ValueError as error:
            self.error = str(error)
            self._end("failed")
        except MemoryError:
            self.error = "This takes more memory than the server has."
            self._end("failed")
        except Exception:
            _log.exception("the job “%s” failed", self.title)
            self.error = "This could not be computed; the reason is in the server's log."
            self._end("failed")

    def _look(self) -> None:
        if self._unwanted:
            raise Cancelled

    def _breathe(self, turns: Turns) -> None:
        self._look()
        turns.give_way()

    def _end(self, status: Status) -> None:
        self._status = status
        self._steps = iter(())  # lets go of what the generator held
        if status != "done":
            self.latest = None
        self._ended.set()


class Jobs:
    """The queue. Its thread lives only while there is work."""

    def __init__(self, turns: Turns, limits: Limits) -> None:
        self._turns, self._limits = turns, limits
        self._lock = threading.Lock()
        self._line: Line[Job] = Line()
        self._at_work: Job | None = None
        self._working = False

    def submit(
        self,
        title: str,
        steps: Iterator[Any],
        total: int,
        *,
        owner: str = "",
        patience: float | None = None,
    ) -> Job:
        """Put work behind what its owner already waits for; it starts at once when nobody waits.

        Raises:
            ValueError: the owner already has as many jobs as are allowed.
        """
        patience = self._limits.job_patience if patience is None else patience
        job = Job(self, title, steps, total, patience, owner)
        with self._lock:
            if owner and len(self._line.of(owner)) >= self._limits.waiting_jobs:
                raise ValueError(
                    f"{self._limits.waiting_jobs:.0f} pieces of work from this page are already in "
                    "the queue: stop one of them, or wait."
                )
            self._line.add(job, owner)
            if not self._working:
                self._working = True
                threading.Thread(target=self._work, name="headlight-jobs", daemon=True).start()
        return job

    def refused(self, title: str, why: str) -> Job:
        """A job that failed before it began."""
        job = Job(self, title, iter(()), 1, 0.0, "")
        job.error = why
        job._end("failed")
        return job

    def place(self, job: Job) -> int:
        """How many come before `job`; 0 also when it is no longer in the queue."""
        with self._lock:
            return self._line.place(job)

    def drop(self, job: Job) -> None:
        """Take a job out of the queue, unless it is in the middle of a step."""
        with self._lock:
            if job in self._line and job is not self._at_work:
                self._line.remove(job)
                job._end("cancelled")

    def _work(self) -> None:
        while True:
            with self._lock:
                job = self._at_work = self._line.first()
                if job is None:
                    self._working = False
                    return
            job._turn(time.monotonic() + self._limits.slice_seconds, self._turns)
            with self._lock:
                self._at_work = None
                if job._ended.is_set():
                    self._line.remove(job)
                self._line.pass_turn()
