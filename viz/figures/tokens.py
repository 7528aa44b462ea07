"""Tokens as they are drawn on axes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace
from headlight.model.training.history import TrainingHistory

from ..labels import ARROW, row_names, token_names

LONGEST = 14
MAX_NAMED, MAX_MOMENTS = 40, 14
"""Labels of an axis. Moments of a sound follow at equal distances, so fewer say it all."""
_MOMENT = re.compile(r"\d+\.\d\d s")


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


def named(labels: Sequence[str]) -> list[int]:
    """The places of an axis whose labels are written, so that they do not run into each other."""
    moments = sum(bool(_MOMENT.fullmatch(one)) for one in labels) > len(labels) / 2
    most = MAX_MOMENTS if moments else MAX_NAMED
    return list(range(0, len(labels), max(1, -(-len(labels) // most))))


def row_labels(trace: Trace | TrainingHistory, kind: str) -> list[str]:
    """One label for each row of a map: a token of the source, or `read → written`."""
    return [
        ARROW.join(label(half) for half in name.split(ARROW, 1))
        if kind != "encoder_self"
        else label(name)
        for name in row_names(trace, kind)
    ]
