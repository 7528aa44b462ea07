"""Tokens as they are drawn on axes."""

from __future__ import annotations

from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace

from ..labels import ARROW, row_names, token_names

LONGEST = 14


def label(piece: str) -> str:
    """A piece as drawn: a joint to the word before stays visible, a lone space becomes `·`.

    Plotly reads a little HTML in labels, so what could be markup is written as entities.
    """
    shown = piece.replace("▁", "") if piece.strip("▁ ") else "·"
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def axis_labels(tokens: Tokens) -> list[str]:
    """One label for each token; a sub-word that goes on a word is marked with a leading `‑`."""
    return [label(name) for name in token_names(tokens)]


def row_labels(trace: Trace, kind: str) -> list[str]:
    """One label for each row of a map: a token of the source, or `read → written`."""
    return [
        ARROW.join(label(half) for half in name.split(ARROW, 1))
        if kind != "encoder_self"
        else label(name)
        for name in row_names(trace, kind)
    ]
