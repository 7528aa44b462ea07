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
_HIS = re.compile(
    r" (?:ans|jours|mois|livres|élèves|étudiants|hommes|enfants|garçons|amis|gens|pays|euros|"
    r"dollars|mètres|kilos|kilomètres|chats|chiens|mots|points|œufs)\b"
)
_HER = re.compile(
    r" (?:personnes|heures|minutes|secondes|fois|années|filles|femmes|semaines|pages|voitures|"
    r"lettres|maisons|langues|pommes)\b"
)
_RANGES = (2, 12), (13, 20), (21, 99), (21, 99)
"""One in four of the numbers below 100 is small, one is a teen."""
_CLOCK = re.compile(r"o'clock|\d ?[ap]\.?m\b|heure", re.I)


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


def renumber(pair: tuple[str, str], random: Random) -> tuple[str, str]:
    """One number from 2 on becomes another, if it stands once on either side.

    A number below 100 comes out in figures or in words, on both sides alike. Those in words that
    end in "un" come only before nouns of known gender.
    """
    source, target = pair
    here, there = _find(source, _ENGLISH_NUMBER), _find(target, _FRENCH_NUMBER)
    shared = [n for n in here if n >= 2 and n in there]
    if not shared:
        return pair
    n = random.choice(shared)
    spelt = not here[n][0].isdigit() and not there[n][0].isdigit()
    large = _LARGE.search(source + target)
    if large and spelt:
        return pair
    if n < 13 and _CLOCK.search(source):
        new = random.randint(2, 12)
    elif n < 100:
        new = random.randint(*random.choice(_RANGES))
    else:
        new = random.randint(n // 2, 2 * n)
    if new >= 100 or n >= 100 or large or random.random() > (0.7 if spelt else 0.3):
        texts = str(new), str(new)
    else:
        texts = english(new), french(new)
        if texts[1].endswith("un"):
            rest = target[there[n].end() :]
            if not (_HIS.match(rest) or _HER.match(rest)):
                return pair
            texts = texts[0], texts[1] + ("e" if _HER.match(rest) else "")
        if random.random() < 0.15:
            texts = texts[0].replace("-", " "), texts[1]
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
