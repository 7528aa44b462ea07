"""The teacher's selection goes to the room, and from there to all who follow."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ... import runtime, selection
from ...room import Room
from ...selection.table import DECODE, EXPLORE, LEARN, OWN, PARAMETERS
from .house import store
from .seat import Seat, seat
from .together import share

Pages = Mapping[str, StreamlitPage]

QUIET = {
    EXPLORE: frozenset(one.name for one in PARAMETERS if one.lens),
    DECODE: frozenset(["step", "over", "layer", "head"]),
    LEARN: frozenset(["shown"]),
}
"""What a page's part takes from the address by itself, without the server."""


def catch_up(pages: Pages) -> None:
    """A page is about to be drawn: let it be what the teacher shows."""
    here = seat()
    code = here.code or selection.current()["class"]
    if not code or (room := store().room(code)) is None:
        return
    share(code)  # before it is known who this is: the address may name one of its models
    if here.code:
        take(here, room, pages, drawn=False)


def steer(here: Seat, room: Room) -> None:
    """Send what this teacher's browser shows, if it was changed here."""
    now = selection.here()
    shown = (now, selection.current().query(now, without=OWN))
    if shown == here.sent:
        return
    here.sent = shown
    source = runtime.carried(selection.current()["text"])
    if len(source) > runtime.limits().bytes("class"):
        source = ""  # phones say that they do not have it
    store().set(here.code, page=shown[0], query=shown[1], source=source)
    if (after := store().room(here.code)) is not None:
        here.steered = after.steered


def take(here: Seat, room: Room, pages: Pages, *, drawn: bool = True) -> None:
    """Follow the room's selection; ends the run where the page has to be drawn anew."""
    if not here.teaches and room.eyes != here.eyes:
        here.eyes, here.following = room.eyes, True
    if here.steered == room.steered or not here.following or room.page not in pages:
        return
    here.steered = room.steered
    share(room.code)
    changed = selection.adopt(room.page, room.query)
    if source := store().source(room.code):
        with suppress(ValueError):
            runtime.receive(source, selection.current()["text"])
    here.sent = (room.page, room.query)
    if room.page != selection.here():
        selection.go(pages[room.page])
    elif drawn and not changed <= QUIET.get(room.page, frozenset()):
        st.rerun()
