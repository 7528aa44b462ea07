"""Saved runs that are opened on a page."""

from __future__ import annotations

import hashlib
import io

from headlight.model import Trace
from headlight.model.run import saved

from .computing import remembered
from .server import server


def open_trace(content: bytes) -> Trace:
    """A trace from the bytes of its file, without any model.

    Raises:
        ValueError: damaged, foreign, or larger than `Limits.run_megabytes` allows.
    """
    limits = server().limits
    key = ("file", hashlib.sha256(content).hexdigest())
    return remembered(
        key,
        lambda: Trace.load(io.BytesIO(content), most=limits.bytes("run")),
        "Opening the saved run …",
        expected=min(saved.unpacked(io.BytesIO(content)), limits.bytes("run")),
    )
