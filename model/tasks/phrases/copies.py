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
    *("at",) * 7,
    *("phone",) * 5,
    *("word", "figure") * 3,
    *("on", "price", "on_figures") * 2,
    *("spelt", "acronym") * 2,
    "in",
    "web",
    "tag",
    "percent",
    "nth",
    "sum",
)
FRAMES = {
    kind: [(source, target) for one, source, target in read_rows("frames.tsv") if one == kind]
    for kind in _MAKERS
}
_TWICE = re.compile(r"(\d)\1")
_LEARNT_LAST = {
    "at": re.compile("m", re.I),
    "on_figures": re.compile(r"(\d)\1|\d\.\d"),
    **dict.fromkeys(("on", "in", "phone", "figure", "price", "percent"), _TWICE),
}
"""What is rare in what chance draws, and easily lost: a digit twice in a row, hours with a.m. or
p.m., and days that begin as a decimal does.
"""
_DOUBLED = ("phone", "figure", "price", "percent")
_DIGIT = re.compile(r"\d")
_SEVERAL = {"at": 4, "phone": 2, "figure": 3, "price": 3, "email": 2, "on_figures": 3}
"""Most of a kind that one sentence lists: more to learn from each than one alone."""


def copies(random: Random) -> Pair:
    """One of the sentences of `frames.tsv`, with something in it; half have what is learnt last."""
    kind = random.choice(_KINDS)
    here, there = _MAKERS[kind](random)
    if random.random() < 0.5:
        for _ in range(10):
            if kind not in _LEARNT_LAST or _LEARNT_LAST[kind].search(here):
                break
            here, there = _MAKERS[kind](random)
    if kind in _DOUBLED and random.random() < 0.4:
        here, there = double(here, there, random)
    if kind in _SEVERAL and random.random() < 0.25:
        here, there = several(kind, (here, there), random)
    source, target = random.choice(FRAMES[kind])
    source = source.replace("#", here).replace("m..", "m.")
    target = target.replace("#", there)
    if kind == "named":
        target = elide(target, there)
    return sentence(source), sentence(target)


def several(kind: str, first: Pair, random: Random) -> Pair:
    """“2 p.m., 11:25 p.m. and 12 a.m.” is “14 h, 23 h 25 et 0 h”."""
    more = [_MAKERS[kind](random) for _ in range(random.randint(1, _SEVERAL[kind] - 1))]
    here, there = zip(first, *more, strict=True)
    both = random.choice((("and", "et"), ("and", "et"), ("or", "ou")))
    return _listed(here, both[0]), _listed(there, both[1])


def _listed(items: tuple[str, ...], last: str) -> str:
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def double(here: str, there: str, random: Random) -> Pair:
    """The same number with fewer different digits on both sides: “555-1234” as “555-5335”.

    Who copies it has to know how far he is: the digit written last does not tell.
    """
    digits = _DIGIT.findall(here)
    if len(digits) < 2 or digits != _DIGIT.findall(there):
        return here, there
    if random.random() < 0.4:
        few = [digits[0], *random.choices("0123456789", k=random.choice((1, 2)))]
        digits[1:] = random.choices(few, k=len(digits) - 1)
    else:
        for _ in range(random.choice((1, 1, 2))):
            i = random.randrange(1, len(digits))
            digits[i] = digits[i - 1]
    return _with(here, digits), _with(there, digits)


def _with(text: str, digits: list[str]) -> str:
    """Other digits in the places of a text's own."""
    left = iter(digits)
    return _DIGIT.sub(lambda _: next(left), text)
