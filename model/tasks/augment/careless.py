"""Careless typing of the English side: no full stop, no capitals, capitals."""

from __future__ import annotations

import re
from random import Random

SHORT = 14
"""Characters up to which a text is likely to be typed carelessly: "hello", "thank you"."""

_END = re.compile(r"\s*[.!]$")
_BEGINNING = re.compile(r"(?<=\s)[a-z]")
_QUESTION = re.compile(r"\s*\?$")


def type_carelessly(pair: tuple[str, str], random: Random) -> tuple[str, str]:
    """The French stays as it should be, but has no full stop where the English has none.

    A question keeps its mark in French: the English order of words tells it.
    """
    source, target = pair
    often = 0.25 if len(source) <= SHORT else 0.04
    if random.random() < often:
        if _END.search(source):
            source, target = _END.sub("", source), _END.sub("", target)
        else:
            source = _QUESTION.sub("", source)
    if random.random() < often:
        source = source.lower()
        if random.random() < 0.2:
            source = source.replace("'", "")
    elif random.random() < 0.03:
        source = source.upper()
    elif random.random() < 0.01:
        source = _BEGINNING.sub(lambda letter: letter[0].upper(), source)
    return source, target
