"""Synthetic traces, and a lens opened from disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from headlight.model.run.trace import Trace
from headlight.viz.components.lens import page
from tests.components.lens.hands import Open
from tests.components.lens.synthetic import build_trace


@pytest.fixture(scope="session")
def trace() -> Trace:
    """Encoder and decoder of different depth, sub-words, and text that looks like markup."""
    return build_trace(
        ["the", "cat", "<script>", "un|likely", "sat", "."],
        ["le", "chat", "<b>", "impro|bable", "était", "assis", "."],
    )


@pytest.fixture(scope="module")
def second() -> Trace:
    """As many tokens as the first, other weights."""
    return build_trace(
        ["the", "dog", "<script>", "un|likely", "sat", "."],
        ["le", "chien", "<b>", "impro|bable", "était", "assis", "."],
        seed=7,
    )


@pytest.fixture
def open_file(browser: Browser, tmp_path: Path, trace: Trace) -> Iterator[Open]:
    """Open a lens from disk; afterwards no error may have been heard, and no request made."""
    pages: list[Page] = []
    wrong: list[str] = []

    def open_file(
        *,
        compare: Trace | None = None,
        shown: Trace | None = None,
        address: str = "",
        **context: Any,
    ) -> Page:
        file = tmp_path / f"lens{len(pages)}.html"
        file.write_text(page(shown or trace, compare=compare), encoding="utf-8")
        context = {"viewport": {"width": 1440, "height": 1000}, **context}
        tab = browser.new_context(**context).new_page()
        tab.set_default_timeout(60_000)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        tab.on("request", lambda r: wrong.append(r.url) if r.url.startswith("http") else None)
        pages.append(tab)
        tab.goto(f"{file.as_uri()}{address}")
        tab.wait_for_selector("[data-testid=lens][data-painted-ms]")
        return tab

    yield open_file
    for tab in pages:
        tab.context.close()
    assert wrong == []
