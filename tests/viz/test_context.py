"""What a page keeps of a run once it is drawn."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet, ref

import pytest

import headlight
from headlight.model import Trace
from headlight.viz import runtime
from headlight.viz.page.context import RunContext
from headlight.viz.runtime.cache import ByteCache
from tests.viz.page import PLACES
from tests.viz.page import run as open_page

LONG = 20.0


def test_a_page_at_rest_holds_no_trace_and_makes_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = headlight.load("reverse")
    context = RunContext(model, "a b c", model.run("a b c"), {})
    held = ref(context.trace)
    gc.collect()
    assert held() is not None
    context.rest()
    gc.collect()
    assert held() is None
    monkeypatch.setattr(runtime, "run", lambda loaded, text: loaded.run(text))
    output = context.trace.output_text
    assert output == "c b a"


def test_what_others_remember_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = headlight.load("reverse")
    trace = model.run("a b c")
    context = RunContext(model, "a b c", trace, {})
    context.rest()
    monkeypatch.setattr(runtime, "run", None)
    assert context.trace is trace


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeakSet[Trace]]:
    """All traces that are alive of those that were made since; remembered apart from all others."""
    found, init = WeakSet[Trace](), Trace.__init__

    def noted(self: Trace, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        found.add(self)

    monkeypatch.setattr(Trace, "__init__", noted)
    house = runtime.server()
    before = house.cache
    house.cache = ByteCache(before.total, before.share)
    yield found
    house.cache = before


FOLDS = {"download": True, "study": True, "explore-lost": True, "patch-lost": True}


@pytest.mark.parametrize(("page", "asked"), PLACES, ids=lambda one: str(one))
def test_a_drawn_page_holds_no_trace_but_what_is_remembered(
    page: str, asked: dict[str, str], made: WeakSet[Trace]
) -> None:
    """Not in its widgets, their options and what a press on them does either: Streamlit keeps these
    for two minutes after the tab was closed.
    """
    tester = open_page(page, **asked)
    until = time.monotonic() + LONG
    while any(job.active for job in runtime.server().work.all) and time.monotonic() < until:
        time.sleep(0.05)
    for name, opened in FOLDS.items():
        if name in tester.session_state:
            tester.session_state[name] = opened
    tester.run()
    assert not tester.exception
    assert made, "this page has none"
    runtime.server().cache = ByteCache(1, 1)
    gc.collect()
    assert [repr(one) for one in made] == []
