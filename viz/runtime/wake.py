"""Have a part of other sessions' pages drawn again: what Streamlit itself only does for a browser.

The one file that reaches behind Streamlit's public face; `tests/viz/test_wake.py` holds it to what
it relies on. A session is woken only while none of its script runs: a wish that waits beside one of
the browser's own would take that one's place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from streamlit import runtime as streamlit_runtime
from streamlit.proto.ClientState_pb2 import ClientState

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
        ids = app._fragment_storage._ids_by_target_key.get(fragment, {})
        for fragment_id in ids:
            state = ClientState()
            state.CopyFrom(app._client_state)
            state.ClearField("widget_states")  # they stay as they are
            state.fragment_id = fragment_id
            app.request_rerun(state)
        await asyncio.sleep(0)  # the others of this server have their turn between two
    return busy
