"""From the Enter key to everything painted, beside an empty Streamlit page's own round trip."""

from __future__ import annotations

import statistics

from playwright.sync_api import Browser, Page

import headlight
from benchmarks.browser import app, chromium
from tests.browser.session import serve, wait_idle

MODEL = "translate-en-fr"
ROUNDS = 15
WARM_UP = 3

EMPTY = """
import streamlit as st
st.text(st.text_input("Source text"))
"""

NOUNS = (
    "house garden river station teacher window letter kitchen mountain village "
    "doctor bridge forest market island school engine summer winter"
).split()

UNTIL_PAINTED = """([selector, name, expected]) => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((node) => node.shadowRoot)];
  const holder = roots.find((root) => root?.querySelector(selector)) || document;
  let start = 0;
  const press = () => { start = performance.now(); };
  document.addEventListener("keydown", press, { capture: true, once: true });
  window.painted = new Promise((painted) => {
    const look = () => {
      const node = holder.querySelector(selector);
      const text = name ? node?.dataset[name] : node?.innerText;
      const app = document.querySelector("[data-testid=stApp]");
      const rests = app?.dataset.testScriptState === "notRunning";
      if (start && rests && (expected === null ? text : text === expected)) {
        requestAnimationFrame(() => setTimeout(() => painted(performance.now() - start)));
      } else requestAnimationFrame(look);
    };
    look();
  });
}"""
"""From the key press until the picture of the text (None: any) is painted and the script ended."""


def main() -> None:
    if MODEL not in headlight.available():
        print(f"Skipped: the model {MODEL} is not there.")
        return
    sentences = [sentence(i) for i in range(ROUNDS + WARM_UP)]
    loaded = headlight.load(MODEL)
    counts = [len(loaded.read(text)) for text in sentences]
    with chromium() as (browser, folder):
        empty_script = folder / "empty.py"
        empty_script.write_text(EMPTY)
        log = folder / "log.txt"
        with serve(log, str(empty_script)) as server:
            empty = measure(browser, server.url, sentences, "[data-testid=stText]", "")
        with app(log) as server:
            address = f"{server.url}/?model={MODEL}"
            full = measure(browser, address, sentences, "[data-testid=lens]", "source")
    print(
        f"Enter to everything painted, {min(counts)} to {max(counts)} source tokens, never seen\n"
    )
    print("page                median ms    best   worst")
    for name, times in (("empty Streamlit page", empty), (f"Explore, {MODEL}", full)):
        print(f"{name:24}{statistics.median(times):5.0f}{min(times):8.0f}{max(times):8.0f}")
    print(f"   Explore over empty: {statistics.median(full) / statistics.median(empty):.1f} times")


def sentence(i: int) -> str:
    """About 20 tokens, no two alike."""
    first, second, third = (NOUNS[(i * step + step) % len(NOUNS)] for step in (1, 2, 3))
    return (
        f"The old {first} near the {second} is very quiet today, and I think that the {third} "
        "is beautiful."
    )


def measure(browser: Browser, url: str, texts: list[str], selector: str, name: str) -> list[float]:
    """Milliseconds of each text but the first few, typed into the field and entered."""
    page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url)
    wait_idle(page)
    times = [enter(page, text, selector, name) for text in texts]
    page.close()
    return times[WARM_UP:]


def enter(page: Page, text: str, selector: str, name: str) -> float:
    """Type a text and press Enter; milliseconds until it is painted. The page rests then."""
    field = page.get_by_label("Source text")
    field.fill(text)
    page.evaluate(UNTIL_PAINTED, [selector, name, text])
    field.press("Enter")
    took = float(page.evaluate("window.painted"))
    wait_idle(page)
    return took


if __name__ == "__main__":
    main()
