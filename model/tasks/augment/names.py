"""Other names: of people and places, on both sides alike, with French elision kept right."""

from __future__ import annotations

import re
from random import Random

from ...run.known_names import CITIES, MEN, SURNAMES, WOMEN

_ONSETS = "b bl br c ch cl d dr f fl fr g gr h j k kh kr l m n p ph pr qu r s sh st t th tr v w y z"
_ONSETS += " b d f g k l m n r s t"
_VOWELS = "a a a e e e i i i o o u ai au ea ee ia ie io ou"
_CODAS = "n n n r r l s m d k t x ck ll nd nn ng rd rt ss st th"
_JOINTS = "b bb d dd f g k l ll lm m mm mb n nn nd nt p r rr rl rn s ss st t tt th v z sh ch"

_WHOLE = [name for name in (*MEN, *WOMEN, *SURNAMES, *CITIES) if name.isalpha() and len(name) > 3]

_MAN, _WOMAN = re.compile(r"\bTom\b"), re.compile(r"\b(?:Mary|Marie)\b")
_CITY = re.compile(r"\b(?:Boston|Tokyo|Paris|Kyoto|Osaka|Chicago|Rome|Berlin|Nagoya)\b")
_BEFORE = r"\b([Dd]|[Qq]u|[Ll]orsqu|[Pp]uisqu)"
"""What loses its e before a vowel."""
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? ([A-Z]\w+)")
_HE, _SHE = re.compile(r"^He\b"), re.compile(r"^She\b")
_IMPERSONAL = re.compile(
    r"^Il (?:(?:ne|me|te|lui|nous|vous|leur) |n'|m'|t')*(?:fau|fall|a (?:bien )?fallu|y (?:a|e)|"
    r"s'agi|sembl|para|pleu|plu|neig|import|arrive d|manqu|rest|est (?:im)?possible)"
)

_THEIR, _LEUR = "my|your|his|her|our|their", "mon|ma|ton|ta|votre|son|sa|notre|leur"
_RELATIVES = tuple(
    (
        re.compile(rf"\b(?i:{_THEIR}) {english}\b(?!['’-]| [A-Z])"),
        re.compile(rf"\b(?i:{_LEUR}) {french}\b(?!-| [A-Z])"),
        names,
    )
    for english, french, names in (
        ("friend", "(?:ami|copain)", MEN),
        ("friend", "(?:amie|copine)", WOMEN),
        ("brother", "frère", MEN),
        ("sister", "sœur", WOMEN),
        ("son", "fils", MEN),
        ("daughter", "fille", WOMEN),
        ("uncle", "oncle", MEN),
        ("aunt", "tante", WOMEN),
        ("cousin", "cousin", MEN),
        ("cousin", "cousine", WOMEN),
        ("husband", "mari", MEN),
        ("wife", "femme", WOMEN),
        ("boyfriend", "petit ami", MEN),
        ("girlfriend", "petite amie", WOMEN),
        ("neighbor", "voisin", MEN),
        ("neighbor", "voisine", WOMEN),
        ("dog", "chien", MEN),
        ("cat", "chat", WOMEN),
    )
)


def rename(pair: tuple[str, str], random: Random) -> tuple[str, str]:
    """Tom, Mary, a city or a surname after a title becomes another, two in five invented."""
    for name, others in ((_MAN, MEN), (_WOMAN, WOMEN), (_CITY, CITIES)):
        other = invent(random) if random.random() < 0.4 else random.choice(others)
        if others is not CITIES and random.random() < 0.12:
            other += " " + (invent(random) if random.random() < 1 / 3 else random.choice(SURNAMES))
        pair = replace(pair, name, other)
    if titled := _TITLED.search(pair[0]):
        surname = random.choice(SURNAMES) if random.random() < 2 / 3 else invent(random)
        pair = replace(pair, re.compile(rf"\b{titled[1]}\b"), surname)
    return pair


def name_a_pronoun(pair: tuple[str, str], random: Random) -> tuple[str, str]:
    """Where both sides begin with “He”, a name instead: “He sleeps.” becomes “Omar sleeps.”."""
    source, target = pair
    for english, french, names in ((_HE, "Il ", MEN), (_SHE, "Elle ", WOMEN)):
        if english.search(source) and target.startswith(french) and not _IMPERSONAL.match(target):
            name = invent(random) if random.random() < 0.4 else random.choice(names)
            return english.sub(name, source), name + target[len(french) - 1 :]
    return pair


def name_a_relative(pair: tuple[str, str], random: Random) -> tuple[str, str]:
    """A name after a friend or one of the family: “my brother” becomes “my brother Omar”."""
    source, target = pair
    for english, french, names in _RELATIVES:
        here, there = english.findall(source), french.findall(target)
        if len(here) == len(there) == 1:
            name = invent(random) if random.random() < 0.4 else random.choice(names)
            named = rf"\g<0> {name}"
            return english.sub(named, source, count=1), french.sub(named, target, count=1)
    return pair


def replace(pair: tuple[str, str], name: re.Pattern[str], other: str) -> tuple[str, str]:
    """The same name for another in both texts; as they are if it is missing in one."""
    source, target = pair
    if not name.search(source) or not name.search(target):
        return pair
    whole = re.sub(rf"{_BEFORE}'(?={name.pattern})", r"\1e ", target)
    return name.sub(other, source), elide(name.sub(other, whole), other)


def elide(text: str, name: str) -> str:
    """French "de" and "que" lose their e before a name that begins with a vowel."""
    if name[0] not in "AEIOUÀÁÂÄÅÆÈÉÊËÍÎÏÓÔÖÚÛÜŒ":
        return text
    return re.sub(rf"{_BEFORE}e (?={re.escape(name)})", r"\1'", text)


def invent(random: Random) -> str:
    """A name that few have: syllables in a row, or the head of a name with the tail of another."""
    if random.random() < 0.5:
        head, tail = random.sample(_WHOLE, 2)
        name = head[: random.randint(1, 4)] + tail[-random.randint(2, 4) :]
    else:
        name = _syllables(random)
    return name.capitalize()


def _syllables(random: Random) -> str:
    """One to three of them, the first of every third name without a consonant."""
    first = "" if random.random() < 1 / 3 else random.choice(_ONSETS.split())
    parts = [first, random.choice(_VOWELS.split())]
    for _ in range(random.choice((0, 1, 1, 1, 2))):
        parts += [random.choice(_JOINTS.split()), random.choice(_VOWELS.split())]
    if len(parts) == 2 or random.random() < 0.4:
        parts.append(random.choice(_CODAS.split()))
    return "".join(parts)
