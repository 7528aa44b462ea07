"""Names of heads and links to them, as this page needs them."""

from __future__ import annotations

from typing import Any

from headlight.model.run.edits import Head

from ... import state, theme
from ..bench import Bench
from ..words import head_name

EXPLORE = "explore"


def full_name(head: Head) -> str:
    """`cross · L2 H5`."""
    kind, layer, index = head
    return f"{theme.KIND_SHORT[kind]} · {head_name(layer, index)}"


def open_head(bench: Bench, head: Head, *, text: str | None = None, **more: str) -> None:
    """Go to a head in Explore, on the bench's text or another one."""
    if EXPLORE in bench.pages:
        kind, layer, index = head
        place: dict[str, Any] = {state.KIND: kind, state.LAYER: layer, state.HEAD: index}
        bench.open(EXPLORE, text=text, **place, **more)


def picked(event: Any) -> list[int]:
    """The rows that are selected in a table."""
    return list(event.selection.rows)
