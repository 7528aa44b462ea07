"""The seat of one browser session: whose it is, and how far it has followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ... import runtime, selection
from ...room import Member
from .house import hub, store

_SEAT = "_class_seat"


@dataclass
class Seat:
    """See above.

    Attributes:
        code: the room; "" for none.
        member: the pupil; None for the teacher.
        following: whether the pupil goes along with the teacher.
        steered, eyes: of the room, as far as this session has followed.
        sent: the page and query that this teacher's browser sent, or took from another one.
        done: the number of the browser's last act that was taken in.
        page: the browser's page that numbers them, as it was opened; "" until it has said so.
        said: one sentence to this browser, until the next act.
        forget: a room that the browser has no more use for.
        file: what it is to save now.
        ask_next: the page is to put its next question to the class by itself, in place of the one
            that has the stage.
        redraw: the page is to be drawn anew now.
    """

    code: str = ""
    member: Member | None = None
    secret: str = ""
    following: bool = True
    steered: int = -1
    eyes: int = 0
    sent: tuple[str, str] = ("", "")
    done: float = 0
    page: str = ""
    said: str = ""
    forget: str = ""
    file: dict[str, str] = field(default_factory=dict)
    ask_next: bool = False
    redraw: bool = False

    @property
    def teaches(self) -> bool:
        """Whether it is the teacher's."""
        return bool(self.code) and self.member is None

    @property
    def token(self) -> str:
        """The pupil's; "" for the teacher."""
        return self.member.token if self.member else ""

    def take(self, code: str, member: Member | None, secret: str) -> None:
        """It is this one's now. Streamlit ends a run where it reads or writes what is kept for a
        session: a pupil who is in the room by then has to have the seat.
        """
        vars(self).update(vars(Seat(code, member, secret, done=self.done)))


def seat() -> Seat:
    """Of the session that runs."""
    found: Seat = st.session_state.setdefault(_SEAT, Seat())
    return found


def start() -> None:
    """Open a room; this browser is its teacher's. Pressed twice, it is one room."""
    here = seat()
    if not here.code:
        try:
            code, secret = store().open_room()
        except ValueError as error:
            here.said = str(error)
            return
        here.take(code, None, secret)
    selection.settle(**{"class": here.code})


def enter(code: str, token: str = "", secret: str = "") -> None:
    """Come into a room, as its teacher where the secret is right. Pressed twice, it is once."""
    here, sender = seat(), runtime.session_id()
    if here.code != room_code(code):
        try:
            if secret and store().is_teacher(code, secret):
                here.take(code, None, secret)
            else:
                here.take(room_code(code), store().join(code, token, sender), "")
        except ValueError as error:
            leave(str(error), room_code(code))
            return
    selection.settle(**{"class": here.code})


def room_code(typed: str) -> str:
    """The code of a room that is there, as it is written."""
    return "".join(typed.split()).upper()


def leave(said: str = "", code: str = "") -> None:
    """Out of the room, or of that of a code which one has not come into."""
    here = seat()
    hub().leave(runtime.session_id())
    st.session_state[_SEAT] = Seat(done=here.done, said=said, forget=here.code or code)
    selection.settle(**{"class": None})


def kept(here: Seat) -> dict[str, Any]:
    """What the browser keeps, so that a reload finds back."""
    if not here.code:
        return {}
    return {
        "code": here.code,
        "token": here.token,
        "secret": here.secret,
    }
