"""Opening the page inside a head, from the press on its link to its steps painted.

Beside it, in the same run, the page of an app that holds one line of text: what Streamlit itself
takes to change pages.
"""

from __future__ import annotations

import statistics
from urllib.parse import quote

from playwright.sync_api import Browser, Page

import headlight
from benchmarks.browser import chromium
from tests.browser.session import serve, wait_idle

MODEL = "translate-en-fr"
TEXT = "The old house near the river is very quiet today, and I think that the garden is beautiful."
ROUNDS = 15
WARM_UP = 3
AIM = 300

EMPTY = """
import streamlit as st
def home(): st.text("home")
def inside(): st.text("inside")
pages = [st.Page(home, default=True), st.Page(inside, title="Inside a head", url_path="inside")]
st.navigation(pages).run()
"""

UNTIL_PAINTED = """async ([link, ready]) => {
  const drawn = new Function(ready);
  const start = performance.now();
  document.querySelector(link).click();
  await new Promise((done) => {
    const look = () => {
      const app = document.querySelector("[data-testid=stApp]");
      if (app.dataset.testScriptState === "notRunning" && drawn()) done();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""

LINKS = (
    "[data-testid=stSidebar] a:is([data-testid=stSidebarNavLink], [data-testid=stPageLink-NavLink])"
)
"""The empty page has Streamlit's own menu, ours its own links."""
LINK = f"{LINKS}[href*='inside']"
WORDS = """
const said = [...document.querySelectorAll("[data-testid=stText]")].map((node) => node.innerText);
return said.length === 1 && said[0] === "inside" && location.pathname.endsWith("/inside");
"""
STEPS = """
const last = [...document.querySelectorAll("[data-testid=stMarkdownContainer] strong")]
  .some((node) => node.innerText.includes("The attention weights"));
const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot).filter(Boolean);
const steps = roots.filter((root) => root.querySelector("[data-testid=head-anatomy-step]"));
return last && steps.length >= 8 && location.pathname.endsWith("/inside");
"""


def main() -> None:
    if MODEL not in headlight.available():
        print(f"Skipped: the model {MODEL} is not there.")
        return
    tokens = len(headlight.load(MODEL).read(TEXT))
    with chromium() as (browser, folder):
        script = folder / "empty.py"
        script.write_text(EMPTY)
        log = folder / "log.txt"
        with serve(log, str(script)) as server:
            empty = measure(browser, server.url, WORDS)
        with serve(log) as server:
            full = measure(browser, f"{server.url}/?model={MODEL}&text={quote(TEXT)}", STEPS)
    print(f"Press on the link to the steps painted, {tokens} source tokens, model loaded\n")
    print("page                      median ms    best   worst")
    for name, times in (("empty Streamlit page", empty), (f"Inside a head, {MODEL}", full)):
        print(f"{name:31}{statistics.median(times):6.0f}{min(times):8.0f}{max(times):8.0f}")
    median = statistics.median(full)
    print(f"   aim ≤ {AIM} ms: {'reached' if median <= AIM else 'missed'}")
    print(f"   over the empty page: {median / statistics.median(empty):.1f} times")


def measure(browser: Browser, url: str, ready: str) -> list[float]:
    """Milliseconds of each opening but the first few."""
    page: Page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url)
    wait_idle(page)
    times = []
    for _ in range(ROUNDS + WARM_UP):
        times.append(float(page.evaluate(UNTIL_PAINTED, [LINK, ready])))
        page.locator(LINKS).first.click()
        wait_idle(page)
    page.close()
    return times[WARM_UP:]


if __name__ == "__main__":
    main()
