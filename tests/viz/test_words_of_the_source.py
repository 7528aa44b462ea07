"""What a page says of its input: no sentence where a picture or a sound was read."""

from __future__ import annotations

import pytest

from headlight.viz.lessons import GAMES, LESSONS
from headlight.viz.views.heads import SECTIONS as HEADS
from headlight.viz.views.inside import SECTIONS as INSIDE
from tests.viz.page import run

PAGES = [
    ("explore", {}),
    ("decode", {}),
    ("decode", {"view": "strategies"}),
    *(("inside", {"section": section}) for section in INSIDE),
    ("interventions", {}),
    ("interventions", {"act": "steer"}),
    *(("heads", {"part": part}) for part in HEADS),
    ("heads", {"part": "map", "on": "sentence"}),
    *(("learn", {"lesson": lesson.slug}) for lesson in LESSONS),
    *(("learn", {"learn": "predict", "game": game.slug}) for game in GAMES),
    ("training", {}),
]


@pytest.mark.parametrize("slug", ["read-digits", "hear-digits"])
@pytest.mark.parametrize(("path", "query"), PAGES, ids=str)
def test_no_page_of_what_sees_or_hears_says_sentence(
    slug: str, path: str, query: dict[str, str]
) -> None:
    tester = run(path, model=slug, text="3 1 4", **query)
    written = [*tester.caption, *tester.markdown, *tester.info, *tester.warning]
    controls = [*tester.selectbox, *tester.segmented_control, *tester.button, *tester.slider]
    said = [one.value for one in written]
    for control in controls:
        said += [control.label, getattr(control, "help", "") or ""]
        said += map(str, getattr(control, "options", ()))
    assert said
    assert not [one for one in said if "sentence" in one.lower() or "word out" in one]


def test_a_drawing_is_not_called_by_its_strokes() -> None:
    tester = run("explore", model="read-digits", text="ink.AzAVg8g9g8")
    assert not tester.warning
    tester.session_state["_selection"].change({"text": "picture 0123456789abcdef"})
    tester.run()
    [said] = tester.warning
    assert said.value.startswith("This picture is not here")
    assert said.value.endswith("Still showing the picture before it.")
