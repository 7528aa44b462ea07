"""What stands beside the page while a class is attended, and is drawn again when it changes."""

from __future__ import annotations

import streamlit as st

from ... import runtime, selection
from ...components.classroom import classroom, hand
from ...room.hub import Place
from ..context import RunContext
from .acts import take_in
from .follow import Pages, steer, take
from .house import hub, store
from .seat import Seat, leave, seat
from .shown import shown


def live(context: RunContext | None, pages: Pages) -> None:
    """See above; nothing for those who attend none.

    Args:
        context: what the page was drawn from; None where it stopped early.
    """
    if seat().code or seat().said or selection.current()["class"]:
        with runtime.page():  # long work of others gives way, as it does to pages
            _live(context, pages)


def _live(context: RunContext | None, pages: Pages) -> None:
    take_in(hand(), context)
    here = seat()
    if here.redraw:
        here.redraw = False
        st.rerun()
    room = store().room(here.code) if here.code else None
    if here.code and room is None:
        leave("This class has ended.")
        here = seat()
    if room is not None:
        _listen(here, room.moved, room.heard)
        if here.teaches and (here.steered >= 0 or not room.page):
            steer(here, room)
            room = store().room(here.code) or room
        take(here, room, pages)
    classroom(shown(here, room), _said)


def _listen(here: Seat, moved: int, heard: int) -> None:
    token = here.member.token if here.member else ""
    hub().sit(runtime.session_id(), Place(here.code, token, (moved, heard)))


def _said() -> None:
    """The browser said something: `live`, drawn next, takes it in."""
