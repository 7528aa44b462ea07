"""A second sentence beside a saved run: only by the model that made the run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit as st

import headlight
from headlight.viz.views.explore import compare


def test_another_models_run_is_compared_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(st, "warning", told.append)
    reverse, sort = headlight.load("reverse"), headlight.load("sort")
    trace = reverse.run("a b c")
    assert trace.n_heads == sort.config.n_heads, "of one shape, or any check would do"
    own, foreign = (cast("Any", SimpleNamespace(model=one)) for one in (reverse, sort))
    second = compare.run(own, trace, "x y")
    assert second is not None
    assert second.output_text == "y x"
    assert not told
    assert compare.run(foreign, trace, "3 1") is None
    assert "from another model than “sort” above" in told[0].replace("\\", "")
