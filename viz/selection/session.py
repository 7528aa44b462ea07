"""The selection of one browser session: who may change it, and what the browser is told.

The browser's address and this value say the same. The browser reports what changed there without
the server (the lens, the Back button); the server sends the query that the address is to have, and
never writes it by itself: `st.query_params` is read when a session or a page begins, after Back and
Forward, and nowhere else.

Streamlit begins a new run while the one before, of the same session, has yet to notice. That one
changes nothing any more.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import RLock, get_ident, local
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

from .replaced import Replaced
from .table import BY_NAME, DECODE, EXPLORE, OWN, on_page
from .value import MAX_CHARACTERS, Ignored, Selection, parse

BRIDGE = "address"
"""The key of the component that keeps the browser's address."""
_SESSION = "_selection"
_begun = local()
"""Of this thread: the run that has looked at what was reported, and its session."""


@dataclass
class Session:
    """What is kept for one browser session.

    Attributes:
        name: by which the browser knows it from another session that the same page had before.
        value: what is selected.
        fresh: nothing was selected in this session yet; its address may be an old one.
        page, pages: the page that is shown, and all there are.
        unread: names that came with a link and that no page has looked at yet.
        ignored: parts of the link that cannot be used, until they are dismissed.
        refused: names that were given a value longer than any link holds, and its characters, until
            something else is changed.
        seen: the number of the browser's last report that was taken in.
        restored: the query to which Back or Forward led, until the browser has reported it, too.
        written, writes: the query that the address was told to have last, and how often one was
            told.
        push, names: whether this one is a new entry of the history, and what was changed.
        moved: the page is new, and the browser has its entry already.
        leaving: the run that draws another page has yet to begin.
        left: by page, what was selected there when it was left.
        late: by page, the query of an entry of the browser's history that says less than what was
            selected when the page was left, and that.
        drawn, visit: Streamlit's name of the page that was drawn last, and how many were opened.
        deed: the names that a person changed since; empty for none.
        undrawn: a person changed something, and the page was not drawn since.
        replaced: what widgets may still say although they were given something else.
        given: how much of that the page had given them when it was drawn last.
        run: the thread of the newest run.
        lock: held while a run changes something.
    """

    name: str = field(default_factory=lambda: secrets.token_hex(4))
    value: Selection = field(default_factory=Selection)
    fresh: bool = True
    page: str = EXPLORE
    pages: tuple[str, ...] = ()
    unread: set[str] = field(default_factory=set)
    ignored: list[Ignored] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    seen: int = 0
    restored: str | None = None
    written: str | None = None
    writes: int = 0
    push: bool = False
    names: tuple[str, ...] = ()
    moved: bool = True
    leaving: bool = False
    left: dict[str, str] = field(default_factory=dict)
    late: dict[str, tuple[str, str]] = field(default_factory=dict)
    drawn: str = ""
    visit: int = 0
    deed: tuple[str, ...] = ()
    undrawn: bool = False
    replaced: Replaced = field(default_factory=Replaced)
    given: int = 0
    run: int = 0
    lock: AbstractContextManager[bool] = field(default_factory=RLock, repr=False)

    def take(self, query: str, *, whole: bool) -> None:
        """What a link or the Back button says; a `whole` query also says what is not in it."""
        values, ignored = parse(query)
        if whole and self.page == DECODE and "head" in values:
            values.setdefault("over", "head")  # once a link to a head said no more than that
        changes: dict[str, str | None] = {}
        if whole:
            changes |= {one.name: None for one in on_page(self.page)}
        changes |= values
        kind = values.get("kind", self.value["kind"])
        cell = {"pin", "query", "key"}
        named = values if cell & set(values) else changes
        self.value = coupled(self.value.replace(changes), named, kind)
        self.unread |= set(values)
        self.ignored += [one for one in ignored if one not in self.ignored]

    def restore(self, query: str) -> None:
        """What was shown before, all of which was looked at when it was new."""
        self.fresh = False
        says, selected = self.late.pop(self.page, (query, query))
        self.take(selected if parse(query) == parse(says) else query, whole=True)
        self.unread.clear()

    def report(self, report: Any) -> None:
        """What the browser reports; what was taken in already is passed over."""
        if not isinstance(report, Mapping) or report.get("to", self.name) != self.name:
            return
        back, changes, shows = (report.get(name) for name in ("back", "changes", "shows"))
        seen, late = self.seen, report.get("late")
        late = late if isinstance(late, Mapping) else {}
        page = str(late.get("page"))
        if page in self.left and _number(late.get("n")) > seen:
            self.late[page] = str(late.get("query", "")), self.left[page]
            self.seen = _number(late.get("n"))
        if isinstance(shows, Mapping) and _number(shows.get("n")) > seen:
            self.seen = _number(shows.get("n"))
            self._go_on(str(shows.get("query", "")))
        if isinstance(back, Mapping) and _number(back.get("n")) > seen:
            query, before = str(back.get("query", "")), self.value
            page = self._page(str(back.get("path", "")))
            known = self.restored is not None and parse(query) == parse(self.restored)
            if not known or page in self.late:
                self.page = page
                self.restore(query)
                self.undrawn |= self.value != before
            self.restored, self.seen = None, max(self.seen, _number(back.get("n")))
        if isinstance(changes, Mapping):
            told = {name: one for name, one in changes.items() if _is_change(name, one)}
            fresh = {name: one for name, one in told.items() if _number(one[1]) > seen}
            self.change({name: as_text(one[0]) for name, one in fresh.items()})
            self.seen = max([self.seen, *(_number(one[1]) for one in fresh.values())])
        self.replaced.drawn(_number(report.get("given", -1)))

    def _go_on(self, query: str) -> None:
        """Show what the page showed with an earlier session, unless it has gone on already.

        Streamlit's browser begins a new one, after a break or where a server process was lost, with
        the address that was there when the page was loaded.
        """
        if self.fresh:
            before = self.value
            self.restore(query)
            self.undrawn |= self.value != before

    def change(self, changes: Mapping[str, str | None]) -> None:
        """Take these values, and what follows from them; a book is none, and nothing reads it."""
        before = self.value
        long = {n: len(said) for n, said in changes.items() if said and len(said) > MAX_CHARACTERS}
        self.refused |= long
        changes = {name: said for name, said in changes.items() if name not in long}
        self.value = coupled(before.replace(changes), changes, before["kind"])
        self.unread -= set(changes)

    def leave(self, path: str) -> None:
        """Another page begins with the next run."""
        self.left[self.page] = self.value.query(self.page)
        self.late.pop(self.page, None)  # of an entry before; the last one may say the same rightly
        self.page, self.moved, self.leaving = self._page(path), True, True
        self.ignored.clear()

    def _page(self, path: str) -> str:
        name = path.rstrip("/").rpartition("/")[2]
        return name if name in self.pages else EXPLORE


def coupled(value: Selection, changed: Collection[str], kind: str) -> Selection:
    """One cell has two names: the lens's pinned place, and the query and key of Inside a head.

    They are the same where rows and columns are single tokens, all of them. Another kind of
    attention than `kind`, the one before, has other cells.
    """
    if not {"pin", "query", "key"} & set(changed):
        gone = {"pin": None, "query": None, "key": None}
        return value if value["kind"] == kind else value.replace(gone)
    if value["u"] != "pieces" or value["sp"] != "shown":
        return value
    if "pin" in changed:
        row, _, column = value["pin"].partition("-")
        return value.replace({"query": row or None, "key": column or None})
    cell = f"{value['query']}-{value['key']}"
    return value.replace({"pin": None if cell == "-" else cell})


def begin(page: str, pages: Collection[str]) -> None:
    """Start a run of the script on a page: once, before anything is drawn."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = here = Session(page=page, pages=tuple(pages))
        here.take(_query(), whole=True)
    query, back = _query(), _is_back()
    with _own() as here:
        if page != here.page:
            here.leave(page)
            if not back:
                here.take(query, whole=False)
        if back:
            here.restore(query)
            here.restored = query
        here.leaving = False


def _is_back() -> bool:
    """Whether Back or Forward has begun this run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def _query() -> str:
    """What the address says as the browser sends it."""
    return urlencode([(n, v) for n in st.query_params for v in st.query_params.get_all(n)])


def session() -> Session:
    """Of the browser session that runs, with all that the browser has reported.

    A page asks fifty times; what was reported is looked at once a run, and a run of Streamlit's
    has cursors of its own.
    """
    context = get_script_run_ctx(suppress_warning=True)
    run = None if context is None else context.cursors
    if run is not None and getattr(_begun, "run", None) is run:
        known: Session = _begun.session
        return known
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = Session()
    here: Session = st.session_state[_SESSION]
    report = (st.session_state.get(BRIDGE) or {}).get("report")
    with here.lock:
        here.run = get_ident()
        here.report(report)
    _begun.run, _begun.session = run, here
    return here


@contextmanager
def _own() -> Iterator[Session]:
    """The session, for changing it; a run that another one has taken the place of ends here."""
    here = session()
    with here.lock:
        if here.run != get_ident():
            raise StopException
        yield here


def current() -> Selection:
    """What is selected now."""
    return session().value


def here() -> str:
    """The page that is shown, by its path in the table."""
    return session().page


def visit() -> int:
    """How many pages were opened, counted when they are drawn."""
    return session().visit


def update(**changes: object) -> None:
    """Change the selection, as a person asked: all of it is one entry in the browser's history.

    None takes a value out, so that its default holds.
    """
    with _own() as here:
        before, here.fresh = here.value, False
        here.refused.clear()
        here.change({name: as_text(value) for name, value in changes.items()})
        if here.value != before:
            here.deed = (*here.deed, *changes)
            here.undrawn = True


def redraw() -> None:
    """The callback of what the selection does not hold, such as a fold: the page is drawn anew.

    Without it a press that reaches the server together with a report of the browser would draw the
    bridge alone.
    """
    session().undrawn = True


def settle(**changes: object) -> None:
    """The same as `update` for what the page finds out by itself: no entry of its own."""
    with _own() as here:
        here.change({name: as_text(value) for name, value in changes.items()})


def adopt(page: str, query: str) -> set[str]:
    """Select what another one has selected on a page; returns the names that changed."""
    values, _ = parse(query)
    absent = {one.name: None for one in on_page(page) if one.name not in (*OWN, *values)}
    theirs = {name: value for name, value in values.items() if name not in OWN}
    with _own() as here:
        before, here.fresh = here.value, False
        here.value = before.replace({**absent, **theirs})
        return {one for one in BY_NAME if before.chosen(one) != here.value.chosen(one)}


def as_text(value: object) -> str | None:
    """A value as the address has it; None stays."""
    match value:
        case None:
            return None
        case bool():
            return "1" if value else "0"
        case list() | tuple():
            return ",".join(str(one) for one in value)
    return str(value)


def told() -> dict[str, Any]:
    """What the browser is told at the end of a run: the query, and whether it is a new entry."""
    here = session()
    query = here.value.query(here.page)
    if here.moved or query != here.written:
        here.writes += 1
        here.push = bool(here.deed) and not here.moved
        here.names = here.deed
    here.written, here.moved, here.deed = query, False, ()
    return {
        "session": here.name,
        "page": here.page,
        "pages": here.pages,
        "query": query,
        "write": here.writes,
        "push": here.push,
        "names": here.names,
        "seen": here.seen,
        "given": here.given,
        "left": here.left,
    }


def _is_change(name: str, one: object) -> bool:
    """Whether a part of a report says a value and its number."""
    return name in BY_NAME and isinstance(one, list | tuple) and len(one) == 2


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0
