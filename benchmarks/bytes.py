"""Bytes over the websocket for one answer, on every page, for a short and a long text."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocket

import headlight
from benchmarks.browser import app, chromium
from headlight.viz.views import VIEWS
from tests.browser.session import wait_idle

MODEL = "translate-en-fr"
LENGTHS = (10, 60)
"""Source tokens, more or less."""


class Wire:
    """Counts what the server sends from now on."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        page.on("websocket", self._open)

    def _open(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, frame: str | bytes) -> None:
        self.received += len(frame)


def main() -> None:
    if MODEL not in headlight.available():
        print(f"Skipped: the model {MODEL} is not there.")
        return
    model = headlight.load(MODEL)
    texts = {length: text_of(model, length) for length in LENGTHS}
    tokens = ", ".join(str(len(model.read(text))) for text in texts.values())
    print(f"Bytes from the server for one answer, {MODEL}, texts of {tokens} source tokens")
    print("(first: the page just opened; again: one more word of the same length)\n")
    print(f"page        {'  '.join(f'{n:>3} tokens: first   again' for n in LENGTHS)}")
    with chromium() as (browser, folder), app(folder / "log.txt") as server:
        for view in VIEWS:
            cells = []
            for text in texts.values():
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                wire = Wire(page)
                page.goto(f"{server.url}/{view.PATH}?model={MODEL}")
                wait_idle(page)
                if not page.get_by_role("link", name=view.TITLE, exact=True).count():
                    page.close()
                    continue  # an older checkout, without this page
                cells += [answer(page, wire, text), answer(page, wire, text.replace("old", "new"))]
                page.close()
            print(f"{view.PATH:12}{''.join(f'{n / 1000:13.1f} kB' for n in cells)}", flush=True)


def text_of(model: headlight.Model, length: int) -> str:
    """The longest text of that many tokens at most, made of the same sentence."""
    words = ("The old house near the river is very quiet today , " * length).split()
    text = " ".join(words[:2])
    for n in range(3, len(words)):
        longer = " ".join(words[:n])
        if len(model.read(longer)) > length:
            break
        text = longer
    return text


def answer(page: Page, wire: Wire, text: str) -> int:
    """Bytes from the Enter key until the page rests."""
    before = wire.received
    field = page.get_by_label("Source text")
    field.fill(text)
    field.press("Enter")
    wait_idle(page)
    return wire.received - before


if __name__ == "__main__":
    main()
