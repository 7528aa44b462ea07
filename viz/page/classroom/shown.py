"""What the browser of a teacher or a pupil is told, as plain values."""

from __future__ import annotations

import functools
from typing import Any

import segno

from ... import runtime, selection
from ...components.classroom import hand
from ...lessons.free import FORMS
from ...room import Asked, Entry, Room
from ...room.questions import without_truth
from ...room.tally import own, scores, tally
from ..present import presenting
from .house import store
from .seat import Seat, kept
from .together import staged, told

MAX_ENTRIES = 60
"""Of the wall that are sent at once, the newest."""
LARGEST = 20_000
"""Characters of an entry in the list; a larger one is seen when it is shown to all."""


def shown(here: Seat, room: Room | None) -> dict[str, Any]:
    """Everything for the part `classroom` of the page."""
    file, here.file = here.file, {}
    data = {
        "session": runtime.session_id(),
        "visit": visit(),
        "arrived": hand().get("visit", ""),
        "code": here.code or selection.current()["class"],
        "keep": kept(here),
        "forget": here.forget,
        "done": here.done,
        "said": here.said,
        "present": presenting(),
        "file": file,
        "role": "",
    }
    if room is None:
        return data
    asked = store().asked(room.asked) if room.asked is not None else None
    entry = store().entry(room.code, room.shown) if room.shown is not None else None
    training = staged(here, room)
    data |= {
        "wallOpen": room.wall,
        "entry": _entry(entry) if entry else None,
        "training": told(training) if training else None,
    }
    return data | (_teacher(here, room, asked) if here.teaches else _pupil(here, room, asked))


def visit() -> str:
    """The name of the page as it was opened now; the browser says it once it shows the page."""
    return f"{runtime.session_id()}/{selection.visit()}"


def _teacher(here: Seat, room: Room, asked: Asked | None) -> dict[str, Any]:
    pupils = store().here(room.code)
    link = selection.address_of("", f"class={room.code}", room.base)
    data: dict[str, Any] = {
        "role": "teacher",
        "here": len(pupils),
        "link": link,
        "qr": qr(link),
        "local": selection.is_local(link),
        "addresses": selection.own_addresses(),
        "base": room.base,
        "second": f"{link}#teach={here.secret}",
        "forms": [
            {"form": form, "label": one.label, "says": one.says} for form, one in FORMS.items()
        ],
        "teams": room.teams,
        "wall": [_entry(one) for one in store().wall(room.code, MAX_ENTRIES, LARGEST)],
        "question": None,
        "trains": store().training(room.code) is not None,
    }
    if room.teams:
        rounds = [
            (one.body, store().answers(one.id))
            for one in store().questions(room.code)
            if one.state == "revealed"
        ]
        data["scores"] = scores(rounds, room.teams)
    if asked is not None:
        revealed = asked.state == "revealed"
        counted = tally(asked.body, store().answers(asked.id), revealed=revealed)
        data["question"] = _question(asked, revealed) | {"tally": counted, "of": len(pupils)}
    return data


def _pupil(here: Seat, room: Room, asked: Asked | None) -> dict[str, Any]:
    assert here.member is not None
    data: dict[str, Any] = {
        "role": "pupil",
        "name": here.member.name,
        "following": here.following,
        "source": runtime.kept(selection.current()["text"]) is not None,
        "question": None,
    }
    if room.teams:
        data["team"] = here.member.number % room.teams + 1
    if asked is not None:
        mine = store().answer_of(asked.id, here.member)
        revealed = asked.state == "revealed"
        data["question"] = _question(asked, revealed) | {"mine": mine.value if mine else None}
        if revealed and mine is not None:
            data["question"]["own"] = own(asked.body, mine.value)
    return data


def _question(asked: Asked, revealed: bool) -> dict[str, Any]:
    body = asked.body if revealed else without_truth(asked.body)
    return {"id": asked.id, "state": asked.state, "board": body, "game": bool(body.get("game"))}


def _entry(entry: Entry) -> dict[str, Any]:
    return {"id": entry.id, "name": entry.name, "kind": entry.kind, "body": entry.body}


@functools.lru_cache(8)
def qr(link: str) -> str:
    """A QR code as the address of a picture: black on white, because cameras expect that."""
    code = segno.make(link, error="m", micro=False)
    return str(code.svg_data_uri(scale=8, border=4, dark="black", light="white"))
