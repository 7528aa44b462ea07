"""axe-core finds nothing serious on any page, in light and in dark."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.session import TIMEOUT, Server, wait_idle

VIEWS = (
    "/",
    "/decode",
    "/decode?view=forcing&target=Le%20chat",
    "/inside?section=places",
    "/inside?model=read-digits",
    "/interventions?compare=The%20black%20cats%20sleep.",
    "/interventions?act=steer&compare=The%20black%20cats%20sleep.",
    "/heads",
    "/heads?part=pruning",
    "/learn?lesson=self-attention",
    "/learn?learn=predict&game=cells",
    "/training",
    "/training?training=live",
)
SERIOUS = {"serious", "critical"}


OPTIONS: dict[str, dict[str, object]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {
        "resultTypes": ["violations"],
        "runOnly": {"type": "rule", "values": ["color-contrast"]},  # all that a theme changes
    },
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    browser: Browser, server: Server, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(TIMEOUT * 1000)
    found = []
    for view in VIEWS:
        page.goto(f"{server.url}{view}")
        wait_idle(page)
        found += [
            f"{view}: {one['id']} ({len(one['nodes'])}), e.g. {one['nodes'][0]['html'][:160]}"
            for one in Axe().run(page, options=OPTIONS[scheme]).response["violations"]
            if one["impact"] in SERIOUS
        ]
    context.close()
    assert not found, "\n".join(found)


def test_what_scrolls_on_a_phone_is_within_reach_of_keys(open_page: OpenPage) -> None:
    page = open_page("/decode?model=reverse&text=c+a+b&strategy=beam", width=390)
    tree = page.locator(".st-key-beam_tree")
    expect(tree).to_have_attribute("tabindex", "0")
    assert tree.evaluate("one => one.scrollWidth > one.clientWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(tree).not_to_have_attribute("tabindex", "0")
