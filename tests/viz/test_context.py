"""What a page keeps of a run once it is drawn."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

import headlight
from headlight.viz import runtime
from headlight.viz.page.context import RunContext


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
