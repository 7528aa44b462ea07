"""What is drawn anew at the end of a run, and what the browser is not told then."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import NoReturn

import pytest
import streamlit as st

from headlight.viz.selection.bridge import bridge
from headlight.viz.selection.session import Session

BRIDGE = sys.modules[bridge.__module__]


class DrawnAnew(Exception):
    """A run ends here, and another one begins."""


def rerun() -> NoReturn:
    raise DrawnAnew


def test_a_page_that_the_browser_empties_is_drawn_anew_without_a_word_on_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, opened, beside = Session(drawn="this"), list[str](), list[str]()
    asked = SimpleNamespace(page_script_hash="before", set_mpa_v2_page=opened.append)
    monkeypatch.setattr(BRIDGE, "get_script_run_ctx", lambda **_: asked)
    monkeypatch.setattr(BRIDGE, "session", lambda: here)
    monkeypatch.setattr(st, "rerun", rerun)
    monkeypatch.setattr(st, "switch_page", lambda *_, **__: pytest.fail("that is one more entry"))
    with pytest.raises(DrawnAnew):
        BRIDGE._bridge.__wrapped__(lambda: beside.append("drawn"), "this")
    assert opened == ["this"], "the page that was drawn, not the one that asked"
    assert here.drawn == "", "it counts as another visit"
    assert not beside
