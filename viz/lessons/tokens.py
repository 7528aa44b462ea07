"""Rows and columns as lessons draw them, and the window of a long text that is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headlight.model.run.arrays import Array
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace

from ..labels import row_names, token_names

MAX_DRAWN = 20
"""Rows and columns of a picture; a lesson is read from the last row of the room."""
MAX_GUESSED = 12
"""Bars of a row that is guessed; what lies beyond is one bar."""


def columns(trace: Trace, kind: str, most: int = MAX_DRAWN) -> list[dict[str, object]]:
    """The first `most` keys as the browser draws them."""
    keys = trace.keys(kind)
    return _drawn(token_names(keys), keys.special, most)


def rows(trace: Trace, kind: str, most: int = MAX_DRAWN) -> list[dict[str, object]]:
    """The first `most` queries, those of the decoder by what they read and write."""
    written = trace.src if kind == "encoder_self" else trace.tgt_out
    return _drawn(row_names(trace, kind), written.special, most)


def _drawn(labels: Sequence[str], special: Sequence[bool], most: int) -> list[dict[str, object]]:
    drawn = zip(labels[:most], special[:most], strict=True)
    return [{"label": label, "special": control} for label, control in drawn]


def cut(tokens: Tokens, what: str, most: int = MAX_DRAWN) -> str:
    """A sentence that says that only the beginning is drawn; empty when all of it is."""
    if len(tokens) <= most:
        return ""
    return f"Only the first {most} of {len(tokens)} {what} are drawn."


def numbers(values: Array | Sequence[float]) -> list[object]:
    """Nested lists of the values to six decimals, of which the page prints three."""
    listed: list[object] = np.round(np.asarray(values, dtype=np.float64), 6).tolist()
    return listed
