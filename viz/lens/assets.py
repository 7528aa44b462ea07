"""The lens's JavaScript and style as strings: plain files joined in a stated order, no build."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent

PARTS = (
    "dom",
    "format",
    "store",
    "colour",
    "view",
    "stats",
    "raster",
    "axes",
    "map",
    "thumbs",
    "heatmap",
    "lines",
    "readout",
    "strips",
    "export",
    "compare",
    "controls",
    "keys",
    "mount",
)
"""The files of `js/`, in the order in which they are joined into one module."""


def script(shim: str) -> str:
    """The lens as one module, bound to its page by `shim`: `streamlit` or `standalone`."""
    files = (FOLDER / "js" / f"{name}.js" for name in (*PARTS, shim))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def style() -> str:
    """The lens's style sheet."""
    return (FOLDER / "lens.css").read_text(encoding="utf-8")
