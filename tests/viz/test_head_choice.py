"""Which head and which cell a page opens where a link names less than that."""

from __future__ import annotations

from typing import Any

import pytest

import headlight
from headlight.model import KINDS, Trace
from headlight.model.analysis.heads.opening import Opening, opening
from headlight.viz import runtime, theme
from headlight.viz.components.lens.payload import decode
from headlight.viz.markdown import plain
from headlight.viz.selection.session import Session
from tests.viz.page import run

TEXT = "h e a d"
EXAMPLE = "The black cat sleeps."


def measured(model: str, text: str, kind: str | None) -> tuple[Trace, Opening]:
    loaded = headlight.load(model)
    trace = loaded.run(text)
    return trace, opening(loaded, trace, runtime.shipped_atlas(loaded), kind)


def cell(tester: Any) -> tuple[str, int, int, int, int]:
    """What Inside a head has in its five fields."""
    kind, *numbers = (tester.session_state[n] for n in ("kind", "layer", "head", "query", "key"))
    return kind, *map(int, numbers)


def sent(tester: Any) -> dict[str, Any]:
    """What the lens of Explore was sent."""
    parts = [element.proto for element in tester.get("bidi_component")]
    (found,) = [decode(part.bytes) for part in parts if b'"heads":{' in part.bytes[:100_000]]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_to_a_kind_opens_the_head_that_is_measured_for_it(kind: str) -> None:
    _, found = measured("reverse", TEXT, kind)
    assert (found.layer, found.head) != (1, 0), "which the top layer's first head is not"
    inside = cell(run("inside", kind=kind))
    assert inside == (kind, found.layer, found.head, found.query, found.key)
    told = sent(run("explore", kind=kind))
    assert told["heads"][kind] == [found.layer, found.head]


def test_no_link_and_a_link_to_the_kind_of_the_example_open_the_same() -> None:
    _, found = measured("translate-en-fr", EXAMPLE, None)
    bench = {"model": "translate-en-fr", "text": EXAMPLE}
    told = sent(run("explore", **bench))
    opened = {"kind": found.kind, "layer": found.layer, "head": found.head}
    assert told["selection"] == opened
    assert told["heads"][found.kind] == [found.layer, found.head]
    assert cell(run("inside", **bench)) == cell(run("inside", **bench, kind=found.kind))


def test_an_example_opens_on_the_cell_that_it_is_about() -> None:
    trace, found = measured("translate-en-fr", EXAMPLE, None)
    tester = run("inside", model="translate-en-fr", text=EXAMPLE)
    assert cell(tester) == (found.kind, found.layer, found.head, found.query, found.key)
    weight = trace.attention["cross"][found.layer].pattern[found.head, found.query, found.key]
    said = "After “Le”, about to write “chat”, this head reads “cat”"
    headline = f"### {said}: {plain(theme.probability(weight))}"
    assert headline in [one.value for one in tester.markdown]


def test_a_row_that_was_pinned_on_explore_is_followed_from_its_largest_weight() -> None:
    explore = Session(page="explore", pages=("explore", "inside"))
    explore.take("kind=cross&layer=0&head=1&pin=3-", whole=True)
    link = {name: explore.value[name] for name in explore.value if name != "pin"}
    trace = headlight.load("reverse").run(TEXT)
    key = int(trace.attention["cross"][0].pattern[1, 3].argmax())
    assert cell(run("inside", **link)) == ("cross", 0, 1, 3, key)


def test_a_pinned_cell_stays_the_cell_that_is_followed() -> None:
    explore = Session(page="explore", pages=("explore", "inside"))
    explore.take("kind=cross&layer=0&head=1&pin=3-2", whole=True)
    link = {name: explore.value[name] for name in explore.value if name != "pin"}
    assert cell(run("inside", **link)) == ("cross", 0, 1, 3, 2)
