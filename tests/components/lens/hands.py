"""What the tests of the lens do and read in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page

Open = Callable[..., Page]
READOUT = "[data-testid=lens-readout]"


def lens_data(tab: Page, name: str) -> str | None:
    return tab.locator("[data-testid=lens]").get_attribute(f"data-{name}")


def said(tab: Page) -> str:
    return tab.locator(READOUT).inner_text()


def hover_cell(tab: Page, row: int, column: int, nth: int = 0) -> None:
    """Put the mouse on the middle of a cell of the heatmap."""
    stage = tab.locator(".heatmap .stage").nth(nth)
    stage.scroll_into_view_if_needed()
    area = stage.bounding_box()
    assert area is not None
    box = cell_box(stage)
    x, y = (box["left"] + (column + 0.5) * box["w"], box["top"] + (row + 0.5) * box["h"])
    tab.mouse.move(area["x"] + x, area["y"] + y)


def cell_box(stage: Locator) -> dict[str, float]:
    """Where the first cell of a heatmap stands in its stage, and its sides, in pixels."""
    return {n: float(stage.get_attribute(f"data-{n}") or 0) for n in ("left", "top", "w", "h")}


def press(tab: Page, *keys: str) -> None:
    tab.locator("[data-testid=lens]").focus()
    for key in keys:
        tab.keyboard.press(key)


def value_said(text: str) -> float:
    found = re.search(r": (−?\d+\.\d{3}) \(row", text)
    assert found, text
    return float(found[1].replace("−", "-"))
