"""The film as a Streamlit component; it draws with the parts of the lens."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ..lens import assets

FOLDER = Path(__file__).parent

SHARED = (
    "dom",
    "format",
    "store",
    "colour",
    "view",
    "stats",
    "raster",
    "axes",
    "heatmap",
    "thumbs",
    "readout",
    "controls",
    "keys",
    "mount",
)
"""The parts of the lens that are used here, in the lens's order."""

OWN = ("film", "timeline", "scrub", "streamlit")


def script() -> str:
    """One module: the lens's parts, then our own."""
    files = [assets.FOLDER / "js" / f"{name}.js" for name in assets.PARTS if name in SHARED]
    files += [FOLDER / "js" / f"{name}.js" for name in OWN]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def style() -> str:
    """The lens's style sheet and our own."""
    return assets.style() + (FOLDER / "scrub.css").read_text(encoding="utf-8")


_COMPONENT = st.components.v2.component("headlight_scrub", css=style(), js=script())


def scrub(payload: bytes, *, key: str) -> None:
    """Mount what `encode` gave; step, kind, layer and head live in the browser and the address.

    Args:
        payload: the film.
        key: fixed for as long as the place in the film is to be kept.
    """
    _COMPONENT(key=key, data=payload)
