"""What a widget still says after it was given something else is nobody's choice."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1.element_tree import Selectbox

from headlight.viz import selection
from headlight.viz.selection.replaced import Replaced
from headlight.viz.selection.session import Session
from tests.viz.page import address, run


def test_what_was_replaced_is_late_until_the_browser_has_drawn_the_rest() -> None:
    replaced = Replaced()
    replaced.give("text", None, "b")
    replaced.give("text", "b", "a")
    assert replaced.late("text", "b")
    assert replaced.late("text", "a"), "it is no news"
    assert not replaced.late("text", "c")
    replaced.give("text", "a", "a")  # one more run
    replaced.drawn(0)
    assert replaced.late("text", "b")
    replaced.drawn(1)
    assert not replaced.late("text", "b"), "it may be chosen again"


def test_two_steps_back_leave_two_values_behind() -> None:
    replaced = Replaced()
    replaced.give("text", None, "c")
    replaced.give("text", "c", "b")
    replaced.give("text", "c", "a")  # the browser has not heard of the first
    replaced.drawn(1)
    assert replaced.late("text", "c")
    assert replaced.late("text", "b")


def test_forward_to_what_the_widget_still_says_leaves_the_step_back_behind() -> None:
    replaced = Replaced()
    replaced.give("text", None, "b")
    replaced.give("text", "b", "a")
    replaced.give("text", "b", "b")
    assert replaced.late("text", "a"), "on its way to the browser"
    replaced.drawn(2)
    assert not replaced.late("text", "a")


def test_what_was_chosen_in_the_widget_itself_leaves_nothing_behind() -> None:
    replaced = Replaced()
    replaced.give("text", None, "a")
    replaced.give("text", "b", "b")
    assert replaced.count == 0
    assert not replaced.late("text", "a")


def test_a_field_gets_its_text_in_every_run() -> None:
    """The browser may miss the run that drew it first."""
    tester = run("explore")
    for _ in range(2):
        (field,) = (one for one in tester.text_input if one.label == "Source text")
        assert (field.proto.set_value, field.proto.value) == (True, "h e a d")
        tester.run()


def test_a_book_that_is_pasted_is_told_of_and_goes_from_the_field() -> None:
    """What stays in a field comes back to the server with every press."""
    tester = run("learn")
    field = next(one for one in tester.text_input if one.label == "Source text")
    field.set_value("x" * 1_000_000)
    tester.run()
    field = next(one for one in tester.text_input if one.label == "Source text")
    assert field.value == "h e a d"
    (told,) = [one.value for one in tester.warning]
    assert told.startswith("What was given as source text has 1,000,000 characters")
    field.set_value("d a h e")
    tester.run()
    assert not tester.warning


def choose(page: Any, label: str, option: object) -> None:
    field = next(one for one in page.selectbox if one.label == label)
    field.set_value(option).run()
    assert not page.exception


def test_what_came_too_late_is_no_longer_what_the_widget_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Back and Forward again, while the browser says what it showed before each."""
    here = Session()
    state: dict[str, object] = {"_selection": here}
    monkeypatch.setattr(st, "session_state", state)
    selection.give("query", "1")
    selection.give("query", "2")
    state["query"] = "1"  # with a report, so that the page is not drawn
    assert selection.said("query") is None
    assert state["query"] == "2"
    here.replaced.drawn(here.replaced.count)  # the browser has heard of it
    selection.give("query", "1")
    state["query"] = "2"
    assert selection.said("query") is None


def test_an_old_pair_comes_too_late() -> None:
    page = run(
        "interventions", text="a b", compare="b a", act="patch", align="hand", pairs="0-1_1-1"
    )
    page.session_state["_selection"].change({"pairs": "0-0_1-1"})  # as Back does
    page.run()
    choose(page, "Source 0 · a", "1")
    assert address(page)["pairs"] == "0-0_1-1"
    choose(page, "Source 0 · a", "–")
    assert address(page)["pairs"] == "1-1"


def say_label(page: Any, label: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is drawn again while a list still says a label that it had before."""
    field = next(one for one in page.selectbox if one.label == label)
    usual: Any = vars(Selectbox)["_widget_state"]

    def state(one: Selectbox[Any]) -> WidgetState:
        return WidgetState(id=one.id, string_value=said) if one is field else usual.fget(one)

    monkeypatch.setattr(Selectbox, "_widget_state", property(state))
    page.run()
    monkeypatch.undo()
    assert not page.exception


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [("row_of_patch", "1", "Output token"), ("pairs", "0-1_1-1", "Source 0 · a")],
)
def test_a_label_of_before_the_labels_changed_is_no_choice(
    name: str, value: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = run(
        "interventions", text="a b", compare="b a", act="patch", align="hand", **{name: value}
    )
    say_label(page, label, "1 · what stood here before", monkeypatch)
    assert address(page)[name] == value
    choose(page, label, "0")
    assert address(page)[name] != value


def test_a_node_is_found_again_and_an_old_one_comes_too_late() -> None:
    page = run("decode", strategy="beam", beam="2", text="c a b")
    (field,) = (one for one in page.selectbox if one.label == "Go to a node")
    first, later = field.options[0], next(o for o in field.options if o.startswith("step 2"))
    assert field.options[field.index] == first
    choose(page, "Go to a node", field.options.index(later))
    assert address(page)["step"] == "2"
    page.session_state["_selection"].change({"step": "0", "path": None})
    page.run()
    (field,) = (one for one in page.selectbox if one.label == "Go to a node")
    assert field.options[field.index] == first
    choose(page, "Go to a node", field.options.index(later))
    assert address(page).get("step", "0") == "0"
