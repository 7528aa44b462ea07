"""The page Interventions and the list of edits: what is drawn is what the model computes."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

import headlight
from headlight.model import Edits
from headlight.model.analysis.interventions.patching import cells, compare, patching_map
from headlight.viz.components.lens.payload import decode, encode
from headlight.viz.figures.edited import PENCIL, SCISSORS, difference_map, edited_map
from headlight.viz.figures.patching import blocks_figure, patching_figure, scale
from headlight.viz.views.interventions.cutting import painted
from tests.viz.page import address, run

TEXT = "c a b"


def said(tester: Any) -> str:
    return "\n".join(one.value for one in (*tester.markdown, *tester.caption))


def test_an_edge_is_cut_and_taken_back_step_by_step() -> None:
    page = run("interventions", text=TEXT, kind="cross", layer="1", head="0", query="0", key="2")
    button = {one.label: one for one in page.button}
    button["Cut the edge"].click().run()
    button = {one.label: one for one in page.button}
    button["Switch the head off"].click().run()
    assert address(page)["edits"] == "cut.cross.1.0.0.2~ablate.cross.1.0"
    edits = Edits(cut={("cross", 1, 0, 0, 2)}, ablate={("cross", 1, 0)})
    trace = headlight.load("reverse").run(TEXT, edits=edits)
    assert " ".join(trace.tgt_out.surface(i) for i in range(2)) in said(page).replace("\\", "")
    button = {one.label: one for one in page.button}
    button["Undo"].click().run()
    assert address(page)["edits"] == "cut.cross.1.0.0.2"
    button = {one.label: one for one in page.button}
    button["Undo all"].click().run()
    assert "edits" not in address(page)
    assert not page.exception


def test_what_a_link_cannot_edit_is_told_of() -> None:
    page = run("interventions", text=TEXT, edits="cut.cross.9.0.0.0")
    assert "layer 9 does not exist in cross" in "\n".join(one.value for one in page.warning)
    assert "edits" not in address(page)
    page = run("interventions", text=TEXT, edits="cut.cross.0.0.40.0")
    assert "had nothing to cut" in said(page)


def test_contradictions_are_said_and_left_out() -> None:
    page = run(
        "interventions",
        text=TEXT,
        kind="cross",
        layer="1",
        head="0",
        query="0",
        key="2",
        edits="set.cross.1.0.0:0,0,1",
    )
    {one.label: one for one in page.button}["Cut the edge"].click().run()
    assert "which is cut; leave one of them" in "".join(one.value for one in page.toast)
    assert address(page)["edits"] == "set.cross.1.0.0:0,0,1"


def test_explore_shows_the_edited_run_beside_the_plain_one() -> None:
    page = run("explore", text=TEXT, edits="cut.cross.all.all.0.2")
    assert "Edited output" in said(page)


@pytest.mark.parametrize(
    "where", [("inside", {"section": "break", "break": "scale"}), ("heads", {"part": "lab"})]
)
def test_other_pages_have_the_same_list(where: tuple[str, dict[str, str]]) -> None:
    path, query = where
    page = run(path, text=TEXT, edits="cut.cross.all.all.0.2", **query)
    assert "in force here as well" in said(page)
    page = run(path, text="c b", edits="set.cross.0.0.0:0,0,0,0,1", **query)
    assert "Here the list is left out" in "".join(one.value for one in page.warning)


@pytest.mark.parametrize("which", ["stream", "heads", "blocks"])
def test_a_patching_map_is_run_and_drawn(which: str) -> None:
    page = run("interventions", text=TEXT, act="patch", compare="b a c", patched=which)
    for _ in range(60):
        if "patches run" in said(page):
            break
        time.sleep(0.5)
        page.run()
    model = headlight.load("reverse")
    compared = compare(model, model.run(TEXT), model.run("b a c"), 0, align="word")
    (*_, found) = patching_map(model, compared, cells(model, compared, which))
    assert f"{found.base:.3f}" in said(page)
    assert f"{found.done} of {found.done} patches run" in said(page)


def test_steering_says_how_much_it_adds() -> None:
    page = run("interventions", text=TEXT, act="steer", compare="b a c", strength="3")
    assert "c = 3 adds" in said(page)
    page = run("interventions", text=TEXT, act="steer", steer_by="token", steer_to="a")
    assert "‖direction‖" in said(page)


def test_painting_keeps_a_row_at_one() -> None:
    row = np.array([0.5, 0.25, 0.25, 0.0])
    np.testing.assert_allclose(painted(row, 0, 0.0), [0, 0.5, 0.5, 0])
    np.testing.assert_allclose(painted(row, 1, 0.4), [0.4, 0.4, 0.2, 0.0])
    np.testing.assert_allclose(painted(np.array([1.0, 0.0]), 0, 0.3), [1, 0])
    assert Edits(set={("cross", 0, 0, 0): painted(row, 2, 0.123)})


def test_maps_mark_what_was_edited_and_draw_what_was_computed() -> None:
    model = headlight.load("reverse")
    edits = Edits(cut={("cross", 1, 0, 0, 2)}, set={("cross", 1, 0, 1): [0, 1]})
    before, after = model.run(TEXT), model.run(TEXT, edits=edits)
    figure = edited_map(after, kind="cross", layer=1, head=0)
    marks = {part.name: part for part in figure.data}
    assert (list(marks[SCISSORS].x), list(marks[SCISSORS].y)) == ([2], [0])
    assert (list(marks[PENCIL].x), list(marks[PENCIL].y)) == ([1], [1])
    drawn = difference_map(before, after, kind="cross", layer=1, head=0).data[0].z
    old, new = (trace.attention["cross"][1].pattern[0] for trace in (before, after))
    n = min(len(old), len(new))
    np.testing.assert_array_equal(drawn, new[:n] - old[:n])


def test_patching_figures_draw_the_shares() -> None:
    model = headlight.load("reverse")
    compared = compare(model, model.run(TEXT), model.run("b a c"), 0)
    (*_, found) = patching_map(model, compared, cells(model, compared, "heads"))
    figure = patching_figure(found, "cross", [f"H{i}" for i in range(4)])
    for layer in range(2):
        for head in range(4):
            cell = next(c for c in found.cells if c[1:4] == ("cross", layer, head))
            assert figure.data[0].z[layer, head] == found.share(cell)
    assert figure.data[0].zmax == scale(found) >= np.abs(found.shares).max()
    (*_, blocks) = patching_map(model, compared, cells(model, compared, "blocks"))
    assert list(blocks_figure(blocks).data[0].y) == list(blocks.shares)


def test_the_lens_is_told_of_edits() -> None:
    model = headlight.load("reverse")
    edits = Edits(cut={("cross", None, 0, 0, 2)}, set={("cross", 1, 1, 1): [0, 1]})
    plain, edited = decode(encode(model.run(TEXT), model.run(TEXT, edits=edits)))["traces"]
    assert plain["edits"] is None
    assert edited["edits"] == {
        "cut": [["cross", None, 0, 0, 2]],
        "set": [["cross", 1, 1, 1]],
        "said": str(edits),
    }
