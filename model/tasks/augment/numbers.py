"""Other numbers: the same one on both sides, in figures or spelt out."""

from __future__ import annotations

import re
from random import Random

_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
_ENGLISH += "fifteen sixteen seventeen eighteen nineteen"
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FRENCH = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
_FRENCH += "seize dix-sept dix-huit dix-neuf"
_FRENCH_TENS = "vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt"
_LARGE = re.compile(r"\b(?:hundred|thousand|million|billion|dozen|half|cent|mille)", re.I)
_CLOCK = re.compile(r"o'clock|\b[ap]\.?m\b|heure", re.I)


def english(n: int) -> str:
    """An English number word, 0 to 99."""
    if n < 20:
        return _ENGLISH.split()[n]
    tens = _ENGLISH_TENS.split()[n // 10 - 2]
    return f"{tens}-{english(n % 10)}" if n % 10 else tens


def french(n: int) -> str:
    """A French number word, 0 to 99, masculine."""
    if n < 20:
        return _FRENCH.split()[n]
    tens = _FRENCH_TENS.split()[n // 10 - 2]
    rest = n % 20 if n >= 60 else n % 10
    if rest in (1, 11) and n < 80:
        return f"{tens} et {french(rest)}"
    if n == 80:
        return "quatre-vingts"
    return f"{tens}-{french(rest)}" if rest else tens


def renumber(pair: tuple[str, str], random: Random, large: bool = False) -> tuple[str, str]:
    """One number from 2 on becomes another, if it stands once on either side.

    A number below 100 comes out in figures or in words, on both sides alike; the words leave out
    those that end in "un", which have a gender.

    Args:
        large: every second number below 100 is from 60 on, where French counts by twenties.
    """
    source, target = pair
    here, there = _find(source, _ENGLISH_NUMBER), _find(target, _FRENCH_NUMBER)
    shared = [n for n in here if n >= 2 and n in there]
    if not shared:
        return pair
    n = random.choice(shared)
    spelt = not here[n][0].isdigit() and not there[n][0].isdigit()
    if _LARGE.search(source + target) and spelt:
        return pair
    if n < 13 and _CLOCK.search(source):
        new = random.randint(2, 12)
    elif large and n < 100 and random.random() < 0.5:
        new = random.randint(60, 99)
    elif n < 13 and random.random() < 0.4:
        new = random.randint(2, 12)
    else:
        new = random.randint(2, 99) if n < 100 else random.randint(n // 2, 2 * n)
    in_words = (
        new < 100 and n < 100 and random.random() < (0.85 if large else 0.7 if spelt else 0.2)
    )
    if in_words and (new in (81, *range(21, 70, 10)) or _LARGE.search(source + target)):
        return pair
    texts = (english(new), french(new)) if in_words else (str(new), str(new))
    return _put(source, here[n], texts[0]), _put(target, there[n], texts[1])


def _pattern(words: list[str]) -> re.Pattern[str]:
    spelt = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.,:/$€£'-])(?:\d{{1,4}}(?![\w:/-]|[.,]\d| \d)|(?:{spelt})(?![\w-]))", re.I
    )


_VALUES = {english(n): n for n in range(100)} | {french(n): n for n in range(100)}
_ENGLISH_NUMBER = _pattern([english(n) for n in range(100)])
_FRENCH_NUMBER = _pattern([french(n) for n in range(100)])


def _find(text: str, pattern: re.Pattern[str]) -> dict[int, re.Match[str]]:
    """The numbers that stand once in a text, by their value."""
    found: dict[int, list[re.Match[str]]] = {}
    for match in pattern.finditer(text):
        word = match[0].lower()
        found.setdefault(int(word) if word.isdigit() else _VALUES[word], []).append(match)
    return {n: matches[0] for n, matches in found.items() if len(matches) == 1}


def _put(text: str, match: re.Match[str], new: str) -> str:
    if match[0][0].isupper():
        new = new[0].upper() + new[1:]
    return text[: match.start()] + new + text[match.end() :]
