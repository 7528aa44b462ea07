"""Saved runs that are opened on a page."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from functools import partial
from weakref import ReferenceType, ref

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
        lambda: _load(content),
        "Opening the saved run …",
        expected=min(saved.unpacked(io.BytesIO(content)), limits.bytes("run")),
    )


def opened_again(content: Callable[[], bytes], trace: Trace) -> Callable[[], Trace]:
    """Gives the trace of a file while somebody remembers it, and else opens the file anew."""
    return partial(_opened_again, ref(trace), content)


def _opened_again(known: ReferenceType[Trace], content: Callable[[], bytes]) -> Trace:
    found = known()
    return _load(content()) if found is None else found


def _load(content: bytes) -> Trace:
    limits = server().limits
    return Trace.load(
        io.BytesIO(content), most=limits.bytes("run"), most_meta=limits.bytes("run_meta")
    )
