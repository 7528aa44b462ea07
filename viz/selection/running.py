"""The session that runs: pages read and change its selection here, and the browser is told.

The server sends the query that the address is to have, and never writes it by itself:
`st.query_params` is read when a session or a page begins, after Back and Forward, and nowhere else.

Streamlit begins a new run while the one before, of the same session, has yet to notice. That one
changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import get_ident, local
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

from .session import Session
from .table import BY_NAME, OWN, on_page
from .value import Selection, as_text, parse

BRIDGE = "address"
"""The key of the component that keeps the browser's address."""
_SESSION = "_selection"
_begun = local()
"""Of this thread: the run that has looked at what was reported, and its session."""


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
