"""Background work on the page: how far it is, and a way to stop it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ... import head_work
from ...head_work import Work
from ...jobs import Job
from ..words import plain


def result(work: Work, label: str, *, at_once: bool = False) -> Any:
    """The result of background work; until then its progress, or the button that starts it.

    Args:
        label: of the button.
        at_once: start without being asked.

    Returns:
        what the work yielded last, None as long as it is not done.
    """
    if at_once:
        head_work.begin(work)
    job = head_work.job(work)
    if job is None:
        st.button(label, on_click=head_work.start, args=(work,), icon=":material/play_arrow:")
        return None
    if job.active:
        _progress(job, work)
        return None
    if job.status == "done":
        return job.latest
    if job.status == "failed":
        st.warning(plain(job.error))
        st.button("Try again", on_click=head_work.start, args=(work,), icon=":material/refresh:")
    return None


@st.fragment(run_every=1.5)
def _progress(job: Job, work: Work) -> None:
    if not job.active:
        st.rerun()
    waits = f" · waits for {job.place} before it" if job.place else ""
    bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.progress, f"{plain(work.title)}: {job.progress:.0%}{waits}")
    if button.button("Stop", icon=":material/stop:", width="stretch"):
        head_work.stop(work)
        st.rerun()
