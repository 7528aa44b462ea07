"""Where over a corpus does a head do a thing most? Cells of its maps, found and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...network.config import KINDS
from ...run.arrays import Array
from ...run.runner import Model
from ...run.size import trace_nbytes
from ...run.sources import AnySource
from ...run.tokens import Sides, Tokens
from ...run.trace import Trace
from ..corpus import batches, texts_of
from .metrics.weight_on import SELF, beside, punctuation, special

AT_ONCE = 100_000_000
"""Bytes of the runs whose maps are taken in one step."""


@dataclass(frozen=True, eq=False)
class Mapped(Sides):
    """One sentence of a scan: its tokens and maps, nothing else of its trace.

    `patterns` are float32 [L, H, Q, K] by kind, `masks` bool [Q, K].
    """

    text: str
    output: str
    src: Tokens
    tgt_in: Tokens
    tgt_out: Tokens
    patterns: Mapping[str, Array]
    masks: Mapping[str, Array]


def scan(model: Model, lines: Sequence[AnySource]) -> Iterator[list[Mapped]]:
    """Decode and trace a corpus batch after batch; the last list holds all sentences.

    Raises:
        ValueError: the model can read none of the lines.
    """
    texts = texts_of(model, lines)
    found: list[Mapped] = []
    for batch in batches(model, texts):
        longest = len(model.read(batch[-1]))
        size = max(1, AT_ONCE // trace_nbytes(model, longest, 2 * longest))
        for start in range(0, len(batch), size):
            found = [*found, *map(_mapped, model.run_many(batch[start : start + size]))]
        yield found


def _mapped(trace: Trace) -> Mapped:
    patterns = {
        kind: np.stack([record.pattern for record in records])
        for kind, records in trace.attention.items()
    }
    masks = {kind: records[0].mask for kind, records in trace.attention.items()}
    texts = trace.source_text, trace.output_text
    return Mapped(*texts, trace.src, trace.tgt_in, trace.tgt_out, patterns, masks)


Marked = Callable[[Mapped, str, int], Array]
"""(sentence, kind, distance) -> bool, broadcast to [Q, K]: the cells that count."""


@dataclass(frozen=True)
class Pattern:
    """A thing that a head can do: put weight on certain cells.

    Args:
        slug: its name in addresses.
        words: what follows "puts weight …" on screen; `{n}` stands for the distance.
        marked: which cells.
        kinds: the kinds of attention that it has a meaning for.
    """

    slug: str
    words: str
    marked: Marked
    kinds: tuple[str, ...] = KINDS


def _place(tokens: Tokens) -> Array:
    return np.array(tokens.words)


def _far(one: Mapped, kind: str, distance: int) -> Array:
    rows, columns = _place(one.queries(kind))[:, None], _place(one.keys(kind))
    return (np.abs(rows - columns) > distance) & (rows >= 0) & (columns >= 0)


def _near(step: int) -> Marked:
    return lambda one, kind, distance: beside(step)(one, kind)


def _words(one: Mapped, kind: str, distance: int) -> Array:
    return ~special(one, kind)


PATTERNS: tuple[Pattern, ...] = (
    Pattern("far", "on a word more than {n} away", _far),
    Pattern("word", "on any one word", _words),
    Pattern("previous", "on the token just before", _near(-1), SELF),
    Pattern("same", "on the token itself", _near(0), SELF),
    Pattern("next", "on the token just after", _near(1), ("encoder_self",)),
    Pattern("punctuation", "on punctuation", lambda one, kind, n: punctuation(one.keys(kind))),
    Pattern("special", "on a special token", lambda one, kind, n: special(one, kind)),
)


@dataclass(frozen=True)
class Hit:
    """One cell: from the token of a row to that of a column."""

    sentence: int
    kind: str
    layer: int
    head: int
    row: int
    column: int
    weight: float


@dataclass(frozen=True)
class Found:
    """The strongest cells, and how common they are.

    Attributes:
        hits: strongest first.
        cells: marked cells of all heads asked for.
        above: how many of them are above the threshold.
        by_head: by (layer, head), the number above the threshold.
    """

    hits: tuple[Hit, ...]
    cells: int
    above: int
    by_head: Mapping[tuple[int, int], int]


def search(
    sentences: Sequence[Mapped],
    kind: str,
    pattern: Pattern,
    *,
    distance: int = 4,
    above: float = 0.8,
    only: tuple[int, int] | None = None,
    most: int = 50,
) -> Found:
    """The cells of a kind's heads that are marked by a pattern and weigh more than `above`.

    Args:
        distance: in words, for patterns that ask for one.
        only: one (layer, head) instead of all heads.
        most: hits to keep.

    Raises:
        ValueError: the pattern has no meaning for this kind.
    """
    if kind not in pattern.kinds:
        raise ValueError(f"“{pattern.slug}” is for {', '.join(pattern.kinds)}, not for {kind}.")
    hits: list[Hit] = []
    cells = over = 0
    by_head: dict[tuple[int, int], int] = {}
    for number, one in enumerate(sentences):
        weights = one.patterns[kind]
        marked = one.masks[kind] & pattern.marked(one, kind, distance)
        chosen = np.zeros(weights.shape[:2], dtype=bool)
        chosen[only if only is not None else ...] = True
        open_ = chosen[..., None, None] & marked
        cells += int(open_.sum())
        places = np.argwhere(open_ & (weights > above))
        over += len(places)
        for layer, head, row, column in places.tolist():
            by_head[layer, head] = by_head.get((layer, head), 0) + 1
            weight = float(weights[layer, head, row, column])
            hits.append(Hit(number, kind, layer, head, row, column, weight))
        hits = sorted(hits, key=lambda hit: -hit.weight)[:most]
    return Found(tuple(hits), cells, over, by_head)
