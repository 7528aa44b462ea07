"""Drawing digits with the pointer, saying them into the microphone: read, and shown."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import soundfile
from playwright.sync_api import Browser, expect

import headlight
from headlight.model.tasks.hear_digits import HearDigits
from tests.browser.conftest import OpenPage
from tests.browser.pointer_and_voice import say, stroke, with_microphone
from tests.browser.session import wait_idle

COUNTED = """
    window.sounds = [];
    window.AudioContext = class extends AudioContext {
        constructor(...given) { super(...given); window.sounds.push(this); }
    };
"""
"""Keeps every sound that the page plays."""


def test_what_is_drawn_is_read_and_shown(open_page: OpenPage) -> None:
    page = open_page("/?model=read-digits")
    lens = page.get_by_test_id("lens")
    expect(lens).to_have_attribute("data-output", "three one four")
    stroke(page, [(60, 25), (60, 125)])
    expect(lens).to_have_attribute("data-output", "one")
    stroke(page, [(120, 30), (190, 30), (150, 125)])
    expect(lens).to_have_attribute("data-output", "one seven")
    expect(page.get_by_test_id("scene-note")).to_contain_text("the highest is")
    link = page.url.removeprefix(page.url.split("/?")[0])
    page.get_by_test_id("pad-undo").click()
    expect(lens).to_have_attribute("data-output", "one")
    page.get_by_text("7 7 7 7", exact=True).first.click()
    wait_idle(page)
    expect(lens).to_have_attribute("data-output", "seven seven seven seven")
    page.goto(f"{page.url.split('/?')[0]}{link}")  # whoever gets the link sees the drawing
    expect(lens).to_have_attribute("data-output", "one seven")
    expect(page.get_by_test_id("pad")).to_be_visible()
    expect(page.locator(".pad")).to_have_attribute("data-strokes", "2")


def test_every_page_makes_sense_of_a_sound(open_page: OpenPage) -> None:
    page = open_page("/decode?model=hear-digits&step=1")
    note = page.get_by_test_id("scene-note")
    trace = headlight.load("hear-digits").run(HearDigits().examples[0].source)
    weights = np.mean([block.pattern[:, 1] for block in trace.attention["cross"]], axis=(0, 1))
    most = trace.src.pieces[int(weights.argmax())]
    expect(note).to_contain_text(f"This step reads most at {most}: {weights.max():.3f}.")
    page.goto(f"{page.url.split('/decode')[0]}/learn?model=hear-digits&lesson=not-only-words")
    slices = page.locator(".slice")
    expect(slices).to_have_count(10)  # 39 positions, four a slice
    slices.nth(3).click()
    page.get_by_test_id("reveal").click()
    expect(page.get_by_test_id("score")).to_contain_text(re.compile("Right|Not this time"))
    page.goto(f"{page.url.split('/learn')[0]}/inside?model=hear-digits&stages=all")
    expect(page.get_by_text("The key's part of the sound")).to_be_visible()
    page.goto(f"{page.url.split('/inside')[0]}/training?model=hear-digits")
    expect(page.get_by_text("Recorded sound")).to_be_visible()


def test_a_sound_that_was_found_opens_and_another_is_chosen_beside_it(open_page: OpenPage) -> None:
    page = open_page("/heads?model=hear-digits&text=3+1+4&part=search&above=0.0")
    expect(page.get_by_text(re.compile("^Most often: cross"))).to_be_visible(timeout=120_000)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 35 + 17)  # the first row's box
    page.wait_for_url(re.compile("pin="))
    wait_idle(page)
    assert "text=recording" in page.url
    expect(page.get_by_test_id("scene-note")).to_contain_text("the highest is")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("summary", has_text="Compare").click()
    page.get_by_label("Second sound").select_option("7 7 7")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_test_id("scene-note")).to_have_count(2)


def test_a_file_that_cannot_be_read_leaves_what_was_there(
    open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("/?model=hear-digits")
    output = page.get_by_test_id("lens")
    said = tmp_path / "voice.wav"
    say([5, 2, 8], said)
    samples, rate = soundfile.read(said)
    soundfile.write(tmp_path / "long.wav", np.tile(samples, 4), rate)
    (tmp_path / "text.wav").write_text("five two eight")
    page.get_by_role("button", name="Upload a sound").click()
    for name, sentence in (
        ("voice.wav", None),
        ("long.wav", re.compile(r"^The sound lasts \d+\.\d seconds; this model hears at most 8\.")),
        ("text.wav", re.compile("^This file cannot be read as a sound")),
    ):
        page.locator("input[type=file]").set_input_files(tmp_path / name)
        if sentence is not None:
            expect(page.get_by_test_id("stAlert")).to_have_text(sentence)  # this one alone
        expect(output).to_have_attribute("data-output", "five two eight")


def test_a_file_that_is_no_picture_leaves_the_drawing(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/?model=read-digits")
    lens = page.get_by_test_id("lens")
    stroke(page, [(60, 25), (60, 125)])
    expect(lens).to_have_attribute("data-output", "one")
    (tmp_path / "text.png").write_text("one seven")
    page.get_by_role("button", name="Upload a picture").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "text.png")
    expect(page.get_by_test_id("stAlert")).to_contain_text("cannot be read as a picture")
    page.keyboard.press("Escape")
    wait_idle(page)
    expect(page.locator(".pad")).to_have_attribute("data-strokes", "1")
    stroke(page, [(120, 30), (190, 30), (150, 125)])
    expect(lens).to_have_attribute("data-output", "one seven")


def test_the_source_is_on_a_saved_picture_and_told_to_who_cannot_see_it(
    open_page: OpenPage,
) -> None:
    page = open_page("/?model=read-digits&kind=decoder_self")
    scene = page.get_by_test_id("scene")
    expect(scene).to_have_attribute("aria-label", re.compile("not at the picture"))
    page.goto(page.url.replace("decoder_self", "cross"))
    expect(scene).to_have_attribute("aria-label", re.compile("the highest is .*, at columns"))
    page.get_by_test_id("lens").locator("summary", has_text="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Head as SVG").click()
    svg = download.value.path().read_text()
    assert svg.count("<image ") == 2, "the slices, and the cells"
    assert ">0–3<" not in svg


def test_playing_a_sound_makes_no_entries_and_ends_with_what_is_shown(open_page: OpenPage) -> None:
    page = open_page("/decode?model=hear-digits&text=3+1+4", script=COUNTED)
    before = page.evaluate("history.length")
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("steps")).to_have_attribute("data-step", re.compile("[12]"))
    expect(page.get_by_test_id("play")).to_have_text("Play")  # it has come to its end
    assert page.evaluate("history.length") == before
    page.get_by_test_id("play").click()
    expect(page.get_by_test_id("play")).to_have_text("Stop")
    page.get_by_text("7 7 7", exact=True).first.click()
    page.wait_for_function("sounds.length === 2 && sounds.every((one) => one.state === 'closed')")


def test_what_was_cut_off_a_recording_is_said(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/?model=hear-digits")
    say([5, 2, 8], tmp_path / "voice.wav")
    page.get_by_role("button", name="Upload a sound").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "voice.wav")
    expect(page.get_by_test_id("lens")).to_have_attribute("data-output", "five two eight")
    said = page.get_by_text(
        re.compile(r"^Only the part with speech is heard: 0\.\d\d to \d\.\d\d s of")
    )
    expect(said).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("7 7 7", exact=True).first.click()
    expect(said).to_have_count(0)


def test_what_is_said_is_heard(browser: Browser, app_url: str, tmp_path: Path) -> None:
    say([5, 2, 8], tmp_path / "voice.wav")
    page = with_microphone(browser, tmp_path / "voice.wav")
    page.goto(f"{app_url}/?model=hear-digits")
    expect(page.get_by_test_id("scene")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("00:04")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Stop recording").click()
    lens = page.get_by_test_id("lens")
    expect(lens).to_have_attribute("data-output", "five two eight", timeout=30_000)
    expect(page.get_by_test_id("play")).to_be_visible()
    page.close()
