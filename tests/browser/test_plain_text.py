"""Text is text: what others wrote is on the page letter for letter, in every kind of place."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.plain_page import TEXTS
from tests.browser.session import Watch, serve, wait_idle

READ = """() => [...document.querySelectorAll('[class*="st-key-p"]')].map(place => {
  const name = [...place.classList].find(one => /^st-key-p\\d+-\\d+$/.test(one));
  const text = place.querySelector('td') ?? place.querySelector(
    '[data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]');
  const made = text?.querySelectorAll(
    'a, img, code, pre, h1, h2, h3, li, blockquote, del, sup, .katex, script, b, em,' +
    '[data-testid=stIconMaterial]') ?? [];
  return [name?.slice(8), text?.textContent, made.length];
})"""
AROUND = {"0": ("", None), "1": ("“", "” cannot be read.")}


def test_every_letter_arrives_and_nothing_is_made_of_it(browser: Browser, tmp_path: Path) -> None:
    with serve(tmp_path / "log.txt", "tests/browser/plain_page.py") as server:
        page = browser.new_page()
        watch = Watch(server.url.removeprefix("http://"))
        watch.attach(page)
        page.goto(server.url)
        wait_idle(page)
        found = [one for one in page.evaluate(READ) if one[0]]
        page.close()
    assert len(found) == 5 * len(TEXTS)
    for name, shown, made in found:
        place, i = name.split("-")
        # isolates are the only signs that are added, and only where writing turns
        text, given = (
            one.replace("\u2068", "").replace("\u2069", "") for one in (shown, TEXTS[int(i)])
        )
        before, after = AROUND.get(place, ("", ""))
        want = f"{given} and {given}" if after is None else f"{before}{given}{after}"
        assert text == want, name
        assert made == 0, f"{name}: {given!r} became something else"
    watch.check()
