"""The class's program by itself, in a browser without a server: what it tells, what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from headlight.model import load
from headlight.viz.components.quiz import board
from headlight.viz.components.static import program
from headlight.viz.lessons.free import free_question

OPEN = """async (program) => {
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const { mount } = await import(url);
  const root = document.getElementById("place").attachShadow({ mode: "open" });
  window.hands = [];
  const setStateValue = (name, value) => window.hands.push(structuredClone(value));
  window.show = (data) => { mount({ parentElement: root, data, setStateValue }); };
}"""
FORMS = [{"form": "head", "label": "A head", "says": "A vote."}]
PAGE = """<style>:root { --st-background-color: white; --st-text-color: black }</style>
<div id="place"></div>"""
BASE: dict[str, Any] = {
    "session": "one",
    "visit": "one/1",
    "arrived": "one/1",
    "code": "BCDF",
    "keep": {},
    "forget": "",
    "done": 0,
    "said": "",
    "present": False,
    "file": {},
    "role": "",
}
ROW = {"type": "row", "ask": "Where?", "labels": ["a", "<b>"]}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content(PAGE)
    page.evaluate(OPEN, program("classroom"))
    yield page
    assert not errors
    page.close()


def show(page: Page, **data: Any) -> None:
    page.evaluate("window.show", {**BASE, **data})


def hands(page: Page) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = page.evaluate("window.hands")
    return told


def pupil(**question: Any) -> dict[str, Any]:
    asked = {"id": 3, "state": "open", "board": board({"type": "none"}, ROW, "cross"), "mine": None}
    return {
        "role": "pupil",
        "keep": {"code": "BCDF", "token": "mine", "secret": ""},
        "name": "Otter",
        "following": True,
        "question": {**asked, "game": False, **question},
    }


def test_a_press_is_told_until_it_is_done_and_to_another_process_too(page: Page) -> None:
    show(page)
    show(page)
    (hand,) = hands(page)
    assert (hand["me"]["code"], hand["me"]["token"]) == ("BCDF", "")
    show(page, **pupil())
    page.locator("input[type=range]").first.fill("40")
    page.get_by_test_id("send").dblclick()
    sent = hands(page)[-1]["acts"]
    assert [act[1:] for act in sent] == [["answer", {"question": 3, "value": [1, 0]}]]
    show(page, session="two")  # the page has come back to another process
    assert page.get_by_text("Otter").is_visible()
    again = hands(page)[-1]
    assert (again["me"]["token"], again["acts"]) == ("mine", sent)
    assert again["page"] == hand["page"] != ""
    show(page, session="two", done=sent[0][0], **pupil(mine=[1, 0]))
    assert "Sent." in page.get_by_test_id("answer-state").inner_text()
    page.get_by_role("button", name="Leave").click()
    assert [act[1] for act in hands(page)[-1]["acts"]] == ["leave"]


def test_a_closed_question_and_its_truth_are_shown(page: Page) -> None:
    show(page, **pupil(state="closed"))
    assert page.get_by_test_id("answer-state").inner_text() == "Closed."
    assert page.get_by_test_id("send").is_hidden()
    truth = board({"type": "none"}, {**ROW, "truth": [0.25, 0.75]}, "cross")
    show(page, **pupil(state="revealed", board=truth, mine=[1, 0], own="Your distance: 0.750."))
    assert page.get_by_test_id("answer-state").inner_text() == "Your distance: 0.750."
    assert page.locator(".value.truth").all_inner_texts() == ["0.250", "0.750"]
    third = 1 / 3
    show(page, **pupil(id=4, state="revealed", board=truth, mine=[third, 1 - third], own="Yours."))
    mine = page.locator(".guess .value:not(.truth)").all_inner_texts()
    assert mine == ["0.333", "0.667"], "the answer that was sent"
    show(page, code="", said="This class has ended.")
    assert "This class has ended." in page.locator(".told").inner_text()
    assert page.locator(".who").count() == 0


def test_a_vote_over_heads_is_revealed_without_a_best_one(page: Page) -> None:
    trace = load("reverse").run("a b")
    picture, asked, kind = free_question("head", "", "", trace, "cross", 0, 0, None)
    question = {"id": 3, "board": board(picture, asked, kind), "game": False, "of": 2}
    told = {"role": "teacher", "here": 2, "link": "http://a/", "qr": "data:,", "local": False}
    told |= {"addresses": [], "base": "", "second": "", "forms": FORMS, "teams": 0, "wall": []}
    for state in ("open", "revealed"):
        votes = [0, 1] + [0] * (len(asked["labels"]) - 2)
        tally = {"n": 1, "votes": votes}
        show(page, **told, question={**question, "state": state, "tally": tally})
    shown = page.locator(".head-votes b").all_inner_texts()
    assert shown == [str(one) for one in votes]


def test_a_pupil_sees_the_weights_of_the_map_after_the_reveal(page: Page) -> None:
    side = [{"label": "a", "special": False}, {"label": "b", "special": False}]
    asked = {"type": "pick", "ask": "?", "most": 1, "rows": side, "columns": side, "note": ""}
    asked |= {"may": [[1, 1], [1, 1]], "weights": [[1.0, 0.0], [0.0, 1.0]]}
    truth = board({"type": "none"}, asked, "cross")
    show(page, **pupil(state="revealed", board=truth, mine=[[0, 0]], own="Yours."))
    shade = "(cell) => getComputedStyle(cell).backgroundColor"
    colours = [page.locator(".map.cells > button").nth(i).evaluate(shade) for i in range(4)]
    assert colours[0] == colours[3] != colours[1] == colours[2]
