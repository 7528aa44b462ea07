"""Enter to everything painted on one page, while another session trains and while none does."""

from __future__ import annotations

import os
import random
import statistics
from itertools import count

from playwright.sync_api import Browser, Page

import headlight
from benchmarks.browser import chromium
from benchmarks.explore_page import NOUNS, UNTIL_PAINTED
from tests.browser.session import TIMEOUT, serve, wait_idle

TURNS = 4
TEXTS = 6
"""Texts a turn in each of the two states; one more is entered first and not counted."""
AIM = 2.0


def main() -> None:
    name = next((slug for slug in headlight.available() if slug.startswith("translate")), None)
    if name is None:
        print("Skipped: no translation model is there.")
        return
    with chromium() as (browser, folder), serve(folder / "log.txt") as server:
        alone, beside = measure(browser, server.url, name)
    print(
        f"Enter to everything painted on Explore, {name}; another session trains “reverse” or not\n"
        f"({os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the end)\n"
    )
    print("another session     median ms    best   worst")
    for what, times in (("does nothing", alone), ("trains a model", beside)):
        print(f"{what:20}{statistics.median(times):9.0f}{min(times):8.0f}{max(times):8.0f}")
    ratio = statistics.median(beside) / statistics.median(alone)
    print(f"   ratio {ratio:.2f} (aim at most {AIM:.0f})")


def measure(browser: Browser, url: str, name: str) -> tuple[list[float], list[float]]:
    """Milliseconds without and with a training, in turns so that both see the same machine."""
    reader, trainer = (browser.new_context().new_page() for _ in range(2))
    for page, path in ((reader, f"/?model={name}"), (trainer, "/training?training=live")):
        page.set_default_timeout(TIMEOUT * 1000)
        page.goto(url + path)
        wait_idle(page)
    texts = map(sentence, count())
    alone, beside = list[float](), list[float]()
    for _ in range(TURNS):
        alone += [enter(reader, next(texts)) for _ in range(TEXTS + 1)][1:]
        trainer.get_by_role("button", name="Start").click()
        trainer.get_by_text("whole answers right").wait_for()  # well under way
        beside += [enter(reader, next(texts)) for _ in range(TEXTS + 1)][1:]
        trainer.get_by_role("button", name="Stop").click()
        trainer.get_by_role("button", name="Explore its heads").wait_for()
        wait_idle(trainer)
    return alone, beside


def sentence(i: int) -> str:
    """About 20 tokens, no two alike."""
    first, second, third = random.Random(i).sample(NOUNS, 3)
    return (
        f"The old {first} near the {second} is very quiet today, and I think that the {third} "
        f"is {i} years old."
    )


def enter(page: Page, text: str) -> float:
    """Type a text into the bench, press Enter, and wait until it is painted; in milliseconds."""
    field = page.get_by_label("Source text")
    field.fill(text)
    page.evaluate(UNTIL_PAINTED, ["[data-testid=lens]", "source", text])
    field.press("Enter")
    milliseconds = float(page.evaluate("window.painted"))
    wait_idle(page)
    return milliseconds


if __name__ == "__main__":
    main()
