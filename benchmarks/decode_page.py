"""The Decode page: one step at 64 written tokens, a fork on 20 tokens, and a beam beside greedy.

The step is timed beside a key that does nothing, the fork beside a press on an empty page's button:
what the browser and Streamlit take by themselves.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Browser, Page

import headlight
from benchmarks.browser import chromium
from benchmarks.explore_page import sentence
from benchmarks.timing import milliseconds, table, take_turns, verdict
from headlight.model import Model
from headlight.model.decoding import Beam, Greedy, Strategy
from tests.browser.session import serve, wait_idle

MODEL = "translate-en-fr"
ROUNDS = 15
WARM_UP = 3
WRITTEN = 64
FRAME, FORK = 16, 150

EMPTY = """
import streamlit as st
@st.fragment
def part():
    count = st.session_state.get("count", 0)
    st.button("Fork", on_click=lambda: st.session_state.update(count=count + 1))
    st.text(f"pressed {count}")
part()
"""

PRESS = """async (key) => {
  const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
  const view = roots.map((root) => root?.querySelector("[data-testid=steps]")).find(Boolean);
  const start = performance.now();
  view.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
  view.getBoundingClientRect();  // style and layout of everything that changed
  const work = performance.now() - start;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return { work, painted: performance.now() - start, step: Number(view.dataset.step) };
}"""
"""Milliseconds of a key's own work, style and layout included, and until it is painted."""

FORKED = """async ([button, ready]) => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((node) => node.shadowRoot)];
  const press = roots.map((root) => root?.querySelector(button)).find(Boolean);
  const done = new Function("roots", `return ${ready}`);
  const start = performance.now();
  press.click();
  await new Promise((found) => {
    const look = () => (done(roots.filter(Boolean)) ? found() : requestAnimationFrame(look));
    look();
  });
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return performance.now() - start;
}"""
"""Milliseconds from the press until what it changes is painted."""


def main() -> None:
    if MODEL not in headlight.available():
        print(f"Skipped: the model {MODEL} is not there.")
        return
    loaded = headlight.load(MODEL)
    beam_beside_greedy(loaded)
    with chromium() as (browser, folder):
        empty = folder / "empty.py"
        empty.write_text(EMPTY)
        log = folder / "log.txt"
        with serve(log, str(empty)) as server:
            nothing = empty_presses(browser, server.url)
        with serve(log) as server:
            steps(browser, server.url, loaded)
            forks(browser, server.url, loaded, nothing)


def beam_beside_greedy(loaded: Model) -> None:
    """Decoding the same sentences by turns."""
    sources = [loaded.read(sentence(i)) for i in range(ROUNDS)]

    def decoding(strategy: Strategy) -> Callable[[], object]:
        return lambda: [loaded.decode(source, strategy=strategy) for source in sources]

    timings = take_turns({"greedy": decoding(Greedy()), "beam": decoding(Beam(5))}, turns=5)
    tokens = [len(source) for source in sources]
    ratio = timings["beam"].over(timings["greedy"])
    table(
        f"{ROUNDS} sentences of {min(tokens)} to {max(tokens)} source tokens, one at a time",
        [
            ["", "a sentence", ""],
            ["greedy", milliseconds(timings["greedy"].median / ROUNDS), ""],
            [
                "beam of 5, with its tree",
                milliseconds(timings["beam"].median / ROUNDS),
                f"times greedy: {verdict(ratio, '≤ 2.5')}",
            ],
        ],
    )


def steps(browser: Browser, url: str, loaded: Model) -> None:
    """← and → at 64 written tokens, beside a key that means nothing."""
    target = forced_text(loaded)
    page = opened(browser, f"{url}/decode?view=forcing&model={MODEL}&target={quote(target)}")
    keys = ["ArrowRight"] * (WRITTEN - 1)
    moved = [page.evaluate(PRESS, key) for key in keys]
    idle = [page.evaluate(PRESS, "F13") for _ in keys]
    page.close()
    assert moved[-1]["step"] == WRITTEN - 1, "the keys did not move the steps"
    print(f"\n→ through {WRITTEN} written tokens\n\n{'':30}work ms   until painted ms, medians")
    for name, found in (("a key that does nothing", idle), ("one step", moved)):
        medians = [statistics.median(one[what] for one in found) for what in ("work", "painted")]
        print(f"{name:30}{medians[0]:7.1f}{medians[1]:12.1f}")
    within("one step's work", [one["work"] for one in moved], FRAME)


def forced_text(loaded: Model) -> str:
    """A target of 63 tokens, which `<eos>` makes 64."""
    ids = loaded.tokenizer.encode(" ".join(["La maison est belle et la rue est longue,"] * 9)).ids
    return loaded.tokenizer.decode(ids[: WRITTEN - 1]).text


def empty_presses(browser: Browser, url: str) -> list[float]:
    """A button in a fragment of an empty page, which changes one line."""
    page = opened(browser, url)
    times = []
    for i in range(ROUNDS + WARM_UP):
        ready = f"document.querySelector('[data-testid=stText]').innerText === 'pressed {i + 1}'"
        times.append(page.evaluate(FORKED, ["[data-testid=stButton] button", ready]))
        wait_idle(page)
    page.close()
    return times[WARM_UP:]


def forks(browser: Browser, url: str, loaded: Model, nothing: list[float]) -> None:
    """The second candidate of another step each time, on a text never seen; cut afterwards."""
    times, counts = [], []
    for i in range(3):
        text = sentence(i)
        counts.append(len(loaded.read(text)))
        page = opened(browser, f"{url}/decode?model={MODEL}&text={quote(text)}")
        for step in range(1, 1 + (ROUNDS + WARM_UP) // 3):
            page.keyboard.press("ArrowRight")
            row = ".forks .walk[aria-pressed=true] .forced"
            ready = f"roots.some((root) => root.querySelector('{row}'))"
            button = "[aria-label=Candidates] li:nth-child(2) button"
            times.append(page.evaluate(FORKED, [button, ready]))
            wait_idle(page)
            page.locator(".forks li").nth(1).get_by_role("button", name="Cut").click()
            wait_idle(page)
            assert page.locator("[data-testid=steps]").get_attribute("data-step") == str(step)
        page.close()
    times = times[WARM_UP:]
    tokens = f"{min(counts)} to {max(counts)}"
    print(f"\nPress on a candidate until its continuation is painted, {tokens} source tokens\n")
    print(f"{'':30}median ms    best   worst")
    for name, found in (("a button of an empty page", nothing), (f"a fork, {MODEL}", times)):
        print(f"{name:30}{statistics.median(found):9.0f}{min(found):8.0f}{max(found):8.0f}")
    print(
        f"   over the empty page: {statistics.median(times) / statistics.median(nothing):.1f} times"
    )
    within("a fork", times, FORK)


def opened(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url)
    wait_idle(page)
    return page


def within(what: str, values: list[float], aim: float) -> None:
    """Say whether the median of milliseconds is within the aim."""
    median = statistics.median(values)
    said = "reached" if median <= aim else "missed"
    print(f"   {what}: median {median:.1f} ms, aim ≤ {aim:g} ms: {said}")


if __name__ == "__main__":
    main()
