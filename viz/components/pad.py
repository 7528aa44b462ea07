"""The drawing pad: what was drawn on it, as a picture."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from .static import loader

_COMPONENT = st.components.v2.component("headlight_pad", js=loader("pad"))

HELP = "Finger, pen or mouse; Ctrl+Z takes the last stroke back."
_HEAD = "data:image/png;base64,"
MOST = 1_000_000
"""Characters of a drawing; a full pad takes a hundredth of it."""


def pad(*, key: str, clear: int, on_draw: Callable[[], None]) -> None:
    """Mount the pad.

    Args:
        key: fixed for as long as the pad is to keep its strokes.
        clear: another number empties it.
        on_draw: called after each stroke, and when one is taken back; `drawn` has the drawing.
    """
    _COMPONENT(key=key, data={"key": key, "clear": clear, "help": HELP}, on_drawing_change=on_draw)


def drawn(key: str) -> NDArray[np.uint8] | None:
    """The drawing [height, width], ink bright on black; None where the pad is empty."""
    drawing = (st.session_state.get(key) or {}).get("drawing")
    if not isinstance(drawing, str) or not drawing.startswith(_HEAD) or len(drawing) > MOST:
        return None
    try:
        png = io.BytesIO(base64.b64decode(drawing[len(_HEAD) :], validate=True))
        with Image.open(png, formats=["PNG"]) as picture:
            return np.asarray(picture.convert("L"))
    except (binascii.Error, UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
