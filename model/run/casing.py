"""Where capitals say nothing, words are read in the case that the vocabulary knows them by.

"HELLO WORLD", "hello world" and "Hello World And You" hold no other words than "Hello world and
you". A model would have to learn each of them anew, from pieces of one or two letters. Marks for
case between the pieces (Etchegoyhen & Gete 2020) would solve that too, at the price of one or two
more rows in every map. Truecasing (Lita et al. 2003) costs none: what was read is what is drawn,
and ordinary sentences stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .known_names import CITIES, MEN, SURNAMES, WOMEN

Rank = Callable[[str], tuple[int, int]]
"""How well a vocabulary knows a word, small is well: (number of pieces, id of a single piece)."""

_CHUNK = re.compile(r"\S+")
_PLAIN = re.compile(r"[^\w@#]*[^\W\d_]+(?:['’‘-][^\W\d_]+)*[^\w@#]*")
"""A word, with hyphens or apostrophes and signs around it: no address, number or tag."""
_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"['’](?:s|t|m|d|re|ve|ll)", re.I)
_ENDS = re.compile(r"[.!?…]\W*$")
_COMMON = frozenset(
    "a about after all an and are as at be because before but by can do for from has have he her "
    "his how if in is it me my no not of on or our please she so than that the their them then "
    "there they this to was we were what when where which while who why will with yes you "
    "your".split()
)
"""Small words that begin with a capital in titles and at the beginning of a sentence only."""
_NAMES = frozenset("-".join((*MEN, *WOMEN, *SURNAMES, *CITIES)).split("-"))
_SHORTEST = 3
"""Letters from which on a word in capitals among others is meant as emphasis, not as initials."""


def plain_case(text: str, rank: Rank) -> str:
    """The text with case where it tells something; as long as the text, letter for letter.

    In a text without small letters, without capitals, or with a capital at every word, each word
    takes the case that `rank` puts first, with a capital where a sentence begins, and names keep
    theirs unless they are words as well ("rose"). In other texts only words in capitals change ("I
    REALLY like it"), if the vocabulary has them in small letters only.
    """
    chunks = list(_CHUNK.finditer(text))
    words = [chunk[0] for chunk in chunks]
    shouted = text.isupper() and sum(map(str.isalpha, text)) > 1
    uninformative = shouted or text.islower() or _is_title(words, rank)
    if not uninformative and not any(len(word) >= _SHORTEST and word.isupper() for word in words):
        return text
    letters, begins = list(text), True
    for chunk in chunks:
        if _PLAIN.fullmatch(chunk[0]):
            for word in _WORD.finditer(text, *chunk.span()):
                read = _best(word[0], rank) if uninformative else _calm(word[0], rank)
                if _ENDING.fullmatch(text, word.start() - 1, word.end()) and word.start():
                    read = word[0].lower()
                if begins and (uninformative or read != word[0]):
                    read = read[0].upper() + read[1:]
                if len(read) == len(word[0]):  # a few letters become two in the other case
                    letters[word.start() : word.end()] = read
                begins = False
        begins = bool(_ENDS.search(chunk[0])) or (begins and not _WORD.search(chunk[0]))
    return "".join(letters)


def _is_title(words: list[str], rank: Rank) -> bool:
    """A capital at every word; behind the first is a small word, or in a row of three one that the
    vocabulary has in small letters only.
    """
    found = [word[0] for text in words if (word := _WORD.search(text))]
    return all(word[0].isupper() for word in found) and any(
        word.istitle() and (word.lower() in _COMMON or (len(found) > 2 and _is_small(word, rank)))
        for word in found[1:]
    )


def _is_small(word: str, rank: Rank) -> bool:
    """Whether the vocabulary has a word in small letters only, and it is nobody's name."""
    return word not in _NAMES and rank(word)[0] > 1 and rank(word.lower())[0] == 1


def _best(word: str, rank: Rank) -> str:
    """The pronoun "I", a name, or the form that is known; where none is, as typed or small."""
    if word in "Ii":
        return "I"
    if word.lower() in _COMMON:
        return word.lower()
    if word.capitalize() in _NAMES and rank(word.lower())[0] > 1:
        return word.capitalize()
    forms = word if word.istitle() else word.lower(), word.lower(), word.capitalize(), word
    return min(forms, key=rank)


def _calm(word: str, rank: Rank) -> str:
    """An emphasised word in small letters."""
    emphasised = len(word) >= _SHORTEST and word.isupper()
    known = emphasised and rank(word)[0] > 1 and rank(word.lower())[0] == 1
    return word.lower() if known else word
