"""What `wake` relies on behind Streamlit is there; only those at rest are woken."""

from __future__ import annotations

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit import runtime as streamlit_runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import MemoryFragmentStorage

from headlight.viz.runtime import wake
from headlight.viz.runtime.wake import _wake as wake_on_loop


def test_without_a_server_nobody_is_woken() -> None:
    assert wake(["a", "b"], "fragment") == set()


def test_streamlit_has_what_is_relied_on() -> None:
    storage = MemoryFragmentStorage()
    storage.register("id-of-this-page", lambda: None, target_key="beside")
    assert storage.resolve_target("beside") == ["id-of-this-page"]
    for name in ("request_rerun", "_create_scriptrunner"):
        assert callable(getattr(AppSession, name))
    assert "_scriptrunner" in inspect.unwrap(AppSession.request_rerun).__code__.co_names
    assert "_client_state" in AppSession.__init__.__code__.co_names
    assert "_fragment_storage" in AppSession.__init__.__code__.co_names
    assert "_session_mgr" in Runtime.is_active_session.__code__.co_names
    assert "eventloop" in Runtime.stop.__code__.co_names


class Page:
    """A session as far as `wake` looks at it."""

    def __init__(self, *, runs: bool = False, fragment: str = "beside") -> None:
        self._scriptrunner = object() if runs else None
        self._fragment_storage = MemoryFragmentStorage()
        self._fragment_storage.register("id", lambda: None, target_key=fragment)
        self._client_state = ClientState(query_string="layer=1", page_script_hash="hash")
        self._client_state.widget_states.widgets.add().id = "typed"
        self.asked: list[ClientState] = []

    def request_rerun(self, state: ClientState) -> None:
        self.asked.append(state)


def test_those_at_rest_run_their_fragment_with_what_they_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = {"rests": Page(), "runs": Page(runs=True), "other": Page(fragment="another")}

    def info(session: str) -> Any:
        return SimpleNamespace(session=pages[session]) if session in pages else None

    manager = SimpleNamespace(get_active_session_info=info)
    instance = SimpleNamespace(_session_mgr=manager)
    monkeypatch.setattr(streamlit_runtime, "get_instance", lambda: instance)
    with ThreadPoolExecutor(1) as own:  # a loop may be running in this thread
        assert own.submit(asyncio.run, wake_on_loop([*pages, "closed"], "beside")).result() == {
            "runs"
        }
    (asked,) = pages["rests"].asked
    assert (asked.fragment_id, asked.query_string, asked.page_script_hash) == (
        "id",
        "layer=1",
        "hash",
    )
    assert not asked.widget_states.widgets  # none is said to have changed
    assert pages["runs"].asked == pages["other"].asked == []
