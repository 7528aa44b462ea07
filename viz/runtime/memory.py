"""Memory that is freed goes back to the system, where the C library allows for it."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Hand free memory back; the GNU C library keeps it otherwise."""
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
