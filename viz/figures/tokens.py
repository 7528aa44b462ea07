"""Tokens as they are drawn on axes."""

from __future__ import annotations

from headlight.model.run.trace import Tokens

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
    labels = []
    for i, piece in enumerate(tokens.pieces):
        joined = (
            i > 0
            and not tokens.special[i]
            and tokens.words[i] == tokens.words[i - 1]
            and not piece.startswith("▁")
            and any(p.startswith("▁") for p in tokens.pieces)
        )
        labels.append(("‑" if joined else "") + label(piece))
    return labels
