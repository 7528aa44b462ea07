"""A sentence around something to copy, or to write as French writes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from ..augment.names import elide
from . import figures, writing
from .grammar import sentence
from .tables import read_rows

Pair = tuple[str, str]

_MAKERS: dict[str, Callable[[Random], Pair]] = {
    "at": figures.time,
    "on": figures.date,
    "in": figures.month,
    "on_figures": figures.numeric_date,
    "phone": figures.phone,
    "figure": figures.figure,
    "price": figures.price,
    "percent": figures.percent,
    "spelt": figures.spelt,
    "nth": figures.ordinal,
    "sum": figures.calculation,
    "email": writing.email,
    "web": writing.web,
    "tag": writing.tag,
    "word": writing.word,
    "acronym": writing.acronym,
    "named": writing.anybody,
}
_KINDS = (
    *("named",) * 6,
    *("email",) * 4,
    *("word", "at", "phone", "figure") * 3,
    *("on", "price", "on_figures") * 2,
    *("spelt", "acronym") * 2,
    "in",
    "web",
    "tag",
    "percent",
    "nth",
    "sum",
)
_FRAMES = {
    kind: [(source, target) for one, source, target in read_rows("frames.tsv") if one == kind]
    for kind in _MAKERS
}
_TWICE = re.compile(r"(\d)\1")
_LEARNT_LAST = {
    "at": re.compile(r"p\.?m|12.*a", re.I),
    **dict.fromkeys(("on", "in", "on_figures", "phone", "figure", "price", "percent"), _TWICE),
}
"""What is rare in what chance draws, and easily lost: a digit twice in a row, hours after noon."""


def copies(random: Random) -> Pair:
    """One of the sentences of `frames.tsv`, with something in it; half have what is learnt last."""
    kind = random.choice(_KINDS)
    here, there = _MAKERS[kind](random)
    if random.random() < 0.5:
        for _ in range(10):
            if kind not in _LEARNT_LAST or _LEARNT_LAST[kind].search(here):
                break
            here, there = _MAKERS[kind](random)
    source, target = random.choice(_FRAMES[kind])
    source = source.replace("#", here).replace("m..", "m.")
    target = target.replace("#", there)
    if kind == "named":
        target = elide(target, there)
    return sentence(source), sentence(target)
