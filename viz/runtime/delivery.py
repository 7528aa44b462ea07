"""Nothing that a run has drawn, and nothing that it was told, is lost to the run after it.

Streamlit passes on what a run says as long as no later run has begun, and begins one as soon as the
one before has ended, though its last words may still wait on the server's loop: the end of a page
was lost then. It also ends a run as soon as another page is asked for, though it may have yet to
call what belongs to a field that was just left: what was typed there was lost. What is called
between two elements of a page is put in here, too. This file and `wake` are the two that reach
behind Streamlit's public face; `tests/viz/test_delivery.py` holds it to what it relies on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)

MOMENT = 0.002
"""Seconds until it is looked again whether all was passed on, or taken in."""

_PAGES = "_pages_that_wait"
"""Of a session: requests for its pages that wait, in their order."""


def deliver_all() -> None:
    """From now on, in this process, a request for a part of a page waits for the end of the run
    before, and one for a page until that has taken in what the browser said.
    """
    ask = AppSession.request_rerun
    if ask.__module__ == __name__:
        return

    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        part = client_state is not None and bool(client_state.fragment_id)
        if not part:
            pages = vars(self).setdefault(_PAGES, deque())
            pages.append(client_state)
            if len(pages) == 1:
                next_page(self)
        elif _has_ended(self):
            asyncio.get_running_loop().call_later(MOMENT, request_rerun, self, client_state)
        else:
            ask(self, client_state)

    def next_page(self: AppSession) -> None:
        """The first page that waits is asked for; it ends the run before."""
        pages = vars(self)[_PAGES]
        while pages:
            if _is_taking(self):
                asyncio.get_running_loop().call_later(MOMENT, next_page, self)
                return
            ask(self, pages.popleft())

    request_rerun.__wrapped__ = ask  # type: ignore[attr-defined]
    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]


def between_elements(call: Callable[[], None]) -> None:
    """Have something called before each element that this run of the page's script passes on."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return
    pass_on = context._enqueue

    def enqueue(message: ForwardMsg) -> None:
        call()
        pass_on(message)

    context._enqueue = enqueue


def _is_taking(app: AppSession) -> bool:
    """Whether its run has yet to begin, or to call what belongs to what the browser said."""
    runner = app._scriptrunner
    if runner is None or runner._requests._state is ScriptRequestType.STOP:
        return False
    context = getattr(runner._script_thread, SCRIPT_RUN_CONTEXT_ATTR_NAME, None)
    return context is None or not context.has_script_started


def _has_ended(app: AppSession) -> bool:
    """Whether its last run takes no more requests, and is not yet taken leave of."""
    runner = app._scriptrunner
    return runner is not None and runner._requests._state is ScriptRequestType.STOP
