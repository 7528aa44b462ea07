"""What is kept for one browser session: the selection, and what its browser has said and was told.

The browser's address and this value say the same. The browser reports what changed there without
the server (the lens, the Back button). `running` says whose session it is.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from .replaced import Replaced
from .table import BY_NAME, DECODE, EXPLORE, on_page
from .value import MAX_CHARACTERS, Ignored, Selection, as_text, parse


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


def _is_change(name: str, one: object) -> bool:
    """Whether a part of a report says a value and its number."""
    return name in BY_NAME and isinstance(one, list | tuple) and len(one) == 2


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else 0
