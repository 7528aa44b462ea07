"""Small changes to training pairs, so that what people type in class is not new to the model.

The corpus knows few names ("Tom", "Mary"), few numbers, no emoji, and always writes properly.
Each kind of change is a file of this package: it takes a pair and gives a pair whose two sides
still say the same.
"""

from __future__ import annotations

from random import Random

from .careless import type_carelessly
from .names import name_a_pronoun, rename
from .numbers import renumber
from .signs import put_signs

Pair = tuple[str, str]


def vary(pair: Pair, random: Random, *, names: bool = False, numbers: bool = False) -> Pair:
    """The pair, perhaps with other names, another number, unknown signs, or typed carelessly.

    Args:
        names, numbers: most of them are changed; else about half of them stay as they are.
    """
    if random.random() < (0.8 if names else 0.45):
        pair = rename(pair, random)
    if random.random() < (0.6 if names else 0.12):
        pair = name_a_pronoun(pair, random)
    if random.random() < (0.95 if numbers else 0.6):
        pair = renumber(pair, random, large=numbers)
    if random.random() < 0.02:
        pair = put_signs(pair, random)
    return type_carelessly(pair, random)
