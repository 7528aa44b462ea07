"""What a browser asks for, each by its number so that it is done once, whoever asks twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ... import runtime, selection
from ...lessons.free import FORMS, free_question
from ...room.export import as_csv
from ...room.printed import as_page
from ...room.questions import clean
from ...runtime.carrying import PNG
from ..context import RunContext
from .asking import chosen_place, put
from .house import store
from .seat import Seat, enter, leave, seat
from .together import steer as steer_training

Details = Mapping[str, Any]
Act = tuple[float, str, Details]
MAX_ACTS = 50
"""Of one browser at once; what comes behind waits for its turn."""
MAX_NUMBER = 2**53
"""Of an act: what JavaScript can count to."""
DISMISS = "dismiss"
"""Closes a sentence, which one who is in no class may be told as well."""
MAX_NAME = 64
"""Characters of a page's name."""


def take_in(hand: Mapping[str, Any], context: RunContext | None) -> None:
    """Do what the browser says and was not done yet."""
    _who(hand.get("me"))
    _recall(hand.get("page"))
    acts = _new(hand.get("acts"))
    here = seat()
    once = [n for n, name, details in acts if not _may_come_again(name, details)]
    if once and here.page:  # first: better lost with this process than done twice
        store().did(here.code, here.token, here.page, once[-1])
    for n, name, details in acts:
        seat().done, seat().said = n, ""
        try:
            _do(name, details, context)
        except ValueError as error:
            seat().said = str(error)


def _new(acts: object) -> list[Act]:
    """Those that were not done yet; what was pressed waits until it is known who pressed it."""
    found: list[Act] = []
    done, seated = seat().done, bool(seat().code)
    for act in acts[:MAX_ACTS] if isinstance(acts, list) else []:
        match act:
            case [int() | float() as n, str(name), dict(details)] if done < n < MAX_NUMBER:
                if seated or name == DISMISS:
                    found.append((n, name, details))
                    done = n
    return found


def _may_come_again(name: str, details: Details) -> bool:
    """Whether doing it a second time changes nothing, so that it need not be noted before.

    The next question is put by the page, which has yet to be drawn; it follows upon one question.
    """
    return name == "stage" and details.get("to") == "next" and "question" in details


def _recall(page: object) -> None:
    """What another session of the same page has done: its process was lost, or it was away."""
    here = seat()
    if here.code and isinstance(page, str) and here.page != page[:MAX_NAME]:
        here.page = page[:MAX_NAME]
        here.done = max(here.done, store().done(here.code, here.token, here.page))


def _who(me: object) -> None:
    """The browser knows the room of its address, and maybe who it was there."""
    if isinstance(me, Mapping) and not seat().code and selection.current()["class"]:
        code, token, secret = (str(me.get(name) or "") for name in ("code", "token", "secret"))
        if code == selection.current()["class"]:
            enter(code, token, secret)
            seat().redraw = seat().teaches  # the page was drawn as a stranger's


def _do(name: str, details: Details, context: RunContext | None) -> None:
    here = seat()
    if name == DISMISS:
        return
    if here.teaches:
        if name == "free":
            _free(here, details, context)
        elif name == "train":
            steer_training(here, details.get("to"), context)
        elif name in TEACHER:
            TEACHER[name](here, details)
    elif here.member is not None and name in PUPIL:
        PUPIL[name](here, details)


# The pupil's.


def _answer(here: Seat, details: Details) -> None:
    question = _whole(details.get("question"))
    asked = store().asked(question)
    if asked is None or here.member is None:
        raise ValueError("This question is closed: no more answers are taken.")
    value = clean(asked.body, details.get("value"))
    store().answer(here.code, here.member, question, value)


def _send(here: Seat, details: Details) -> None:
    """A sentence that was typed, or what was drawn or said for the model on the page."""
    kind, body = "text", details.get("body")
    if details.get("kind") == "source":
        body = runtime.carried(selection.current()["text"])
        kind = "picture" if body.startswith(PNG) else "sound"
    if here.member is None or not isinstance(body, str) or not body:
        raise ValueError("The wall takes a sentence, a drawing or a sound.")
    store().send(here.code, here.member, kind, body)


def _look(here: Seat, details: Details) -> None:
    here.following = not details.get("on")
    if here.following:
        here.steered = -1


def _leave(here: Seat, details: Details) -> None:
    leave("You have left the class.")


# The teacher's.


def _eyes(here: Seat, details: Details) -> None:
    room = store().room(here.code)
    store().set(here.code, eyes=(room.eyes if room else 0) + 1)


def _stage(here: Seat, details: Details) -> None:
    """Open, close or reveal the question that has the stage, or free the stage."""
    room = store().room(here.code)
    if room is None or room.asked is None:
        return
    match details.get("to"):
        case "open" | "closed" | "revealed" as state:
            store().turn(here.code, room.asked, state)
        case "page":
            store().clear(here.code)
        case "next" if details.get("question", room.asked) == room.asked:
            if not here.ask_next:
                selection.update(turn=int(selection.current()["turn"] or 0) + 1)
            here.ask_next = here.redraw = True


def _set(here: Seat, details: Details) -> None:
    """The address of this server, teams, and whether the wall is open."""
    changes: dict[str, str | int] = {}
    if "base" in details:
        changes["base"] = "".join(str(details["base"]).split())[:200]
    if "teams" in details:
        changes["teams"] = min(4, _whole(details["teams"]))
    if "wall" in details:
        changes["wall"] = bool(details["wall"])
    store().set(here.code, **changes)


def _remove(here: Seat, details: Details) -> None:
    store().remove(here.code, _whole(details.get("entry")))


def _show(here: Seat, details: Details) -> None:
    entry = _whole(details.get("entry"))
    store().set(here.code, shown=entry or None)


def _try(here: Seat, details: Details) -> None:
    """Let the model read an entry of the wall, for all to see; a text is nothing that it hears."""
    entry = store().entry(here.code, _whole(details.get("entry")))
    if entry is None:
        return
    reads = runtime.get(selection.current()["model"]).reads
    if entry.kind != reads:
        raise ValueError(
            f"This is a {entry.kind}, and the model here reads a {reads}. Choose another model."
        )
    text = entry.body if entry.kind == "text" else runtime.receive(entry.body)
    store().set(here.code, shown=None)
    selection.update(text=text)
    here.redraw = True


def _end(here: Seat, details: Details) -> None:
    store().end(here.code)
    leave("The class has ended. Nothing of it was kept.")


def _export(here: Seat, details: Details) -> None:
    rounds = [(one, store().answers(one.id)) for one in store().questions(here.code)]
    wall = store().wall(here.code)
    if details.get("as") == "page":
        here.file = {
            "name": f"class-{here.code}.html",
            "type": "text/html",
            "text": as_page(here.code, rounds, wall),
        }
    else:
        here.file = {
            "name": f"class-{here.code}.csv",
            "type": "text/csv",
            "text": as_csv(rounds, wall),
        }


def _free(here: Seat, details: Details, context: RunContext | None) -> None:
    form = str(details.get("form"))
    if context is None or form not in FORMS:
        raise ValueError("There is nothing on this page to ask about.")
    typed = str(details.get("ask") or "")
    ask = store().text(typed, "question") if typed.strip() else ""
    truth = store().text(str(details["truth"]), "answer") if details.get("truth") else ""
    put(*free_question(form, ask, truth, context.trace, *chosen_place(context)))


def _whole(value: object) -> int:
    """A number that a browser sent, 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


PUPIL: dict[str, Callable[[Seat, Details], None]] = {
    "answer": _answer,
    "send": _send,
    "look": _look,
    "leave": _leave,
}
TEACHER: dict[str, Callable[[Seat, Details], None]] = {
    "eyes": _eyes,
    "stage": _stage,
    "set": _set,
    "remove": _remove,
    "show": _show,
    "try": _try,
    "end": _end,
    "export": _export,
}
