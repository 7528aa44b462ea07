"""The step view's JavaScript and style: the lens's shared modules, then its own; no build."""

from __future__ import annotations

from pathlib import Path

from ..lens.assets import FOLDER as LENS
from ..lens.assets import style as lens_style

FOLDER = Path(__file__).parent

SHARED = ("dom", "format", "colour", "export")
"""Files of the lens, in the order in which they are joined."""

PARTS = ("player", "strips", "candidates", "words", "transport", "forks", "record", "mount")
"""Files of this folder's `js/`, which follow."""


def script() -> str:
    """The step view as one module for Streamlit."""
    return joined(*PARTS, "streamlit")


def joined(*parts: str) -> str:
    """The lens's shared files and these of this folder as one module."""
    files = [LENS / "js" / f"{name}.js" for name in SHARED]
    files += [FOLDER / "js" / f"{name}.js" for name in parts]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def style() -> str:
    """Its style sheet: the lens's, so that both look alike, and what is its own."""
    return lens_style() + (FOLDER / "steps.css").read_text(encoding="utf-8")
