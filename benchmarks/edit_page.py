"""From an edit pressed to everything painted, beside Enter to everything painted, in turns."""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser

import headlight
from benchmarks.browser import chromium
from benchmarks.explore_page import MODEL, ROUNDS, UNTIL_PAINTED, WARM_UP, enter, sentence
from benchmarks.timing import verdict
from tests.browser.session import serve, wait_idle

AIM = "≤ 1.5"
LENS = "[data-testid=lens]"


def main() -> None:
    """Print the median of both, and the middle one of the turns' ratios."""
    if MODEL not in headlight.available():
        print(f"Skipped: the model {MODEL} is not there.")
        return
    sentences = [sentence(i) for i in range(ROUNDS + WARM_UP)]
    with chromium() as (browser, folder), serve(folder / "log.txt") as server:
        address = f"{server.url}/?model={MODEL}&kind=cross&layer=0&head=0"
        times = measure(browser, address, sentences)
    entered, edited = ([turn[i] for turn in times] for i in (0, 1))
    ratio = statistics.median(two / one for one, two in times)
    print("pressed                 median ms    best   worst")
    for name, taken in (("Enter, a new sentence", entered), ("x, an edge cut", edited)):
        print(f"{name:24}{statistics.median(taken):9.0f}{min(taken):8.0f}{max(taken):8.0f}")
    print(f"an edit over Enter: {verdict(ratio, AIM)}")


def measure(browser: Browser, url: str, texts: list[str]) -> list[tuple[float, float]]:
    """Milliseconds (Enter, edit) of each text but the first few."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url)
    wait_idle(page)
    times = []
    for text in texts:
        entered = enter(page, text, LENS, "source")
        page.locator(LENS).focus()
        page.keyboard.press("Shift+ArrowRight")
        page.evaluate(UNTIL_PAINTED, [LENS, "edits", None])  # whichever edge it is
        page.keyboard.press("x")
        edit = float(page.evaluate("window.painted"))
        wait_idle(page)
        page.get_by_role("button", name="Undo all").click()
        wait_idle(page)
        times.append((entered, edit))
    page.close()
    return times[WARM_UP:]


if __name__ == "__main__":
    main()
