"""Background work on the page: how far it is, and a way to stop it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from viz import head_work
from viz.head_work import Work
from viz.jobs import Job
from viz.views.words import plain


def result(work: Work, label: str, *, at_once: bool = False) -> Any:
    """The result of background work; until then its progress, or the button that starts it.

    Args:
        label: of the button.
        at_once: start without being asked.

    Returns:
        what the work yielded last, None as long as it is not done.
    """
    job = head_work.job(work)
    if job is None:
        if not at_once:
            st.button(label, on_click=head_work.start, args=(work,), icon=":material/play_arrow:")
            return None
        head_work.start(work)
        job = head_work.job(work)
    if job is None:
        return None
    if job.active:
        _progress(job, work)
        return None
    if job.status == "done":
        return job.latest
    st.warning(plain(job.error) if job.status == "failed" else "This was stopped.")
    st.button("Try again", on_click=head_work.start, args=(work,), icon=":material/refresh:")
    return None


@st.fragment(run_every=0.7)
def _progress(job: Job, work: Work) -> None:
    if not job.active:
        st.rerun()
    waits = f" · waits for {job.place} before it" if job.place else ""
    bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.progress, f"{work.title}: {job.progress:.0%}{waits}")
    if button.button("Stop", icon=":material/stop:", width="stretch"):
        job.cancel()
        st.rerun()
