"""What a visitor draws and says, for tests and benchmarks."""

from __future__ import annotations

import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page

from headlight.model.run.sounds import at_rate
from headlight.model.tasks.hear_digits import HearDigits
from tests.browser.session import FLAGS, find_chromium

RATE = 48_000


def stroke(page: Page, points: list[tuple[float, float]]) -> None:
    """One stroke on the pad; points are in pixels from its corner."""
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    (x, y), *rest = points
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
    page.mouse.up()


def say(digits: list[int], file: Path) -> None:
    """A recording of shipped digits, with silence around it, as a microphone gives it."""
    samples = at_rate(HearDigits().shipped.say(digits, person=1, seed=9), RATE)
    quiet = np.zeros(RATE // 2, np.float32)
    whole = np.concatenate([quiet, 0.8 * samples / np.abs(samples).max(), *[quiet] * 6])
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((whole * 32_000).astype("<i2").tobytes())


def with_microphone(browser: Browser, file: Path) -> Page:
    """A page of a browser of its own, whose microphone is a file; closing it closes both."""
    playwright: Any = SimpleNamespace(chromium=browser.browser_type)
    own = browser.browser_type.launch(
        executable_path=find_chromium(playwright),
        args=[
            *FLAGS,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={file}%noloop",
        ],
    )
    page = own.new_context(permissions=["microphone"]).new_page()
    page.on("close", lambda _: own.close())
    return page
