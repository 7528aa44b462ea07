"""Odd addresses, texts and widget values on every page: something is drawn, and no exception."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st
from streamlit import config
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from headlight.model.training.live import TrainingSession
from headlight.viz import runtime
from headlight.viz.selection.table import PARAMETERS
from tests.fuzz.inputs import JSON, tried
from tests.fuzz.test_face import NAMES, SAID
from tests.viz.page import PLACES
from tests.viz.page import run as open_page


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> None:
    """What fails says so in the test alone, and says why."""
    config.set_option("client.showErrorDetails", "full")
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("streamlit"):
            logging.getLogger(name).setLevel(logging.ERROR)


@pytest.fixture(autouse=True)
def _no_trainings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A press of “Start” begins none, and no work goes on after the test."""
    monkeypatch.setattr(TrainingSession, "start", lambda *_: None)
    yield
    for job in runtime.server().work.all:
        job.cancel()


@tried(
    0.1,
    page=st.sampled_from(["explore", "decode", "heads", "inside", "learn", "training"]),
    asked=st.dictionaries(NAMES.filter(lambda name: name != "model"), SAID, max_size=4),
    typed=st.text(st.characters(codec="utf-8"), max_size=30),
)
def test_pages(page: str, asked: dict[str, str], typed: str) -> None:
    """An odd address, then an odd text in the field."""
    tester = open_page(page, **asked)
    field = next(one for one in tester.text_input if one.label == "Source text")
    field.set_value(typed)
    tester.run()
    assert not tester.exception


LEFT = "This page cannot be called directly"
"""What went to another page has left the one that `tests.viz.page` draws."""
TYPED = st.text(max_size=20) | st.sampled_from([one.name for one in PARAMETERS])
FINITE = st.floats(allow_nan=False, allow_infinity=False)
"""Of NaN and infinity Streamlit's own reading of a whole number fails, for whoever sent them alone,
before any of our code.
"""
NUMBER = st.floats() | st.integers(-(2**31), 2**31).map(float)


@tried(0.5, place=st.sampled_from(PLACES), data=st.data())
def test_widget_values(place: tuple[str, dict[str, str]], data: st.DataObject) -> None:
    """All widgets of a page say something odd at once, as a browser that lies would have them."""
    tester = open_page(place[0], **place[1])
    for _ in range(data.draw(st.integers(1, 2))):
        states = WidgetStates()
        for kind, widget in widgets(tester):
            if data.draw(st.booleans()):
                states.widgets.append(odd(kind, widget, data))
        tester._run(states)
        wrong = [
            (one.message, one.stack_trace[-3:])
            for one in tester.exception
            if LEFT not in one.message
        ]
        assert not wrong, wrong
        if tester.exception:
            return


def widgets(tester: Any) -> Iterator[tuple[str, Any]]:
    """The kind and the message of everything on a page that has a state."""
    for node in tester._tree:
        kind, proto = node.type, getattr(node, "proto", None)
        if isinstance(proto, Block):
            kind = proto.WhichOneof("type")
            proto = getattr(proto, kind or "popover")
        if getattr(proto, "id", ""):
            yield kind, proto


def odd(kind: str, widget: Any, data: st.DataObject) -> WidgetState:
    """A state of the type that a widget has, with something in it that the widget cannot say."""
    state = WidgetState(id=widget.id)
    options = list(getattr(widget, "options", ()))
    names = [getattr(one, "content", one) for one in options]
    text = TYPED | st.sampled_from(names) if names else TYPED
    match kind:
        case "button" | "download_button":
            state.trigger_value = data.draw(st.booleans())
        case "checkbox" | "toggle" | "expander" | "popover" | "expandable":
            state.bool_value = data.draw(st.booleans())
        case "text_input" | "text_area" | "selectbox" | "radio":
            state.string_value = data.draw(text)
        case "multiselect" | "button_group" | "select_slider":
            state.string_array_value.data.extend(data.draw(st.lists(text, max_size=4)))
        case "slider":
            state.double_array_value.data.extend([data.draw(NUMBER) for _ in widget.default])
        case "number_input":
            whole = widget.data_type == NumberInput.INT
            state.double_value = data.draw(FINITE if whole else NUMBER)
        case "bidi_component":
            state.json_value = json.dumps(data.draw(REPORTS))
        case "plotly_chart" | "dataframe":
            state.string_value = json.dumps(data.draw(SELECTIONS))
        case "file_uploader" | "audio_input":
            state.file_uploader_state_value.SetInParent()
        case _:
            raise AssertionError(f"what can a {kind} say? Name its state here.")
    return state


REPORTS = st.dictionaries(
    st.sampled_from(
        "report selection wanted compare edit drawing choice act key hand event answer".split()
    ),
    JSON,
    max_size=3,
)
POINTS = st.fixed_dictionaries(
    {}, optional={name: JSON | st.lists(JSON, max_size=2) for name in ("customdata", "x", "y")}
)
SELECTIONS = st.fixed_dictionaries(
    {
        "selection": st.fixed_dictionaries(
            {
                "points": st.lists(POINTS, max_size=2),
                "point_indices": st.just([]),
                "rows": st.lists(st.integers(-2, 99), max_size=2),
                "columns": st.just([]),
                "cells": st.just([]),
            }
        )
    }
)
