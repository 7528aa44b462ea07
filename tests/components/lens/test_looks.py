"""How the lens looks and behaves: colours, widths, long texts, overlays, motion."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from headlight.viz import theme
from tests.components.lens.hands import Open, cell_box, hover_cell, press, said
from tests.components.lens.synthetic import build_trace

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ramp_goes_from_the_page_to_its_far_end(open_file: Open, scheme: str) -> None:
    tab = open_file(address="#kind=cross&layer=1&head=2", color_scheme=scheme)
    style = tab.locator(".heatmap .ramp").first.evaluate("e => getComputedStyle(e).backgroundImage")
    colours = [tuple(map(int, m)) for m in re.findall(r"rgb\((\d+), (\d+), (\d+)\)", style)]
    page_colour = theme.DARK if scheme == "dark" else theme.LIGHT
    assert colours[0] == rgb(page_colour)
    assert colours[-1] == rgb(theme.ramp(theme.KIND_COLOURS["cross"], scheme == "dark")[-1][1])
    luminance = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in colours]
    steps = np.diff(luminance)
    assert (steps > 0).all() if scheme == "dark" else (steps < 0).all()


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_is_wider_than_the_page(open_file: Open, width: int) -> None:
    tab = open_file(viewport={"width": width, "height": 900})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    canvas = tab.locator(".heatmap .cells").bounding_box()
    assert canvas is not None
    assert canvas["x"] >= 0
    assert canvas["x"] + canvas["width"] <= width


def test_large_type_that_the_page_asks_for_late_is_taken_up(open_file: Open) -> None:
    tab = open_file()
    lens = tab.get_by_test_id("lens")
    assert "presenting" not in str(lens.get_attribute("class"))
    tab.evaluate("document.documentElement.style.setProperty('--present', '1.45')")
    tab.set_viewport_size({"width": 1300, "height": 768})
    tab.wait_for_selector("[data-testid=lens].presenting")
    assert lens.locator(".caption .note").first.is_hidden()


def test_a_lens_that_is_taken_off_the_page_paints_no_more(open_file: Open) -> None:
    tab = open_file()
    lens = tab.get_by_test_id("lens").element_handle()
    painted = lens.get_attribute("data-painted-ms")
    lens.evaluate("lens => lens.remove()")
    tab.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
    assert lens.get_attribute("data-painted-ms") == painted  # without a style all sizes are NaN


def test_labels_thin_out_and_nothing_is_clipped_at_256_tokens(open_file: Open) -> None:
    words = [f"w{i}" for i in range(255)]
    tab = open_file(shown=build_trace(words, words, encoder_layers=1, decoder_layers=1, heads=2))
    stage = tab.locator(".heatmap .stage").first
    area = stage.bounding_box()
    assert area is not None
    box = cell_box(stage)
    assert box["left"] + 256 * box["w"] <= area["width"]
    assert box["top"] + 256 * box["h"] <= area["height"] + 1
    hover_cell(tab, 200, 100)
    assert "(row 200, column 100, rank" in said(tab)


def test_help_opens_and_closes_by_keys(open_file: Open) -> None:
    tab = open_file()
    press(tab, "?")
    dialog = tab.get_by_role("dialog", name="Keyboard help")
    assert dialog.is_visible()
    tab.keyboard.press("Escape")
    assert dialog.is_hidden()


def test_a_cell_pinned_by_the_address_is_released_by_escape(open_file: Open) -> None:
    tab = open_file(address="#kind=cross&layer=0&head=1&pin=2-1")
    assert "(row 2, column" in said(tab)
    assert tab.locator(".outline.pinned").is_visible()
    press(tab, "Escape")
    assert tab.locator(".outline.pinned").is_hidden()


def test_pieces_of_a_word_show_their_joint(open_file: Open) -> None:
    marked = build_trace(["▁the", "▁un|likely"], ["▁le", "▁chat", "▁"])
    pieces = tuple(piece.replace("##", "") for piece in marked.src.pieces)
    marked = dataclasses.replace(marked, src=dataclasses.replace(marked.src, pieces=pieces))
    tab = open_file(shown=marked)
    strips = tab.locator(".strip")
    assert strips.nth(0).locator(".token").all_inner_texts() == ["the", "un", "‑likely", "<eos>"]
    assert strips.nth(1).locator(".token").all_inner_texts() == ["le", "chat", "·", "<eos>"]


def test_motion_can_be_left_out(open_file: Open) -> None:
    duration = "e => getComputedStyle(e).transitionDuration"
    for wish, expected in (("no-preference", "0.12s"), ("reduce", "0s")):
        tab = open_file(reduced_motion=wish)
        button = tab.get_by_role("button", name="Keyboard help")
        assert button.evaluate(duration).split(",")[0] == expected
