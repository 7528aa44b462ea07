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


def teacher(**more: Any) -> dict[str, Any]:
    told = {"role": "teacher", "here": 2, "link": "http://a/", "qr": "data:,", "local": False}
    told |= {"addresses": [], "base": "", "second": "", "forms": FORMS, "teams": 0, "wall": []}
    return told | more


def test_the_wall_keeps_its_entries_and_the_place_of_the_keyboard(page: Page) -> None:
    def entry(id_: int, kind: str = "text") -> dict[str, Any]:
        return {"id": id_, "name": f"Otter {id_}", "kind": kind, "body": "data:,"}

    first, second, third = entry(1, "sound"), entry(2), entry(3)
    show(page, **teacher(wall=[first], entry=first))
    page.get_by_role("button", name="Wall").click()
    page.locator(".wall li button").first.focus()
    page.evaluate(
        "window.sound = document.getElementById('place').shadowRoot.querySelector('audio')"
    )
    show(page, **teacher(wall=[third, second, first], entry=first))
    names = page.locator(".wall li b").all_inner_texts()
    assert names == ["Otter 3", "Otter 2", "Otter 1"]
    assert focused(page) == "Put away", "still at the first one's"
    assert page.evaluate("window.sound.isConnected"), "a sound plays to its end"
    page.get_by_role("button", name="Remove what Otter 2 sent").focus()
    show(page, **teacher(wall=[third, first], entry=None))
    assert focused(page) == "Show to all"
    show(page, **teacher(wall=[], entry=None))
    assert focused(page) == "Pupils may send to the wall"
    assert page.locator(".wall li").all_inner_texts() == ["Nothing has been sent yet."]


def test_the_keyboard_goes_on_where_a_press_took_its_button_away(page: Page) -> None:
    tally: dict[str, Any] = {"n": 1, "mean": [1, 0], "dots": [[1, 0]]}
    asked: dict[str, Any] = {"id": 3, "game": True, "of": 1, "tally": tally}
    asked["board"] = board({"type": "none"}, ROW, "cross")
    show(page, **teacher(said="That was too fast."))
    page.get_by_role("button", name="Close", exact=True).focus()
    show(page, **teacher())
    assert focused(page) == "Code"
    show(page, **teacher(question={**asked, "state": "open"}))
    assert focused(page) == "Where?"
    page.get_by_role("button", name="Reveal").focus()
    truth = board({"type": "none"}, {**ROW, "truth": [0.25, 0.75]}, "cross")
    tally |= {"distance": 0.75, "best": 0.75, "nearest": 1}
    revealed = {**asked, "state": "revealed", "board": truth, "tally": tally}
    show(page, **teacher(question=revealed))
    assert focused(page) == "Where?"
    news = page.locator(".unseen").text_content()
    assert news == "Distance of the class 0.750; best guess 0.750 (one answer)."
    training = {"title": "Sort", "status": "running", "said": "step 1", "name": ""}
    show(page, **teacher(training=training))
    page.get_by_role("button", name="Pause").focus()
    show(page, **teacher(training=training | {"status": "paused"}))
    assert focused(page) == "Resume"


def focused(page: Page) -> str:
    """The name of what has the focus in the part."""
    found: str = page.evaluate(
        """() => {
          const one = document.getElementById('place').shadowRoot.activeElement;
          return (one?.ariaLabel || one?.labels?.[0]?.textContent || one?.textContent || '').trim();
        }"""
    )
    return found


def test_a_vote_over_heads_is_revealed_without_a_best_one(page: Page) -> None:
    trace = load("reverse").run("a b")
    picture, asked, kind = free_question("head", "", "", trace, "cross", 0, 0, None)
    question = {"id": 3, "board": board(picture, asked, kind), "game": False, "of": 2}
    for state in ("open", "revealed"):
        votes = [0, 1] + [0] * (len(asked["labels"]) - 2)
        tally = {"n": 1, "votes": votes}
        show(page, **teacher(), question={**question, "state": state, "tally": tally})
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
