"""Long texts out of short ones: several sentences in a row, or one sentence with conjunctions.

Nine in ten sentences of the corpus have at most nine words; people type longer ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

Pair = tuple[str, str]

WORDS = (12, 60)
"""How many words of English a joined text has, about."""

_LINKS = (
    (", and ", " et "),
    (", but ", ", mais "),
    (", because ", ", car "),
    (", so ", ", donc "),
    (" and ", " et "),
    ("; ", " ; "),
)
_SMALL = re.compile(
    r"(?:He|She|It|They|We|You|The|This|That|These|Those|There|My|Your|His|Her|Our|Their|A|An|Some|"
    r"Everyone|Nobody|People)\b"
)
_PETIT = re.compile(
    r"(?:Il|Elle|Ils|Elles|On|Nous|Vous|Tu|Je|J'|Le|La|Les|L'|Ce|C'|Cet|Cette|Ces|Cela|Ça|Mon|Ma|Mes|"
    r"Ton|Ta|Tes|Son|Sa|Ses|Notre|Nos|Votre|Vos|Leur|Leurs|Un|Une|Des|Tout|Personne)(?:\b|(?<='))"
)


def join(pairs: Sequence[Pair], random: Random) -> Pair:
    """Some of the pairs, drawn at random, as one text."""
    words, single = random.randint(*WORDS), random.random() < 0.6
    source, target = random.choice(pairs)
    while len(source.split()) < words:
        source, target = _append((source, target), random.choice(pairs), random, single)
    return source, target


def _append(pair: Pair, other: Pair, random: Random, single: bool) -> Pair:
    """Behind a conjunction where `single` and both sides allow it, else as a new sentence."""
    (source, target), (more, suite) = pair, other
    statements = source.endswith(".") and target.endswith(".")
    if single and statements and _SMALL.match(more) and _PETIT.match(suite):
        link, lien = random.choice(_LINKS)
        return source[:-1] + link + _uncapitalised(more), target[:-1] + lien + _uncapitalised(suite)
    return f"{source} {more}", f"{target} {suite}"


def _uncapitalised(text: str) -> str:
    return text[0].lower() + text[1:]
