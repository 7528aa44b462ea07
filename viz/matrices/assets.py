"""The component's JavaScript and style: the lens's modules, then its own; no build."""

from __future__ import annotations

from pathlib import Path

from ..lens.assets import FOLDER as LENS

FOLDER = Path(__file__).parent

FROM_LENS = ("dom", "format", "colour", "raster", "axes")
PARTS = ("panel", "step", "linked", "pick", "places", "streamlit")
"""The files of `js/`, in the order in which they are joined into one module."""


def script() -> str:
    """One module for Streamlit."""
    files = [LENS / "js" / f"{name}.js" for name in FROM_LENS]
    files += [FOLDER / "js" / f"{name}.js" for name in PARTS]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def style() -> str:
    """The style sheet."""
    return (FOLDER / "matrices.css").read_text(encoding="utf-8")
