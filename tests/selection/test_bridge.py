"""What is drawn anew at the end of a run, and what the browser is not told then."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import NoReturn

import pytest
import streamlit as st

from headlight.viz.selection.bridge import bridge
from headlight.viz.selection.links import go, open_page
from headlight.viz.selection.session import Session

BRIDGE, LINKS = sys.modules[bridge.__module__], sys.modules[open_page.__module__]


class DrawnAnew(Exception):
    """A run ends here, and another one begins."""


def rerun() -> NoReturn:
    raise DrawnAnew


def test_a_page_that_the_browser_empties_is_drawn_anew_without_a_word_on_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, opened, beside = Session(drawn="this"), list[str](), list[str]()
    asked = SimpleNamespace(page_script_hash="before", set_mpa_v2_page=opened.append)
    for module in (BRIDGE, LINKS):
        monkeypatch.setattr(module, "get_script_run_ctx", lambda **_: asked)
    monkeypatch.setattr(BRIDGE, "session", lambda: here)
    monkeypatch.setattr(st, "rerun", rerun)
    monkeypatch.setattr(st, "switch_page", lambda *_, **__: pytest.fail("that is one more entry"))
    with pytest.raises(DrawnAnew):
        BRIDGE._bridge.__wrapped__(lambda: beside.append("drawn"), "this")
    assert opened == ["this"], "the page that was drawn, not the one that asked"
    assert here.drawn == "", "it counts as another visit"
    assert not beside


def test_going_on_says_no_word_on_the_address_either(monkeypatch: pytest.MonkeyPatch) -> None:
    here, opened, changed = Session(page="explore"), list[str](), list[dict[str, object]]()
    left: list[str] = []
    context = SimpleNamespace(set_mpa_v2_page=opened.append)
    monkeypatch.setattr(LINKS, "get_script_run_ctx", lambda **_: context)
    monkeypatch.setattr(LINKS, "session", lambda: here)
    monkeypatch.setattr(LINKS, "update", lambda **changes: changed.append(changes))
    monkeypatch.setattr(here, "leave", left.append)
    monkeypatch.setattr(st, "rerun", rerun)
    monkeypatch.setattr(st, "switch_page", lambda *_, **__: pytest.fail("that is one more entry"))
    page = SimpleNamespace(url_path="inside", _script_hash="the hash of inside")
    with pytest.raises(DrawnAnew):
        go(page, head=3)  # type: ignore[arg-type]
    assert (opened, left, changed) == (["the hash of inside"], ["inside"], [{"head": 3}])
