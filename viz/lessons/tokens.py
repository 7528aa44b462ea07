"""Tokens as lessons name them, and the window of a long text that is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headlight.model.run.trace import Array, Tokens

MOST_DRAWN = 20
"""Rows and columns of a picture; a lesson is read from the last row of the room."""
MOST_GUESSED = 12
"""Bars of a row that is guessed; what lies beyond is one bar, “all other tokens”."""


def names(tokens: Tokens) -> list[str]:
    """One name a token: the characters it stands for, control tokens in their brackets.

    A token that goes on a word begins with `‑`.
    """
    found = []
    for i in range(len(tokens)):
        joined = i > 0 and not tokens.special[i] and tokens.words[i] == tokens.words[i - 1]
        found.append(("‑" if joined else "") + (tokens.surface(i).strip() or "·"))
    return found


def ordinary(tokens: Tokens) -> Array:
    """[pos] bool: True where a token is not a control token."""
    return ~np.array(tokens.special, dtype=bool)


def axis(tokens: Tokens, most: int = MOST_DRAWN) -> list[dict[str, object]]:
    """The first `most` tokens as the browser draws them."""
    return [
        {"label": name, "special": special}
        for name, special in zip(names(tokens)[:most], tokens.special[:most], strict=True)
    ]


def cut(tokens: Tokens, what: str, most: int = MOST_DRAWN) -> str:
    """A sentence that says that only the beginning is drawn; empty when all of it is."""
    if len(tokens) <= most:
        return ""
    return f"Only the first {most} of {len(tokens)} {what} are drawn."


def numbers(values: Array | Sequence[float]) -> list[object]:
    """Nested lists of the values to six decimals, of which the page prints three."""
    listed: list[object] = np.round(np.asarray(values, dtype=np.float64), 6).tolist()
    return listed
