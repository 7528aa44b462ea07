"""From the end of a stroke, and from the end of a recording, to everything painted on Explore."""

from __future__ import annotations

import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page

import headlight
from benchmarks.browser import chromium
from tests.browser.pointer_and_voice import say, stroke, with_microphone
from tests.browser.session import serve, wait_idle

MODELS = ("read-digits", "hear-digits")
STROKES, SOUNDS, WARM_UP = 12, 6, 2

UNTIL_PAINTED = """([on, button]) => {
  const lens = [...document.querySelectorAll("*")].map((node) => node.shadowRoot)
    .find((root) => root?.querySelector("[data-testid=lens]"))?.querySelector("[data-testid=lens]");
  const before = lens.dataset.source;
  let start = 0;
  document.addEventListener(on, (event) => {
    const named = event.composedPath().some((node) => node.ariaLabel === button);
    if (!start && (!button || named)) start = performance.now();
  }, { capture: true });
  window.painted = new Promise((painted) => {
    const look = () => {
      const app = document.querySelector("[data-testid=stApp]");
      const rests = app?.dataset.testScriptState === "notRunning";
      if (start && rests && lens.dataset.source !== before) {
        requestAnimationFrame(() => setTimeout(() => painted(performance.now() - start)));
      } else requestAnimationFrame(look);
    };
    look();
  });
}"""
"""From the event until the new source is painted and the script has ended."""


def main() -> None:
    if missing := [name for name in MODELS if name not in headlight.available()]:
        print(f"Skipped: {', '.join(missing)} is not there.")
        return
    with chromium() as (browser, folder), serve(folder / "log.txt") as server:
        drawn = drawings(browser, server.url)
        heard = [recording(browser, server.url, folder, i) for i in range(SOUNDS)]
    print("                                   median ms    best   worst   aim")
    for name, times, aim in (
        ("pen up to everything painted", drawn, 200),
        ("end of recording to painted", heard, 400),
    ):
        print(f"{name:34}{statistics.median(times):10.0f}{min(times):8.0f}{max(times):8.0f}{aim:6}")


def drawings(browser: Browser, url: str) -> list[float]:
    """Milliseconds of each stroke but the first few: each makes the drawing wider."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/?model=read-digits")
    wait_idle(page)
    times = []
    for i in range(STROKES + WARM_UP):
        page.evaluate(UNTIL_PAINTED, ["pointerup", ""])
        stroke(page, [(30 + 45 * i, 25), (30 + 45 * i, 120)])
        times.append(_painted(page))
    page.close()
    return times[WARM_UP:]


def recording(browser: Browser, url: str, folder: Path, i: int) -> float:
    """Milliseconds of one recording of another length, by a browser whose microphone is a file."""
    file = folder / f"voice-{i}.wav"
    say([(i + j) % 10 for j in range(1 + i % 4)], file)
    page = with_microphone(browser, file)
    page.goto(f"{url}/?model=hear-digits")
    wait_idle(page)
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_text("00:04").wait_for(timeout=30_000)
    page.evaluate(UNTIL_PAINTED, ["click", "Stop recording"])
    page.get_by_role("button", name="Stop recording").click()
    time = _painted(page)
    page.close()
    return time


def _painted(page: Page) -> float:
    time = float(page.evaluate("window.painted"))
    wait_idle(page)
    return time


if __name__ == "__main__":
    main()
