"""What a widget still says after it was given something else is nobody's choice."""

from __future__ import annotations

from headlight.viz.selection.replaced import Replaced
from tests.viz.page import run


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
