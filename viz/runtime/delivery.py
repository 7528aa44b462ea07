"""Nothing that a run has drawn, and nothing that it began with, is lost to the run after it.

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

_LINE = "_requests_in_line"
"""Of a session: its requests that wait, in their order."""


def deliver_all() -> None:
    """From now on, in this process, a request for a part of a page waits for the end of the run
    before, and one for a page until that has taken in what the browser said.
    """
    ask = AppSession.request_rerun
    if ask.__module__ == __name__:
        return

    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # from the thread that watches files
            ask(self, client_state)
            return
        line = vars(self).setdefault(_LINE, deque())
        line.append(client_state)
        if len(line) == 1:
            go_on(self)

    def go_on(self: AppSession) -> None:
        loop, line = asyncio.get_running_loop(), vars(self)[_LINE]
        if _must_wait(self, line[0]):
            loop.call_later(MOMENT, go_on, self)
            return
        first = line.popleft()
        if line:
            loop.call_soon(go_on, self)
        ask(self, first)

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


def _must_wait(app: AppSession, client_state: ClientState | None) -> bool:
    """A part of a page waits for the end of the run before; a page ends it, once it may."""
    part = client_state is not None and client_state.fragment_id
    return _has_ended(app) if part else _is_taking(app)


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
