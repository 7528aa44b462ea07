"""Names of heads and links to them, as this page needs them."""

from __future__ import annotations

from typing import Any

from headlight.model.run.edits import Head

from ... import theme
from ...labels import head_name
from ...page.context import RunContext

EXPLORE = "explore"


def full_name(head: Head) -> str:
    """`cross · L2 H5`."""
    kind, layer, index = head
    return f"{theme.KIND_SHORT[kind]} · {head_name(layer, index)}"


def open_head(context: RunContext, head: Head, **more: object) -> None:
    """Go to a head in Explore, with `more` changes, such as another text."""
    kind, layer, index = head
    context.open(EXPLORE, kind=kind, layer=layer, head=index, **more)


def picked(event: Any) -> list[int]:
    """The rows that are selected in a table."""
    return list(event.selection.rows)
