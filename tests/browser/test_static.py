"""The programs of the page's parts: from a path of the server, once a page; else a sentence."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Request, Route, expect

from headlight.viz.components.static import manifest
from tests.browser.session import Watch, serve, wait_idle


class Asked:
    """The addresses that a page asks for."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def __call__(self, request: Request) -> None:
        self.urls.append(request.url)


PROGRAM = str(manifest()["parts"]["lens"])


def test_programs_come_once_from_below_the_servers_path(browser: Browser, tmp_path: Path) -> None:
    with serve(tmp_path / "log.txt", base="some/where") as server:
        for path in ("", "explore"):
            page = browser.new_page()
            asked = Asked()
            page.on("request", asked)
            page.goto(f"{server.url}/{path}?model=reverse")
            expect(page.get_by_test_id("lens")).to_be_visible(timeout=60_000)
            page.get_by_label("Source text").fill("a b c d")
            page.get_by_label("Source text").press("Enter")
            expect(page.get_by_test_id("lens")).to_have_attribute("data-source", "a b c d")
            assert [url for url in asked.urls if PROGRAM in url] == [
                f"{server.url}/app/static/{PROGRAM}"
            ]
            page.close()


def test_where_static_files_cannot_be_had_a_sentence_says_so(
    browser: Browser, app_url: str
) -> None:
    page = browser.new_page()
    watch = Watch("")

    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="Not found")

    page.route("**/app/static/**", refuse)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.goto(f"{app_url}/?model=reverse")
    wait_idle(page)
    said = page.get_by_text("This part of the page could not be loaded")  # each part says so
    expect(said.filter(has_text=f"app/static/{PROGRAM}")).to_be_visible()
    assert watch.errors == []
    page.close()
