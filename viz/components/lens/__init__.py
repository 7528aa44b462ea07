"""The lens: every head at once, under the pointer.

In a page (`lens`), in a notebook (`html`), or as a file of its own (`page`).
"""

from __future__ import annotations

from typing import Any

from .html import html, page

__all__ = ["html", "lens", "lens_payload", "page"]


def __getattr__(name: str) -> Any:
    """What needs Streamlit, which a notebook need not have, is imported when it is first used."""
    if name in ("lens", "lens_payload"):
        from . import component

        return getattr(component, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
