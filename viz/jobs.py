"""Long work in the background: one piece at a time for the whole server, in the order it was asked.

    job = jobs.submit("Damage of the edits", steps(), total=10)   # a generator, and how many steps
    job.status, job.place, job.progress, job.latest               # looked at on every rerun
    job.cancel()

The work is a generator: what it yields last is its result, what it yields before can be shown on
the way. It is stopped between two steps when it is cancelled, or when nobody looked at it for
`patience` seconds (a closed tab). Steps run in a thread: keep each under a second or so, and call
nothing of Streamlit. Keep one `Jobs` for the server (`viz.runtime.jobs`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any, Literal

Status = Literal["waiting", "running", "done", "cancelled", "failed"]

PATIENCE = 20.0
"""Seconds for which a job goes on while nobody looks at it."""

_log = logging.getLogger(__name__)


class Job:
    """One piece of work; made by `Jobs.submit`, looked at by the page.

    Attributes:
        title: what it is, for whoever waits behind it.
        latest: what was yielded last; None before the first step. The result once it is done.
        error: the message of a `ValueError` that the work raised, or a general sentence.
        total: number of steps.
    """

    def __init__(
        self, queue: Jobs, title: str, steps: Iterator[Any], total: int, patience: float | None
    ) -> None:
        self.title, self.total = title, max(total, 1)
        self.latest: Any = None
        self.error = ""
        self.steps_done = 0
        self._queue, self._steps, self._patience = queue, steps, patience
        self._status: Status = "waiting"
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._seen = time.monotonic()

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

    def cancel(self) -> None:
        """Stop it after the step at hand, or take it out of the queue."""
        self._cancelled.set()
        self._queue.drop(self)

    def wait(self, seconds: float | None = None) -> bool:
        """Block until it ended (for tests and scripts); False when the time ran out."""
        return self._ended.wait(seconds)

    @property
    def _unwanted(self) -> bool:
        alone = time.monotonic() - self._seen
        return self._cancelled.is_set() or (self._patience is not None and alone > self._patience)

    def _run(self) -> None:
        """All steps, in the queue's thread."""
        self._status = "running"
        try:
            while not self._unwanted:
                try:
                    self.latest = next(self._steps)
                except StopIteration:
                    self._end("done")
                    return
                self.steps_done += 1
            self._end("cancelled")
        except ValueError as error:
            self.error = str(error)
            self._end("failed")
        except Exception:
            _log.exception("the job “%s” failed", self.title)
            self.error = "This could not be computed; the reason is in the server's log."
            self._end("failed")

    def _end(self, status: Status) -> None:
        self._status = status
        self._steps = iter(())  # lets go of what the generator held
        self._ended.set()


class Jobs:
    """The queue. Its thread lives only while there is work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Job] = []
        self._working = False

    def submit(
        self, title: str, steps: Iterator[Any], total: int, *, patience: float | None = PATIENCE
    ) -> Job:
        """Put work at the end of the queue; it starts at once when the queue is empty."""
        job = Job(self, title, steps, total, patience)
        with self._lock:
            self._queue.append(job)
            if not self._working:
                self._working = True
                threading.Thread(target=self._work, name="headlight-jobs", daemon=True).start()
        return job

    def place(self, job: Job) -> int:
        """How many come before `job`; 0 also when it is no longer in the queue."""
        with self._lock:
            return self._queue.index(job) if job in self._queue else 0

    def drop(self, job: Job) -> None:
        """Take a job that has not started out of the queue."""
        with self._lock:
            if job in self._queue and job._status == "waiting" and self._queue[0] is not job:
                self._queue.remove(job)
                job._end("cancelled")

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._working = False
                    return
                job = self._queue[0]
            job._run()
            with self._lock:
                self._queue.remove(job)
