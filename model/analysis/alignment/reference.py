"""What the written words of one run are held against: the best-known links to its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from ...paths import HOME
from ...run.runner import Model
from ...run.tokens import Tokens
from ...run.trace import Trace
from ..attribution.saliency import leave_one_out
from .gold import GoldPair, read_gold
from .links import Alignment, group_by_span, of_task

Basis = Literal["task", "gold", "measured"]

GOLD_FILES = ("model/tasks/examples_en_fr.tsv", "model/training/recording_pairs.tsv")
LEAST_EFFECT = 0.1
"""Nats that a written word must lose without its source word to be linked to it."""


@dataclass(frozen=True)
class Reference:
    """Links of one run.

    Attributes:
        alignment: on the tokens of the trace.
        basis: where the links are from: the `task`'s own rule; `gold`, made by hand for this very
            pair; `measured` by leaving one source word out at a time.
    """

    alignment: Alignment
    basis: Basis


def reference(model: Model, trace: Trace, *, measure: bool = False) -> Reference | None:
    """The best-known links of a run; None where none are known.

    Args:
        measure: where nothing else is known, run the model once for each source word. It needs
            a trace without edits.

    Raises:
        ValueError: `measure` with the trace of another or of a changed model.
    """
    if (alignment := of_task(model.task, trace)) is not None:
        return Reference(alignment, "task")
    if (alignment := _by_hand(trace)) is not None:
        return Reference(alignment, "gold")
    return Reference(measured(model, trace), "measured") if measure else None


def measured(model: Model, trace: Trace) -> Alignment:
    """Every written word linked to the source word without which it becomes least likely.

    A word that loses less than `LEAST_EFFECT` nats whichever word is left out has no link.
    """
    sources, targets = word_groups(trace.src), word_groups(trace.tgt_out)
    loss = leave_one_out(model, trace, sources)  # [T, W]
    links = set()
    for target, group in enumerate(targets):
        lost = loss[list(group)].sum(axis=0)
        if lost.max() >= LEAST_EFFECT:
            links.add((target, int(np.argmax(lost))))
    return Alignment(tuple(sources), tuple(targets), frozenset(links), frozenset(links))


def word_groups(tokens: Tokens) -> list[tuple[int, ...]]:
    """The positions of each word's tokens; control tokens belong to no word."""
    groups: dict[int, list[int]] = {}
    for i, word in enumerate(tokens.words):
        if not tokens.special[i]:
            groups.setdefault(word, []).append(i)
    return [tuple(group) for group in groups.values()]


def _by_hand(trace: Trace) -> Alignment | None:
    """The links made by hand for this very pair of texts."""
    pair = _gold_pairs().get((_bare(trace.src.text), _bare(trace.tgt_out.text)))
    if pair is None:
        return None
    return Alignment(
        sources=group_by_span(trace.src.spans, _spans(trace.src.text, pair.source)),
        targets=group_by_span(trace.tgt_out.spans, _spans(trace.tgt_out.text, pair.target)),
        sure=pair.sure,
        possible=pair.possible,
    )


@cache
def _gold_pairs() -> dict[tuple[str, str], GoldPair]:
    """The pairs that the project itself has links for, by their texts without spaces."""
    pairs = [pair for name in GOLD_FILES for pair in read_gold(HOME / name)]
    return {("".join(pair.source), "".join(pair.target)): pair for pair in pairs}


def _bare(text: str) -> str:
    return "".join(text.split())


def _spans(text: str, tokens: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where each token of a pair stands in the text, which holds them in this order."""
    spans, end = [], 0
    for token in tokens:
        start = text.index(token, end)
        end = start + len(token)
        spans.append((start, end))
    return spans
