"""What stands beside the page while a class is attended, and is drawn again when it changes."""

from __future__ import annotations

import streamlit as st

from ... import runtime, selection
from ...components.classroom import classroom, hand
from ...room import Room
from ...room.hub import Place
from ..context import RunContext
from .acts import take_in
from .follow import Pages, steer, take
from .house import hub, store
from .seat import Seat, leave, seat
from .shown import shown, visit
from .together import player


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
    if here.ask_next:  # the page was drawn, and has no question of its own
        here.ask_next = False
        store().clear(here.code)
    room = store().room(here.code) if here.code else None
    if here.code and room is None:
        leave("This class has ended.")
        here = seat()
    if room is not None:
        if here.teaches and (here.steered >= 0 or not room.page):
            steer(here, room)
            room = store().room(here.code) or room
        _listen(here, room)
        take(here, room, pages)
    classroom(shown(here, room), _said)
    if room is not None:
        player(here, room)


def _listen(here: Seat, room: Room) -> None:
    """Be told of what comes after this.

    Streamlit's browser empties a page whose fragment runs anew before the page has arrived: nobody
    is woken until the browser has said that it shows the page.
    """
    arrived = hand().get("visit") == visit()
    place = Place(here.code, here.token, (room.moved, room.heard), arrived=arrived)
    hub().sit(runtime.session_id(), place)


def _said() -> None:
    """The browser said something: `live`, drawn next, takes it in."""
