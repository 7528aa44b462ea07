"""Pictures of every page: `python -m tests.browser.screenshots OUTDIR [--pages /explore ...]`.

Without options each page is taken whole, in light and dark, at 1440, 1024 and 390 pixels.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.browser.session import TIMEOUT, find_chromium, launch, serve, wait_idle

Scheme = Literal["light", "dark"]


def page_paths(page: Page) -> list[str]:
    """The paths of all pages in the sidebar; the page shown, when there is only one."""
    links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink").all()
    return [urlsplit(link.get_attribute("href") or "/").path for link in links] or ["/"]


def fit_height(page: Page, width: int) -> None:
    """Make the window as high as what it scrolls: Streamlit's page scrolls inside of itself."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, 600)})
    wait_idle(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("outdir", type=Path)
    parser.add_argument("--pages", nargs="+", metavar="PATH", help="such as / or /compare?layer=1")
    parser.add_argument("--width", nargs="+", type=int, default=[1440, 1024, 390])
    scheme = parser.add_mutually_exclusive_group()
    scheme.add_argument("--dark", action="store_const", dest="schemes", const=["dark"])
    scheme.add_argument("--light", action="store_const", dest="schemes", const=["light"])
    parser.add_argument("--url", help="an app that is running already")
    options = parser.parse_args()
    options.outdir.mkdir(parents=True, exist_ok=True)
    if options.url:
        take(options.url.rstrip("/"), options)
        return
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server:
        take(server.url, options)


def take(url: str, options: argparse.Namespace) -> None:
    """Take every picture asked for, and print the name of each."""
    schemes: list[Scheme] = options.schemes or ["light", "dark"]
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            raise SystemExit("no Chromium found: install it, or name it in $CHROMIUM")
        browser = launch(playwright, executable)
        paths: list[str] | None = options.pages
        for scheme in schemes:
            for width in options.width:
                page = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=scheme
                ).new_page()
                page.set_default_timeout(TIMEOUT * 1000)
                if paths is None:
                    page.goto(url)
                    wait_idle(page)
                    paths = page_paths(page)
                for path in paths:
                    page.goto(f"{url}/{path.removeprefix('/')}")
                    wait_idle(page)
                    fit_height(page, width)
                    name = urlsplit(path).path.strip("/").replace("/", "-") or "home"
                    file = options.outdir / f"{name}-{scheme}-{width}.png"
                    page.screenshot(path=file, full_page=True)
                    page.set_viewport_size({"width": width, "height": 900})
                    print(file)
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
