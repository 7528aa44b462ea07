"""The built programs of `static/`: where they are, and how a component loads one.

The page loads a program once, from its own server, and keeps it; what goes over the websocket with
every rerun is a loader of a few lines.
"""

from __future__ import annotations

import json
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from headlight.model.paths import HOME

STATIC = HOME / "static"

mimetypes.add_type("text/javascript", ".js")  # Streamlit asks; Windows may have another answer


def loader(part: str) -> str:
    """The few lines that Streamlit sends: they import a part's program and mount it."""
    text = (STATIC / "loader.js").read_text(encoding="utf-8")
    return text.replace("FILE", manifest()["parts"][part])


def program(part: str) -> str:
    """A part's whole program, for a page that has no server."""
    return (STATIC / manifest()["parts"][part]).read_text(encoding="utf-8")


def style(name: str) -> Path:
    """A style sheet of the page itself, made small: it goes over the websocket with every run."""
    return STATIC / f"{name}.css"


@cache
def manifest() -> dict[str, Any]:
    """`parts`: the file of each part; `sources`: a hash of what they were built from."""
    found: dict[str, Any] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    return found
