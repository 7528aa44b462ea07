"""A question to the class, from what is on screen to what is taken along of it."""

from __future__ import annotations

from typing import Any

import pytest

from headlight.model import KINDS, load
from headlight.viz import runtime, selection
from headlight.viz.page.classroom import asking, house
from headlight.viz.page.context import RunContext
from tests.viz.classroom.sessions import Browser, ask, joined


def test_an_answer_lands_in_the_tally_and_the_truth_comes_with_the_reveal(
    teacher: Browser,
) -> None:
    one, other = joined(teacher, "one"), joined(teacher, "other")
    question = ask(teacher)
    assert "truth" not in one.look()["question"]["board"]["question"]
    assert "truth" not in teacher.look()["question"]["board"]["question"]
    told = one.do("answer", question=question, value=[1, 1])
    assert told["question"]["mine"] == [0.5, 0.5]
    other.do("answer", question=question, value=[1, 0])
    other.do("answer", question=question, value=[1, 0])
    tally = teacher.look()["question"]["tally"]
    assert (tally["n"], tally["mean"]) == (2, [0.75, 0.25])
    assert teacher.look()["question"]["of"] == 2
    tally = teacher.do("stage", to="revealed")["question"]["tally"]
    assert tally["distance"] == pytest.approx(0.0)
    assert tally["best"] == pytest.approx(0.25)
    assert one.look()["question"]["own"] == "Your distance: 0.250."
    assert one.look()["question"]["board"]["question"]["truth"] == [0.75, 0.25]
    assert one.do("answer", question=question, value=[0, 1])["said"].startswith("This question is")


@pytest.mark.parametrize("form", ["cells", "head", "token", "number", "word"])
def test_free_questions_are_asked_of_what_is_on_screen(teacher: Browser, form: str) -> None:
    model = load("reverse")
    teacher.context = RunContext(model, "a b c", model.run("a b c"), {})
    with teacher:
        selection.settle(kind="cross", layer=1, head=2, pin="1-2")
    pupil = joined(teacher, "pupil")
    told = teacher.do("free", form=form, ask="<b>Which?</b>" if form == "word" else "", truth="")
    assert told["said"] == ""
    question = told["question"]["board"]["question"]
    named = {"cells": "L1 H2", "number": "L1 H2", "word": "<b>Which?</b>"}
    assert named.get(form, "?") in question["ask"]
    value: Any = {"cells": [[0, 0]], "head": 0, "token": 0, "number": 0.5, "word": "x"}[form]
    pupil.do("answer", question=told["question"]["id"], value=value)
    told = teacher.do("stage", to="revealed")
    assert told["question"]["tally"]["n"] == 1
    trace = teacher.context.trace
    if form == "number":
        weight = float(trace.attention["cross"][1].pattern[2, 1, 2])
        assert told["question"]["tally"]["distance"] == pytest.approx(abs(0.5 - weight), abs=1e-5)
    if form == "token":
        row = trace.attention["cross"][1].pattern[2, 1]
        assert told["question"]["board"]["question"]["values"] == pytest.approx(row, abs=1e-5)
    if form in ("head", "word"):
        assert "distance" not in told["question"]["tally"]


def test_a_kind_without_a_head_asks_about_the_one_that_the_page_opens(teacher: Browser) -> None:
    model = load("reverse")
    context = RunContext(model, "a b c", model.run("a b c"), {})
    with teacher:
        usual = asking.chosen_place(context)
        for kind in KINDS:
            selection.settle(kind=kind)
            found = runtime.opening(model, context.trace, kind)
            place = (kind, found.layer, found.head, None)
            assert asking.chosen_place(context) == place
            selection.settle(layer=9, head=3)
            assert asking.chosen_place(context) == (kind, found.layer, 3, None)
            selection.settle(layer=None, head=None)
    assert usual == place, "the page opens cross-attention"


def test_afterwards_a_table_and_a_page_and_then_nothing(teacher: Browser) -> None:
    teacher.do("set", wall=True, teams=2)
    pupil = joined(teacher, "pupil")
    question = ask(teacher)
    pupil.do("answer", question=question, value=[3, 1])
    pupil.do("send", kind="text", body="=1+1 <script>")
    told = teacher.do("stage", to="revealed")
    assert told["scores"] == [{"team": 1, "points": 100}, {"team": 2, "points": 0}]
    table = teacher.do("export", **{"as": "csv"})["file"]
    assert table["name"].endswith(".csv")
    assert '1,"?","Otter","a 0.750, b 0.250",0.0' in table["text"]
    assert '"wall","","Otter","\'=1+1 <script>",""' in table["text"]
    page = teacher.do("export", **{"as": "page"})["file"]["text"]
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert teacher.look()["file"] == {}
    teacher.do("end")
    assert teacher.look()["role"] == ""
    assert "Nothing of it was kept" in teacher.look()["said"]
    assert house.store().room(table["name"][6:10]) is None
