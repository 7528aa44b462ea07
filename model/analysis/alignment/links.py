"""The true alignment of a sentence, on the tokens of its trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.trace import Trace
from ...tasks import Task

Link = tuple[int, int]
"""(target word, source word)."""


@dataclass(frozen=True)
class Alignment:
    """Words as groups of token positions, and the links between them.

    Args:
        sources, targets: for every word the positions of its tokens in `src` and `tgt_out`.
        sure: links that must be there.
        possible: links that may be there; the sure ones are among them.
    """

    sources: tuple[tuple[int, ...], ...]
    targets: tuple[tuple[int, ...], ...]
    sure: frozenset[Link]
    possible: frozenset[Link]

    def matrices(self) -> tuple[Array, Array]:
        """Sure and possible links as bool [target words, source words]."""
        both = []
        for links in (self.sure, self.possible):
            matrix = np.zeros((len(self.targets), len(self.sources)), dtype=bool)
            for target, source in links:
                matrix[target, source] = True
            both.append(matrix)
        return both[0], both[1]


def of_task(task: Task | None, trace: Trace) -> Alignment | None:
    """What the task knows: every token is a word.

    A token with one true source has a sure link. Where there are several (equal numbers, the
    letters of a month) any of them will do: these links are possible, none is sure. A token that
    is wrong has no true source and is left out; where all are, there is nothing to hold against.
    """
    links = task.align_trace(trace) if task is not None else None
    if links is None:
        return None
    sources = _single(trace.src.special)
    targets = _single(trace.tgt_out.special)
    inside = [(t, s) for t, s in links if t < len(targets) and s < len(sources)]
    known = sorted({t for t, _ in inside})
    if not known:
        return None
    place = {t: i for i, t in enumerate(known)}
    several = {t for t in known if sum(other == t for other, _ in inside) > 1}
    return Alignment(
        sources=sources,
        targets=tuple(targets[t] for t in known),
        sure=frozenset((place[t], s) for t, s in inside if t not in several),
        possible=frozenset((place[t], s) for t, s in inside),
    )


def _single(special: Sequence[bool]) -> tuple[tuple[int, ...], ...]:
    return tuple((i,) for i, control in enumerate(special) if not control)


def group_by_span(
    tokens: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]]
) -> tuple[tuple[int, ...], ...]:
    """For every word (its span in a text) the tokens whose spans overlap with it."""
    return tuple(
        tuple(i for i, (a, b) in enumerate(tokens) if a < end and b > start) for start, end in words
    )
