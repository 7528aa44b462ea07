"""The moving pictures of the README, made of the real app: `python -m scripts.moving_pictures`.

Each is a short loop of what the page really showed, written to `assets/moving/` as WebP. A ring
marks the pointer. With names behind it (type, explore, force, train) only those are made.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.conftest import NO_GREETING
from tests.browser.session import ROOT, TIMEOUT, find_chromium, launch, serve, wait_idle

OUT = ROOT / "assets" / "moving"
SIZE, DRAWN = (1280, 960), (960, 720)
QUALITY = 55
MAX_BYTES = 2_500_000
"""All of them together."""
BEAT, REST = 120, 1600
"""Milliseconds: of an ordinary picture, and of the last one."""
MAX_FRAMES = 40
UNDER_ITS_STATUS = """(player) => {
  player.scrollIntoView({ block: "start" });
  document.querySelector("[data-testid=stMain]").scrollBy(0, -110);
}"""
"""Scrolls so far that the curves and the map are seen, and above them how far the training is."""


class Film:
    """Pictures of a page, each with the time for which it stands."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[Image.Image] = []
        self.times: list[int] = []
        self.at: tuple[float, float] | None = None

    def shoot(self, time: int = BEAT) -> None:
        """The page as it is now, with the pointer."""
        frame = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
        if self.at is not None:
            x, y = self.at
            ImageDraw.Draw(frame).ellipse(
                (x - 11, y - 11, x + 11, y + 11), outline="black", width=3
            )
        self.frames.append(frame.resize(DRAWN, Image.Resampling.LANCZOS))
        self.times.append(time)

    def move(self, to: Locator, time: int = BEAT, *, press: bool = False) -> None:
        """Point at something, and press it."""
        to.scroll_into_view_if_needed()
        box = to.bounding_box()
        assert box is not None
        self.at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.move(*self.at)
        self.shoot(time)
        if press:
            self.page.mouse.click(*self.at)
            wait_idle(self.page)
            self.shoot(6 * time)

    def save(self, name: str) -> int:
        """Write the loop; returns its bytes."""
        self.times[-1] = REST
        path = OUT / f"{name}.webp"
        first, *others = self.frames
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=self.times,
            loop=0,
            quality=QUALITY,
            method=4,
        )
        return path.stat().st_size


def type_(film: Film) -> None:
    """A sentence is typed, and translated."""
    page = film.page
    field = page.get_by_label("Source text")
    field.fill("")
    text = "I do not like cold coffee."
    for n in range(3, len(text) + 3, 3):
        field.press_sequentially(text[n - 3 : n])
        film.shoot()
    field.press("Enter")
    page.locator(f'[data-testid=lens][data-source="{text}"]').wait_for()
    wait_idle(page)
    film.shoot()


def explore(film: Film) -> None:
    """Cells under the pointer, then other heads and other kinds of attention."""
    page = film.page
    stage = page.locator(".panel.heatmap .stage").first
    box = stage.bounding_box()
    assert box is not None
    for n in range(8):
        film.at = (
            box["x"] + box["width"] * (0.4 + 0.06 * n),
            box["y"] + box["height"] * (0.3 + 0.07 * n),
        )
        page.mouse.move(*film.at)
        film.shoot(260)
    for thumb in (1, 3, 9, 17):
        film.move(page.locator(".thumb").nth(thumb), 150, press=True)
    for kind in ("encoder_self", "decoder_self", "cross"):
        film.move(page.locator(f"[data-kind-tab={kind}]"), 150, press=True)


def force(film: Film) -> None:
    """Step by step; another token is forced, and the model goes on from it."""
    page = film.page
    page.get_by_role("link", name="Decode").first.click()
    page.get_by_test_id("steps").wait_for()
    wait_idle(page)
    film.shoot(600)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        film.shoot(600)
    film.move(page.locator(".candidate").nth(1), 500, press=True)


def train(film: Film) -> None:
    """A small transformer from nothing until it has solved its task."""
    page = film.page
    film.move(page.get_by_role("button", name="Watch a transformer learn"), 600)
    page.mouse.click(*(film.at or (0, 0)))
    film.at = None
    player = page.get_by_test_id("training-player")
    player.wait_for()
    done = page.get_by_role("button", name="Explore its heads")
    while not done.count() and len(film.frames) < 4 * MAX_FRAMES:
        player.evaluate(UNDER_ITS_STATUS)
        film.shoot()
        page.wait_for_timeout(700)
    wait_idle(page)
    player.evaluate(UNDER_ITS_STATUS)
    film.shoot()
    step = -(-len(film.frames) // MAX_FRAMES)
    film.frames = [*film.frames[:-1:step], film.frames[-1]]
    film.times = [*film.times[:-1:step], film.times[-1]]


SCENES: dict[str, Callable[[Film], None]] = {
    "type": type_,
    "explore": explore,
    "force": force,
    "train": train,
}


def main() -> None:
    names = sys.argv[1:] or list(SCENES)
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        executable = find_chromium(playwright)
        if executable is None:
            raise SystemExit("no Chromium found: install it, or name it in $CHROMIUM")
        browser = launch(playwright, executable)
        for name in names:
            page = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]}).new_page()
            page.add_init_script(NO_GREETING)
            page.set_default_timeout(TIMEOUT * 1000)
            page.goto(server.url)
            wait_idle(page)
            film = Film(page)
            SCENES[name](film)
            print(f"{name}: {len(film.frames)} pictures, {film.save(name):,} bytes", flush=True)
            page.context.close()
        browser.close()
    total = sum(path.stat().st_size for path in OUT.glob("*.webp"))
    print(f"together {total:,} bytes")
    if total > MAX_BYTES:
        raise SystemExit(f"that is more than {MAX_BYTES:,}: lower QUALITY or shorten a scene")


if __name__ == "__main__":
    main()
