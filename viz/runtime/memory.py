"""Memory that is freed goes back to the system, where the C library allows for it."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
LARGE = 1 << 20
"""Bytes from which on an array has memory of its own, which goes back as soon as it is freed."""
ARENAS = 2
"""Heaps of the C library; each thread would make one, and keep what was freed in it."""


def keep_little() -> None:
    """Have the GNU C library hand memory back early; elsewhere this does nothing."""
    if (mallopt := _of_the_c_library("mallopt")) is not None:
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Hand back what is free now."""
    if (trim := _of_the_c_library("malloc_trim")) is not None:
        trim(0)


def _of_the_c_library(name: str) -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), name, None)
