"""A sentence around something to copy, or to write as French writes it."""

from __future__ import annotations

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
    *("named",) * 4,
    *("word",) * 3,
    *("at", "on", "phone", "email", "figure", "price") * 2,
    *("spelt", "acronym") * 2,
    "in",
    "on_figures",
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


def copies(random: Random) -> Pair:
    """One of the sentences of `frames.tsv`, with something in it."""
    kind = random.choice(_KINDS)
    here, there = _MAKERS[kind](random)
    source, target = random.choice(_FRAMES[kind])
    source = source.replace("#", here).replace("m..", "m.")
    target = target.replace("#", there)
    if kind == "named":
        target = elide(target, there)
    return sentence(source), sentence(target)
