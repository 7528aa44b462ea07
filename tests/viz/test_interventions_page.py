"""The page Interventions: what is drawn is what the model computes, and so is what is kept."""

from __future__ import annotations

import re
import time
from typing import Any

import numpy as np
import pytest

import headlight
from headlight.model import Edits
from headlight.model.analysis.interventions import path, recipes, steering
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.metrics import LOG_PROB
from headlight.model.analysis.interventions.noise import noise
from headlight.model.analysis.interventions.patching import cells, patch, patching_map
from headlight.viz.figures.patching import blocks_figure, patching_figure, scale
from headlight.viz.theme import number
from tests.viz.page import address, run

TEXT, OTHER = "c a b", "b a c"


def said(tester: Any) -> str:
    return "\n".join(one.value for one in (*tester.markdown, *tester.caption, *tester.warning))


def plain_of(page: Any) -> str:
    """What is said, the ground of marked tokens taken off."""
    return re.sub(r":orange-background\[(.*?)\]", r"\1", said(page)).replace("\\", "")


def mapped(**query: str) -> Any:
    """The page when its map is run."""
    page = run("interventions", **{"text": TEXT, "act": "patch", "compare": OTHER, **query})
    for _ in range(60):
        if "patches run" in said(page) or page.warning:
            break
        time.sleep(0.5)
        page.run()
    assert not page.exception
    return page


def press(page: Any, label: str) -> None:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception


def field(page: Any, label: str) -> Any:
    return next(one for one in page.selectbox if one.label == label)


@pytest.mark.parametrize("which", ["stream", "heads", "blocks"])
def test_a_patching_map_is_run_and_drawn(which: str) -> None:
    page = mapped(patched=which)
    model = headlight.load("reverse")
    compared = compare(model, model.run(TEXT), model.run(OTHER), 0, align="word")
    (*_, found) = patching_map(model, compared, cells(model, compared, which))
    assert f"{number(found.base)}" in said(page)
    assert f"{found.done} of {found.done} patches run" in said(page)
    largest = float(found.shares[np.abs(found.shares).argmax()])
    assert field(page, "Patch (largest share first)").options[0].endswith(number(largest))


def test_a_chosen_patch_shows_its_text_and_is_kept_by_its_recipe() -> None:
    page = mapped(patched="heads")
    model = headlight.load("reverse")
    first, second = model.run(TEXT), model.run(OTHER)
    compared = compare(model, first, second, 0, align="word")
    (*_, found) = patching_map(model, compared, cells(model, compared, "heads"))
    chosen = int(np.abs(found.shares).argsort()[-2])
    cell = found.cells[chosen]
    field(page, "Patch (largest share first)").set_value(str(chosen)).run()
    assert address(page)["patch_cell"] == str(chosen)
    after = model.run(TEXT, edits=patch(compared, cell))
    assert " ".join(after.tgt_out.surface(i) for i in range(3)) in said(page)
    press(page, "Keep this patch in the list of edits")
    kept = address(page)["edits"]
    assert recipes.read(kept) == recipes.Swap(cell, "word", OTHER)
    again = run("inside", section="break", text=TEXT, edits=kept)
    assert " ".join(after.tgt_out.surface(i) for i in range(3)) in said(again)


def test_a_patch_the_other_way_round_is_kept_with_the_sentences_exchanged() -> None:
    page = mapped(patched="heads", way_of_patch="from")
    press(page, "Keep this patch in the list of edits")
    found = address(page)
    assert (found["text"], found["compare"]) == (OTHER, TEXT)
    assert recipes.read(found["edits"]).text == TEXT  # type: ignore[attr-defined]


def test_the_second_source_can_be_given_the_first_output() -> None:
    page = mapped(patched="heads", second_target="first")
    model = headlight.load("reverse")
    first, free = model.run(TEXT), model.run(OTHER)
    forced = model.teacher_force(OTHER, first.tgt_out.ids)
    row = int((first.chosen_log_probs - forced.chosen_log_probs).argmax())
    compared = compare(model, first, forced, row, align="word")
    (*_, found) = patching_map(model, compared, cells(model, compared, "heads"))
    assert f"By itself the second would write: {free.output_text}" in said(page)
    assert f"**{number(found.base)}** without a patch, **{number(found.goal)}**" in said(page)
    names = field(page, "Patch (largest share first)").options
    chosen = next(i for i in map(int, np.abs(found.shares).argsort()[::-1]) if "cross" in names[0])
    cell = found.cells[chosen]
    press(page, "Keep this patch in the list of edits")
    step = recipes.read(address(page)["edits"])
    assert step == recipes.Swap(cell, "word;;same", OTHER)
    after = model.run(TEXT, edits=patch(compared, cell))
    again = run("inside", section="break", text=TEXT, edits=address(page)["edits"])
    assert " ".join(after.tgt_out.surface(i) for i in range(3)) in said(again)


def test_positions_are_paired_by_hand() -> None:
    page = mapped(align="hand", pairs="0-2_1-1")
    assert field(page, "Source 0 · c").value == "2"
    assert field(page, "Source 2 · b").value == "–"
    model = headlight.load("reverse")
    compared = compare(model, model.run(TEXT), model.run(OTHER), 0, align={0: 2, 1: 1})
    n = len(cells(model, compared, "stream"))
    assert f"{n} of {n} patches run" in said(page)
    field(page, "Source 2 · b").set_value("0").run()
    assert address(page)["pairs"] == "0-2_1-1_2-0"
    assert "Pairs beyond the end" in said(mapped(align="hand", pairs="0-0_9-9"))


def test_the_token_that_is_measured_can_be_typed() -> None:
    page = mapped(metric_of_patch="log_prob", token_of_patch="h", patched="blocks")
    trace = headlight.load("reverse").run(TEXT)
    h = headlight.load("reverse").target_ids("h", trace.src)[0]
    assert f"log p of “h”: **{number(float(trace.log_probs[0, h]))}** without a patch" in said(page)
    assert "vocabulary does not have “Ω”" in said(mapped(token_of_patch="Ω"))


def test_noise_is_a_source_of_values() -> None:
    page = mapped(second_run="noise", noise_at="0,1", way_of_patch="from", patched="blocks")
    model = headlight.load("reverse")
    clean = model.run(TEXT)
    loud = model.teacher_force(
        TEXT, clean.tgt_out.ids, edits=noise(model, clean, [0, 1], scale=3, seed=0)
    )
    row = int((clean.chosen_log_probs - loud.chosen_log_probs).argmax())
    token = int(clean.logits[row].argmax())
    compared = compare(model, loud, clean, row, metric=LOG_PROB, token=token)
    (*_, found) = patching_map(model, compared, cells(model, compared, "blocks"))
    assert f"**{number(found.base)}** without a patch, **{number(found.goal)}**" in said(page)
    press(page, "Keep this patch in the list of edits")
    first, second = address(page)["edits"].split("~")
    assert first == "noise.0_1:3,0"
    assert recipes.read(second).text == TEXT  # type: ignore[attr-defined]
    assert "Choose the tokens" in "".join(
        one.value for one in run("interventions", text=TEXT, second_run="noise").info
    )


def test_paths_from_a_head_to_later_ones() -> None:
    page = mapped(patched="paths", sender="encoder_self-0-1", patch_cell="0")
    model = headlight.load("reverse")
    compared = compare(model, model.run(TEXT), model.run(OTHER), 0, align="word")
    sender = ("encoder_self", 0, 1)
    (*_, found) = path.path_map(model, compared, sender)
    assert f"{len(found.cells)} of {len(found.cells)} patches run" in said(page)
    press(page, "Keep this patch in the list of edits")
    step = recipes.read(address(page)["edits"])
    assert isinstance(step, recipes.Path)
    assert (step.sender, step.receiver) == (sender, ("encoder_self", 1, 0))
    last = run("interventions", text=TEXT, compare=OTHER, patched="paths", sender="cross-1-1")
    assert "No head comes after this one" in "".join(one.value for one in last.info)


def test_steering_says_how_much_it_adds_and_is_kept() -> None:
    page = run("interventions", text=TEXT, act="steer", compare=OTHER, strength="3")
    assert "c = 3 adds" in said(page)
    page = run("interventions", text=TEXT, act="steer", steer_by="token", steer_to="a")
    assert "‖direction‖" in said(page)
    query = {"steer_by": "token", "steer_to": "h", "strength": "10", "steer_place": "0"}
    page = run("interventions", text=TEXT, act="steer", **query)
    model = headlight.load("reverse")
    h = model.target_ids("h", model.run(TEXT).src)[0]
    edits = Edits(steer=[("decoder", 2, 0, 10, steering.unembedding(model, h))])
    after = model.run(TEXT, edits=edits)
    written = " ".join(after.tgt_out.surface(i) for i in range(len(after.tgt_out) - 1))
    assert written in plain_of(page)
    press(page, "Keep this in the list of edits")
    found = address(page)
    assert found["edits"] == recipes.Toward("decoder", 2, 0, 10.0, "token", "h").to_text()
    assert "strength" not in found or float(found["strength"]) == 0
    assert written in plain_of(page)
    press(page, "Show the text at each strength")
    for _ in range(60):
        if "what the model writes" in said(page):
            break
        time.sleep(0.5)
        page.run()
    assert said(page).count("\n| ") >= 9


def test_an_example_brings_its_second_sentence() -> None:
    page = run("interventions", text="h e a d l i g h t")
    press(page, "Try “h e a d l i n e s”")
    assert address(page)["compare"] == "h e a d l i n e s"
    assert "Second output: s e n i l d a e h" in said(page)
    steered = run("interventions", text="h e a d l i g h t", act="steer")
    press(steered, "Try “h e a d l i n e s”")
    assert address(steered)["compare"] == "h e a d l i n e s"
    own = run("interventions", text="c a b")
    assert not [one for one in own.button if one.label.startswith("Try")]


@pytest.mark.parametrize("query", [{}, {"act": "steer"}, {"second_run": "noise"}])
@pytest.mark.parametrize("model", ["read-digits", "hear-digits"])
def test_pictures_and_sounds_have_the_page_too(model: str, query: dict[str, str]) -> None:
    task = headlight.load(model).task
    assert task is not None
    page = run("interventions", model=model, text=task.examples[0].text, **query)
    assert not page.exception
    assert not page.warning


def test_patching_figures_draw_the_shares() -> None:
    model = headlight.load("reverse")
    compared = compare(model, model.run(TEXT), model.run(OTHER), 0)
    (*_, found) = patching_map(model, compared, cells(model, compared, "heads"))
    figure = patching_figure(found, "cross", [f"H{i}" for i in range(4)])
    for layer in range(2):
        for head in range(4):
            cell = next(c for c in found.cells if c[1:4] == ("cross", layer, head))
            assert figure.data[0].z[layer, head] == found.share(cell)
    assert figure.data[0].zmax == scale(found) >= np.abs(found.shares).max()
    (*_, blocks) = patching_map(model, compared, cells(model, compared, "blocks"))
    assert list(blocks_figure(blocks).data[0].y) == list(blocks.shares)
