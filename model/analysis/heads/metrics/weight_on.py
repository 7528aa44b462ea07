"""Weight on a place: the mean weight that a head's rows put on certain keys, one line a metric.

Rows that can see no such key, or one key only, are not counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np

from ....network.config import KINDS
from ....run.arrays import Array
from ....run.tokens import Sides, Tokens
from .base import Metric, Sample, Sums, each, weight_on

SELF = ("encoder_self", "decoder_self")
Marked = Callable[[Sides, str], Array]
"""(trace, kind) -> bool, broadcast to [Q, K]: the keys that count in every row."""


def is_punctuation(text: str) -> bool:
    """Whether all characters but spaces are punctuation (Unicode categories P…), at least one."""
    inner = text.strip()
    return bool(inner) and all(unicodedata.category(c).startswith("P") for c in inner)


def punctuation(tokens: Tokens) -> Array:
    """[K] bool: which tokens are punctuation; control tokens are not."""
    marks = [not s and is_punctuation(tokens.surface(i)) for i, s in enumerate(tokens.special)]
    return np.array(marks)


def beside(step: int) -> Marked:
    """The key that stands `step` places after the row's own."""
    return lambda trace, kind: np.eye(len(trace.queries(kind)), k=step, dtype=bool)


def first(trace: Sides, kind: str) -> Array:
    """The first token of the sequence."""
    return np.arange(len(trace.keys(kind))) == 0


def last(trace: Sides, kind: str) -> Array:
    """The last token of the text."""
    special = np.array(trace.keys(kind).special)
    marked: Array = np.arange(len(special)) == np.flatnonzero(~special)[-1]
    return marked


def special(trace: Sides, kind: str) -> Array:
    """The control tokens."""
    return np.array(trace.keys(kind).special)


def _metric(
    slug: str,
    where: str,
    heading: str,
    definition: str,
    marked: Marked,
    source: str,
    kinds: tuple[str, ...] = KINDS,
) -> Metric:
    def sums(sample: Sample, kind: str) -> Sums:
        return weight_on(sample.trace, kind, marked(sample.trace, kind))

    return Metric(
        slug=slug,
        title=f"weight on {where}",
        heading=heading,
        group="where it looks",
        definition=f"Mean weight on {definition}",
        low=0.0,
        high=1.0,
        unit="",
        source=source,
        kinds=kinds,
        batch=each(sums),
    )


BESIDE = "Clark et al. 2019, section 3.1; Voita et al. 2019, section 5.1"
POSITION, SEPARATOR = "Clark et al. 2019, section 3.1", "Clark et al. 2019, section 3.2"
PREVIOUS = _metric(
    *("previous", "previous token", "prev."),
    "the position just before the row's own, over the rows that have one.",
    *(beside(-1), BESIDE, SELF),
)
SAME = _metric(
    *("same", "same token", "same"),
    "the row's own position. The decoder's first row, which sees <bos> only, is left out.",
    *(beside(0), POSITION, SELF),
)
NEXT = _metric(
    *("next", "next token", "next"),
    "the position just after the row's own; a decoder may not look there.",
    *(beside(1), BESIDE, ("encoder_self",)),
)
FIRST = _metric(
    *("first", "first token", "first"),
    "the first position of the source, or on the decoder's <bos>; the decoder's first row, which "
    "sees nothing else, is left out.",
    *(first, SEPARATOR),
)
LAST = _metric(
    *("last", "last token", "last"),
    "the last position of the source, in a text the one before <eos>.",
    *(last, "", ("encoder_self", "cross")),
)
PUNCTUATION = _metric(
    *("punctuation", "punctuation", "punct."),
    "punctuation marks, over the rows that can see one.",
    *(lambda trace, kind: punctuation(trace.keys(kind)), SEPARATOR),
)
SPECIAL = _metric(
    *("special", "special tokens", "special"),
    "control tokens: <eos> at the end of the source, <bos> in the decoder (its first row left "
    "out). Much of it often means that the head has nothing to do.",
    *(special, SEPARATOR),
)
PLACES = (PREVIOUS, SAME, NEXT, FIRST, LAST, PUNCTUATION, SPECIAL)
