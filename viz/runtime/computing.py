"""How a page computes something: from what is remembered, or now, told of and in turn.

What is known to be short is made by the page itself. Everything else is a job with a thread of its
own (`jobs`): what is found to be long takes turns with all other long work, shows how far it is and
can be stopped; it goes on while the page is drawn anew, and ends with the tab, or when the page
comes to want something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any, TypeVar

import streamlit as st

from headlight.model.run.pace import breathe

from .jobs import NO_MEMORY, Job
from .limits import LIGHT_BYTES, OverLimit
from .server import in_a_job, server, session_id

T = TypeVar("T")
SAY = 0.3
"""Seconds between two looks at whether the page is still wanted."""
_STOPPED = "stopped_computing"

Key = tuple[object, ...]


class Stopped(ValueError):
    """Whoever looks at the page stopped a computation; `resume` takes that back."""

    def __init__(self, key: Key) -> None:
        super().__init__("Stopped.")
        self.key = key


def resume(stopped: Stopped) -> None:
    """Compute it after all, when it is asked for next."""
    _stopped().discard(stopped.key)


def remembered(
    key: Key, make: Callable[[], T], doing: str, *, expected: int = 0, light: bool = False
) -> T:
    """What is remembered under a key for the whole server, else what `make` returns.

    Args:
        key: all that the value follows from; the weights by their digest, not by their name.
        make: calls nothing of Streamlit: it runs in another thread.
        doing: said on the page when it takes longer than a moment; "" for nothing.
        expected: bytes that it will take.
        light: it is known to be short, as is what takes few bytes: then it is made here and now.

    Raises:
        ValueError: what `make` raises.
        OverLimit: (a `ValueError`) it takes more memory or time than a request may.
        Stopped: (a `ValueError`) whoever looks at the page pressed “Stop”.
    """
    house, session = server(), session_id()
    house.visit(session)
    found = house.cache.find(key, session)
    if found is not None:
        return found
    if expected > house.limits.bytes("request"):
        raise OverLimit(
            f"This would take {expected / 1e6:,.0f} MB of memory; up to "
            f"{house.limits.request_megabytes:,.0f} MB are granted here. Shorten the input."
        )
    light = light or 0 < expected < LIGHT_BYTES
    if light or not session or in_a_job():
        return house.cache.get(key, make, session, expected=expected)
    if key in _stopped():
        raise Stopped(key)

    def steps() -> Iterator[T]:
        yield house.cache.get(key, make, session, expected=expected, waiting=breathe)

    job = house.work.compute(key, steps(), session, doing)
    try:
        _wait_for(job, key, doing)
        value: T = _value_of(job, key)
    finally:
        house.work.forget_computed(key)
    house.cache.find(key, session)  # of this session as well, whoever asked first
    return value


def _value_of(job: Job, key: Key) -> Any:
    if job.status == "done":
        return job.latest
    if job.failure is None:
        raise Stopped(key)
    if isinstance(job.failure, MemoryError):
        raise OverLimit(NO_MEMORY)
    if isinstance(job.failure, Exception):
        raise job.failure
    raise RuntimeError("native code panicked") from job.failure


def _wait_for(job: Job, key: Key, doing: str) -> None:
    """Until it ended; from when it is long, say so.

    Saying something on the page is also where Streamlit ends a run that nobody waits for: the tab
    was closed, or something else was asked for meanwhile.
    """
    with server().turns.short.idle():
        job.told.wait()
    if job.wait(0):
        return
    slot = st.empty()
    line = _line(slot, job, key) if doing else slot
    with server().turns.aside():
        while job.active:
            if doing:
                before = f" It waits for {job.place} before it." if job.place else ""
                done = f" {job.breaths:,} steps so far." if not before else ""
                said = escape(f"{doing}{before or done}")
                line.html(f'<p class="working" role="status">{said}</p>')
            else:
                line.empty()
            job.wait(SAY)
    slot.empty()


def _line(slot: Any, job: Job, key: Key) -> Any:
    """Where it is said how far a job is, beside the button that stops it."""
    with slot.container(horizontal=True, vertical_alignment="center"):
        line = st.empty()
        st.button(
            "Stop",
            icon=":material/stop:",
            key=f"stop-{id(job)}",
            type="tertiary",
            on_click=_stop,
            args=(key,),
        )
    return line


def _stop(key: Key) -> None:
    _stopped().add(key)
    server().work.leave_computing(key, session_id())


def _stopped() -> set[Key]:
    kept: set[Key] = st.session_state.setdefault(_STOPPED, set())
    return kept
