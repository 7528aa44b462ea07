"""Small changes to training pairs, so that what people type in class is not new to the model.

The corpus knows few names ("Tom", "Mary"), few numbers, no emoji, and always writes properly.
Each kind of change is a file of this package: it takes a pair and gives a pair whose two sides
still say the same.
"""

from __future__ import annotations

import re
from random import Random

from .careless import type_carelessly
from .join import join as join
from .names import name_a_pronoun, name_a_relative, rename
from .numbers import renumber
from .signs import put_signs

Pair = tuple[str, str]

_PLAIN = re.compile(r"(?!.*[A-Z]{2})[A-Za-z ',.!?]+")


def vary(pair: Pair, random: Random) -> Pair:
    """The pair, perhaps with other words, unknown signs, or typed carelessly."""
    pair = reword(pair, random)
    if random.random() < 0.025:
        pair = put_signs(pair, random)
    return type_carelessly(pair, random)


def vary_phrase(pair: Pair, random: Random) -> Pair:
    """The same for a phrase of our own: it has its names; what is to be copied stays as it is."""
    return type_carelessly(pair, random) if _PLAIN.fullmatch(pair[0]) else pair


def reword(pair: Pair, random: Random) -> Pair:
    """The pair, perhaps with other names or another number: what the vocabulary is learnt from."""
    if random.random() < 0.65:
        pair = rename(pair, random)
    if random.random() < 0.3:
        pair = name_a_pronoun(pair, random)
    if random.random() < 0.3:
        pair = name_a_relative(pair, random)
    if random.random() < 0.75:
        pair = renumber(pair, random)
    return pair
