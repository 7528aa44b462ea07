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


FIRST = slice(0, MAX_DRAWN)
"""The part of a long text that is drawn where nothing is asked of the rest."""


def around(values: Array, most: int = MAX_DRAWN) -> slice:
    """The part of `values` that is drawn: the first `most`, or so many around the largest."""
    at = int(np.argmax(values))
    start = 0 if at < most else min(at - most // 2, len(values) - most)
    return slice(start, start + most)


def columns(trace: Trace, kind: str, part: slice = FIRST) -> list[dict[str, object]]:
    """Keys as the browser draws them."""
    keys = trace.keys(kind)
    return _drawn(token_names(keys), keys.special, part)


def rows(trace: Trace, kind: str, part: slice = FIRST) -> list[dict[str, object]]:
    """Queries, those of the decoder by what they read and write."""
    written = trace.src if kind == "encoder_self" else trace.tgt_out
    return _drawn(row_names(trace, kind), written.special, part)


def _drawn(labels: Sequence[str], special: Sequence[bool], part: slice) -> list[dict[str, object]]:
    drawn = zip(labels[part], special[part], strict=True)
    return [{"label": label, "special": control} for label, control in drawn]


def cut(tokens: Tokens, what: str, part: slice = FIRST) -> str:
    """A sentence that says that only a part is drawn; empty when all of it is."""
    if len(tokens) <= part.stop - part.start:
        return ""
    if not part.start:
        return f"Only the first {part.stop} of {len(tokens)} {what} are drawn."
    drawn = f"{part.start} to {part.stop - 1}"
    return f"Only {what} {drawn}, counted from 0, of {len(tokens)} are drawn."


def numbers(values: Array | Sequence[float]) -> list[object]:
    """Nested lists of the values to six decimals, of which the page prints three."""
    listed: list[object] = np.round(np.asarray(values, dtype=np.float64), 6).tolist()
    return listed
