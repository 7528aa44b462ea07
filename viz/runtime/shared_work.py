"""Work that sessions share, found again by its key: two that want the same wait for one job."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from .jobs import Job, Jobs

Key = tuple[object, ...]


class SharedWork:
    """That of one server. Safe to use from many threads."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._lock = threading.Lock()
        self._asked: dict[Key, Job] = {}
        self._computing: dict[Key, Job] = {}
        self._waits_for: dict[str, Key] = {}

    @property
    def all(self) -> tuple[Job, ...]:
        """Every job that can be found now."""
        with self._lock:
            return *self._asked.values(), *self._computing.values()

    def find(self, key: Key, session: str) -> Job | None:
        """The job of this key in the queue, whoever began it; now of this session as well."""
        with self._lock:
            job = self._asked.get(key)
        if job is not None:
            job.join(session)
        return job

    def start(
        self,
        key: Key,
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
        job = self._jobs.submit(title, steps, total, owner=session, large=large)
        with self._lock:
            self._asked[key] = job
        return job

    def forget(self, key: Key, status: str) -> None:
        """Let go of a job that has ended this way; one that failed can be tried again then."""
        with self._lock:
            if key in self._asked and self._asked[key].status == status:
                del self._asked[key]

    def compute(self, key: Key, steps: Iterator[Any], session: str, title: str) -> Job:
        """The job that makes a value which a page waits for; what it waited for before ends."""
        with self._lock:
            last = self._waits_for.get(session)
            if last is not None and last != key and last in self._computing:
                self._computing.pop(last).leave(session)
            self._waits_for[session] = key
            job = self._computing.get(key)
            if job is None or job.wait(0):
                job = self._jobs.at_once(title, steps, owner=session)
                self._computing[key] = job
            job.join(session)
            return job

    def leave_computing(self, key: Key, session: str) -> None:
        """A session does not want what it waits for any more."""
        with self._lock:
            if key in self._computing and self._computing[key].leave(session):
                del self._computing[key]

    def forget_computed(self, key: Key) -> None:
        """Let go of the job of a value that has been made, or could not be."""
        with self._lock:
            if key in self._computing and self._computing[key].wait(0):
                del self._computing[key]

    def leave(self, gone: Iterable[str]) -> None:
        """The tabs of these sessions are closed: what nobody wants any more ends."""
        with self._lock:
            for session in gone:
                self._waits_for.pop(session, None)
                for kept in (self._asked, self._computing):
                    for key in [key for key, job in kept.items() if job.leave(session)]:
                        del kept[key]
            for key in [key for key, job in self._computing.items() if job.wait(0)]:
                del self._computing[key]
