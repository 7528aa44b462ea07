"""Words for the page: user text made harmless, numbers and names in one style."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^])")


def plain(text: str) -> str:
    """Text that Streamlit's markdown shows letter for letter."""
    return _MARKUP.sub(r"\\\1", text)


def short(text: str, most: int = 80) -> str:
    """Text that a sentence can quote: `plain`, and cut where it is long."""
    return plain(text if len(text) <= most else f"{text[:most]}…")


def head_name(layer: int, head: int) -> str:
    """`L2 H5`."""
    return f"L{layer} H{head}"
