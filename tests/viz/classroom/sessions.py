"""The sessions of a teacher and of pupils beside each other, without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from headlight.viz.page.classroom import acts, asking, house, seat, shown
from headlight.viz.page.context import RunContext
from headlight.viz.selection.session import Session

ASKED = {"type": "row", "ask": "?", "labels": ["a", "b"], "truth": [0.75, 0.25], "why": "so"}


@dataclass
class Browser:
    """One session: what Streamlit keeps for it, and what its browser says."""

    name: str
    state: dict[str, Any] = field(default_factory=dict)
    n: int = 0
    context: RunContext | None = None

    def do(self, act: str, **details: Any) -> dict[str, Any]:
        """Press something; returns what the browser shows then."""
        self.n += 1
        with self:
            acts.take_in({"acts": [[self.n, act, details]]}, self.context)
        return self.look()

    def look(self) -> dict[str, Any]:
        with self:
            here = seat.seat()
            room = house.store().room(here.code) if here.code else None
            return shown.shown(here, room)

    def __enter__(self) -> Browser:
        _now.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _now.pop()


class State:
    """`st.session_state` of whoever acts."""

    def __getattr__(self, name: str) -> Any:
        return getattr(acting().state, name)

    def __contains__(self, name: object) -> bool:
        return name in acting().state

    def __getitem__(self, name: str) -> Any:
        return acting().state[name]

    def __setitem__(self, name: str, value: Any) -> None:
        acting().state[name] = value

    def setdefault(self, name: str, value: Any) -> Any:
        return acting().state.setdefault(name, value)


_now: list[Browser] = []


def acting() -> Browser:
    """Whoever acts."""
    return _now[-1]


def session(name: str) -> Browser:
    browser = Browser(name)
    browser.state["_selection"] = Session(page="explore", pages=("explore", "learn"))
    return browser


def joined(teacher: Browser, name: str) -> Browser:
    browser = session(name)
    with browser:
        seat.enter(teacher.look()["code"])
    return browser


def ask(teacher: Browser) -> int:
    with teacher:
        asking.put({"type": "none"}, ASKED, "cross", game=True)
    return int(teacher.look()["question"]["id"])
