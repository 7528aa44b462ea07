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
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)
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
    assert "_script_thread" in ScriptRunner.__init__.__code__.co_names
    assert "_has_script_started" in ScriptRunContext.reset.__code__.co_names
    assert "_has_script_started" in ScriptRunContext.on_script_start.__code__.co_names


def test_a_part_waits_for_the_end_and_a_page_stays_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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
        await asyncio.sleep(0.02)
        assert asked == []
        app._scriptrunner = None  # as the run's last event does
        await asyncio.sleep(0.02)
        assert asked == [("part", True), ("", True)]
        app._scriptrunner = SimpleNamespace(
            _requests=SimpleNamespace(_state=ScriptRequestType.CONTINUE)
        )
        request(app, ClientState(fragment_id="part"))  # type: ignore[arg-type]
        assert asked[2:] == [("part", False)]

    with ThreadPoolExecutor(1) as own:  # a loop may be running in this thread
        own.submit(asyncio.run, watch()).result()


def test_a_page_waits_until_the_run_before_has_taken_in_what_it_was_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        AppSession, "request_rerun", lambda app, state: asked.append(state.page_name)
    )
    deliver_all()
    request = AppSession.request_rerun
    begun = SimpleNamespace(has_script_started=False)
    thread = SimpleNamespace(**{SCRIPT_RUN_CONTEXT_ATTR_NAME: begun})
    going = SimpleNamespace(
        _requests=SimpleNamespace(_state=ScriptRequestType.CONTINUE), _script_thread=thread
    )

    async def watch() -> None:
        app = SimpleNamespace(_scriptrunner=going)
        for name in ("first", "second"):
            request(app, ClientState(page_name=name))  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        assert asked == []
        request(app, ClientState(page_name="part", fragment_id="part"))  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        assert asked == []
        begun.has_script_started = True
        await asyncio.sleep(0.02)
        assert asked == ["first", "second", "part"]
        begun.has_script_started = False
        vars(thread).clear()  # as before the thread has begun
        request(app, ClientState(page_name="third"))  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        assert asked == ["first", "second", "part"]
        going._requests._state = ScriptRequestType.STOP
        await asyncio.sleep(0.02)
        assert asked == ["first", "second", "part", "third"]
        request(SimpleNamespace(_scriptrunner=None), ClientState(page_name="fourth"))  # type: ignore[arg-type]
        assert asked[4:] == ["fourth"]
        going._requests._state = ScriptRequestType.CONTINUE
        failing = SimpleNamespace(_scriptrunner=going)
        for state in (None, ClientState(page_name="fifth")):  # asking for the first one fails
            request(failing, state)  # type: ignore[arg-type]
        failing._scriptrunner = None
        await asyncio.sleep(0.02)
        assert asked[5:] == ["fifth"]

    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, watch()).result()
        without_loop = SimpleNamespace(_scriptrunner=going)
        state = ClientState(page_name="from a thread")
        own.submit(AppSession.request_rerun, without_loop, state).result()  # type: ignore[arg-type]
    assert asked[6:] == ["from a thread"]


def test_something_is_called_before_each_element() -> None:
    called: list[str] = []

    def page(called: list[str]) -> None:
        import streamlit as st

        from headlight.viz.runtime.delivery import between_elements

        between_elements(lambda: called.append("between"))
        for i in range(3):
            st.text(str(i))
            called.append(str(i))

    app = AppTest.from_function(page, default_timeout=60, kwargs={"called": called}).run()
    assert [one.value for one in app.text] == ["0", "1", "2"]
    assert called == ["between", "0", "between", "1", "between", "2"]
