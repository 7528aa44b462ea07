"""Background work on the page: how far it is, and a way to stop it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from .. import runtime
from ..markdown import plain
from ..runtime import Job, JobSpec

MOMENT = 0.5
"""Seconds for which a page waits for a job before it shows how far it is."""


def result(spec: JobSpec, label: str, *, at_once: bool = False) -> Any:
    """The result of background work; until then its progress, or the button that starts it.

    Args:
        label: of the button.
        at_once: start without being asked.

    Returns:
        what the work yielded last, None as long as it is not done.
    """
    if at_once:
        runtime.begin(spec)
    job = runtime.job(spec)
    if job is None:
        st.button(label, on_click=runtime.start, args=(spec.key,), icon=":material/play_arrow:")
        return None
    if job.active and not runtime.wait(job, MOMENT):
        _progress(job, spec.title, spec.key)
        return None
    if job.status == "done":
        return job.latest
    if job.status == "failed":
        st.warning(plain(job.error))
        st.button("Try again", on_click=runtime.start, args=(spec.key,), icon=":material/refresh:")
    return None


def stopped(error: ValueError) -> None:
    """Where a computation was stopped: a button that takes that back; for others nothing."""
    if isinstance(error, runtime.Stopped):
        st.button(
            "Compute it after all",
            on_click=runtime.resume,
            args=(error,),
            icon=":material/play_arrow:",
            type="tertiary",
        )


@st.fragment(run_every=1.5)
def _progress(job: Job, title: str, key: tuple[str, ...]) -> None:
    # What a fragment is given is kept for as long as the tab may come back: nothing large.
    if not job.active:
        st.rerun()
    waits = f" · waits for {job.place} before it" if job.place else ""
    bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.progress, f"{plain(title)}: {job.progress:.0%}{waits}")
    if button.button("Stop", icon=":material/stop:", width="stretch"):
        runtime.stop(key)
        st.rerun()
