"""Signs that no vocabulary has, in the same places of both sides."""

from __future__ import annotations

import re
from random import Random

from .names import replace

STRANGERS = ("🍕", "😀", "❤", "日本", "→", "★", "漢字", "☂", "Ω", "猫", "🎉", "Привет")

_NAMES = (re.compile(r"\bTom\b"), re.compile(r"\b(?:Mary|Marie)\b"), re.compile(r"\bBoston\b"))
_NOUNS = {
    "cats?": "chats?",
    "dogs?": "chiens?",
    "books?": "livres?",
    "cars?": "voitures?",
    "house": "maison",
    "music": "musique",
    "coffee": "café",
    "tea": "thé",
    "milk": "lait",
    "beer": "bière",
    "bread": "pain",
    "cake": "gâteau",
    "meat": "viande",
    "fish": "poisson",
    "pizza": "pizza",
    "tennis": "tennis",
    "football": "football",
    "flowers?": "fleurs?",
    "birds?": "oiseaux?",
    "horses?": "che(?:val|vaux)",
    "moon": "lune",
    "sun": "soleil",
    "snow": "neige",
    "rain": "pluie",
    "train": "train",
    "key": "clé",
    "door": "porte",
    "heart": "cœur",
    "cheese": "fromage",
    "fruit": "fruits?",
}
_PAIRS = [(re.compile(rf"\b{e}\b"), re.compile(rf"\b{f}\b")) for e, f in _NOUNS.items()]
_END = re.compile(r"(?=\s*[.!?]$)")


def put_signs(pair: tuple[str, str], random: Random) -> tuple[str, str]:
    """One to three signs: for names, for a noun, around the sentence, or before its full stop."""
    inside = random.random() < 0.6
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        sign = random.choice(STRANGERS)
        changed = _put_inside(pair, sign, random) if inside else pair
        if changed == pair:
            changed = _put_around(pair, sign, random)
        pair = changed
    return pair


def _put_inside(pair: tuple[str, str], sign: str, random: Random) -> tuple[str, str]:
    """For a name or a noun that stands on both sides, if there is one."""
    source, target = pair
    for name in random.sample(_NAMES, len(_NAMES)):
        if name.search(source) and name.search(target):
            return replace(pair, name, sign)
    for english, french in _PAIRS:
        if english.search(source) and french.search(target):
            return english.sub(sign, source, count=1), french.sub(sign, target, count=1)
    return pair


def _put_around(pair: tuple[str, str], sign: str, random: Random) -> tuple[str, str]:
    source, target = pair
    luck = random.random()
    if luck < 0.3:
        return f"{sign} {source}", f"{sign} {target}"
    if luck < 0.5 and _END.search(source) and _END.search(target):
        return _END.sub(f" {sign}", source, count=1), _END.sub(f" {sign}", target, count=1)
    return f"{source} {sign}", f"{target} {sign}"
