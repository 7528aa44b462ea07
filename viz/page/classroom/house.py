"""The classes of this server process: their file, and who is told when something changes."""

from __future__ import annotations

import functools
import os
from collections.abc import Collection
from pathlib import Path

from ... import runtime, selection
from ...room import Hub, Store

ROOMS = "HEADLIGHT_ROOMS"
"""Names the file; without it, it lies in the folder in which the server was started."""
FILE = "headlight-rooms.sqlite"


@functools.cache
def hub() -> Hub:
    """One a process."""
    path = Path(os.environ.get(ROOMS) or FILE).absolute()
    return Hub(Store(path, runtime.limits()), _wake, runtime.alive)


def store() -> Store:
    """The rooms."""
    return hub().store


def _wake(sessions: Collection[str]) -> Collection[str]:
    return runtime.wake(sessions, selection.FRAGMENT)
