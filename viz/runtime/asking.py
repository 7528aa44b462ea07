"""Background work as a page asks for it: begun once for all who want it, found again, stopped."""

from __future__ import annotations

from .jobs import Job
from .server import server, session_id
from .session import want, wants
from .specs import JobSpec


def job(spec: JobSpec) -> Job | None:
    """The job of work that this session asked for; None when it did not, or stopped it.

    A job that was cancelled elsewhere, or because nobody looked at it, begins again.
    """
    return _job(spec) if wants(spec.key) else None


def begin(spec: JobSpec) -> None:
    """Ask for work, unless this session has already asked for it, or stopped it."""
    if wants(spec.key) is None:
        want(spec.key, True)


def start(key: tuple[str, ...]) -> None:
    """Ask for the work of a key; what failed before is tried again."""
    server().work.forget(key, "failed")
    want(key, True)


def wait(found: Job, seconds: float) -> bool:
    """Wait a moment for a job, so that a quick one is shown at once; True when it has ended.

    The page that waits holds up nobody meanwhile, the job least of all.
    """
    with server().turns.aside():
        return found.wait(seconds)


def stop(key: tuple[str, ...]) -> None:
    """Do not wait for it any more; it ends when nobody else does."""
    if (found := _find(key)) is not None:
        found.leave(session_id())
    want(key, False)


def _job(spec: JobSpec) -> Job:
    house, session = server(), session_id()
    house.visit(session)
    found = _find(spec.key)
    if found is None or found.status == "cancelled":
        try:
            found = house.work.start(
                spec.key, spec.title, spec.steps(), spec.total, session, large=spec.large
            )
        except ValueError as error:  # too many from this session
            found = house.jobs.refused(spec.title, str(error))
    return found


def _find(key: tuple[str, ...]) -> Job | None:
    """The job of this key, whoever began it; one that is done is remembered as values are."""
    house, session = server(), session_id()
    job = house.work.find(key, session)
    if job is None:
        found: Job | None = house.cache.find(("job", key), session)
        return found
    if job.status == "done":
        house.cache.put(("job", key), job, session)
        house.work.forget(key, "done")
    return job
