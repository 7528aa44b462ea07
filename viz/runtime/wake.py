"""Have a part of other sessions' pages drawn again: what Streamlit itself only does for a browser.

It reaches behind Streamlit's public face, as `delivery` does; `tests/viz/test_wake.py` holds it to
what it relies on. A session is woken only while none of its script runs: a wish that waits beside
one of the browser's own would take that one's place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from streamlit import runtime as streamlit_runtime
from streamlit.errors import StreamlitAPIException
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

PATIENCE = 5.0
"""Seconds to wait for the server's own loop."""


def wake(sessions: Iterable[str], fragment: str) -> set[str]:
    """Run the fragment of this key in these sessions; returns those that are busy right now.

    Sessions whose tab is closed, or that have no such fragment yet, are passed over: they read what
    is new when they are drawn.
    """
    if not streamlit_runtime.exists():
        return set()
    loop = streamlit_runtime.get_instance()._get_async_objs().eventloop
    asked = asyncio.run_coroutine_threadsafe(_wake(list(sessions), fragment), loop)
    return asked.result(PATIENCE)


async def _wake(sessions: list[str], fragment: str) -> set[str]:
    manager = streamlit_runtime.get_instance()._session_mgr
    busy = set()
    for session in sessions:
        info = manager.get_active_session_info(session)
        if info is None:
            continue
        app = info.session
        if app._scriptrunner is not None:
            busy.add(session)
            continue
        for fragment_id in _ids(app, fragment):
            state = ClientState()
            state.CopyFrom(app._client_state)
            state.ClearField("widget_states")  # they stay as they are
            state.fragment_id = fragment_id
            app.request_rerun(state)
        await asyncio.sleep(0)  # the others of this server have their turn between two
    return busy


def _ids(app: AppSession, fragment: str) -> list[str]:
    """Where on its page a session has the fragment; nowhere before it was first drawn."""
    try:
        return app._fragment_storage.resolve_target(fragment)
    except StreamlitAPIException:
        return []
