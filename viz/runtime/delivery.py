"""All that a run has drawn reaches the browser, also where a part of the page is asked for at once.

Streamlit passes on what a run says as long as no later run has begun, and begins one as soon as the
one before has ended, though its last words may still wait on the server's loop: the end of a page
was lost then. What is called between two elements of a page is put in here, too. This file and
`wake` are the two that reach behind Streamlit's public face; `tests/viz/test_delivery.py` holds it
to what it relies on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

MOMENT = 0.002
"""Seconds until it is looked again whether all was passed on."""


def deliver_all() -> None:
    """From now on a request for a part of a page waits for the end of the run before, in this
    process.
    """
    ask = AppSession.request_rerun
    if ask.__module__ == __name__:
        return

    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None and client_state.fragment_id and _has_ended(self):
            asyncio.get_running_loop().call_later(MOMENT, request_rerun, self, client_state)
        else:
            ask(self, client_state)

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


def _has_ended(app: AppSession) -> bool:
    """Whether its last run takes no more requests, and is not yet taken leave of."""
    runner = app._scriptrunner
    return runner is not None and runner._requests._state is ScriptRequestType.STOP
