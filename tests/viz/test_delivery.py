"""A part of a page is drawn again only when all of the run before has been passed on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.testing.v1 import AppTest

from headlight.viz.runtime.delivery import deliver_all


def test_streamlit_has_what_is_relied_on() -> None:
    assert "_requests" in ScriptRunner.__init__.__code__.co_names
    requests = ScriptRequests()
    states = [requests._state]
    requests.on_scriptrunner_ready()  # nothing is asked for: the run has ended
    states.append(requests._state)
    assert states == [ScriptRequestType.CONTINUE, ScriptRequestType.STOP]
    handle = AppSession._handle_scriptrunner_event_on_event_loop.__code__
    assert "_scriptrunner" in handle.co_names  # it is let go by its own last event


def test_a_part_waits_for_the_end_and_a_page_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def ask(app: AppSession, state: ClientState | None) -> None:
        asked.append((state.fragment_id if state else "", app._scriptrunner is None))

    monkeypatch.setattr(AppSession, "request_rerun", ask)
    deliver_all()
    deliver_all()  # a second time it changes nothing
    request = AppSession.request_rerun

    async def watch() -> None:
        ended = SimpleNamespace(_requests=SimpleNamespace(_state=ScriptRequestType.STOP))
        app = SimpleNamespace(_scriptrunner=ended)
        request(app, ClientState(fragment_id="part"))  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        assert asked == []
        request(app, ClientState())  # type: ignore[arg-type]
        assert asked == [("", False)]
        app._scriptrunner = None  # as the run's last event does
        await asyncio.sleep(0.02)
        assert asked == [("", False), ("part", True)]
        app._scriptrunner = SimpleNamespace(
            _requests=SimpleNamespace(_state=ScriptRequestType.CONTINUE)
        )
        request(app, ClientState(fragment_id="part"))  # type: ignore[arg-type]
        assert asked[2:] == [("part", False)]

    with ThreadPoolExecutor(1) as own:  # a loop may be running in this thread
        own.submit(asyncio.run, watch()).result()


def test_something_is_called_before_each_element() -> None:
    called: list[str] = []

    def page(called: list[str]) -> None:
        import streamlit as st

        from headlight.viz.runtime.delivery import between_elements

        between_elements(lambda: called.append("between"))
        for i in range(3):
            st.text(str(i))
            called.append(str(i))

    app = AppTest.from_function(page, kwargs={"called": called}).run()
    assert [one.value for one in app.text] == ["0", "1", "2"]
    assert called == ["between", "0", "between", "1", "between", "2"]
