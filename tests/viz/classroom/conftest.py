"""A class's house of its own for each test, and its teacher."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st

from headlight.viz import runtime
from headlight.viz.page.classroom import acts, asking, beside, follow, house, seat, shown, together
from headlight.viz.room import Hub, Store
from headlight.viz.runtime.limits import Limits
from tests.viz.classroom.sessions import Browser, State, acting, session


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hub = Hub(Store(tmp_path / "rooms.sqlite", Limits()), lambda _: (), lambda _: True)
    hub._watching = True
    for module in (house, seat, beside):
        monkeypatch.setattr(module, "hub", lambda: hub)
    for module in (house, seat, beside, acts, asking, follow, shown, together):
        monkeypatch.setattr(module, "store", lambda: hub.store)
    monkeypatch.setattr(st, "session_state", State())
    context = SimpleNamespace(url="http://localhost:8501/learn", cookies={})
    monkeypatch.setattr(st, "context", context)
    monkeypatch.setattr(runtime, "session_id", lambda: acting().name)
    yield
    hub.store.close()


@pytest.fixture
def teacher() -> Browser:
    browser = session("teacher")
    with browser:
        seat.start()
    return browser
