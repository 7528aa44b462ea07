"""Small changes to training pairs, so that what people type in class is not new to the model.

The corpus knows few names ("Tom", "Mary"), no emoji, and always ends a sentence properly. Without
these changes the model forgets new names and drops unknown characters.
"""

from __future__ import annotations

import re
from random import Random

MEN = (
    "Peter Paul Jack John Michael David Robert Daniel Lucas Leo Hugo Gabriel Louis Jules Max Sam "
    "Ben Tim Ravi Kenji Mohamed Youssef Karim Dimitri Sergei Luca Marco Diego Pablo Carlos Lars "
    "Sven Piotr Kofi Kwame Bilal Wei Minh Raj Ryan Kevin Brian Steve Mark Felix Theo Nathan Noah"
).split()
WOMEN = (
    "Sarah Julia Laura Lisa Maria Sofia Clara Lucy Chloe Zoe Lena Nora Nina Fatima Leila Priya "
    "Mei Yuki Sakura Svetlana Natasha Carmen Paula Giulia Bianca Greta Kirsten Zuzanna Nadia "
    "Samira Rosa Victoria Kate Jane Jessica Rachel Diana Molly Daisy Megan Tina Maya Zara"
).split()
SYLLABLES = "ba be bi bo da de di do ka ke ki ko la le li lo ma mi mo na ni no ra re ri ro sa se "
SYLLABLES += "so ta te ti to va ve vi zu shi cha tri bran kel mor fen dal gar win ster ton lin"
STRANGERS = ("🍕", "😀", "❤", "日本", "→", "★", "漢字", "☂", "Ω", "猫", "🎉", "Привет")

_MAN, _WOMAN = re.compile(r"\bTom\b"), re.compile(r"\b(?:Mary|Marie)\b")
_END = re.compile(r"\s*([.!?])$")


def vary(pair: tuple[str, str], random: Random) -> tuple[str, str]:
    """The pair as it is, or with another name, an unknown sign, or typed carelessly."""
    source, target = pair
    if random.random() < 0.25:
        source, target = _rename(source, target, _MAN, MEN, random)
        source, target = _rename(source, target, _WOMAN, WOMEN, random)
    luck = random.random()
    if luck < 0.01:
        sign = random.choice(STRANGERS)
        if random.random() < 0.5 and _MAN.search(source) and _MAN.search(target):
            source, target = _MAN.sub(sign, source), _MAN.sub(sign, target)
        elif random.random() < 0.7:
            source, target = f"{source} {sign}", f"{target} {sign}"
        else:
            source, target = f"{sign} {source}", f"{sign} {target}"
    elif luck < 0.03:
        source, target = _END.sub("", source), _END.sub("", target)
    elif luck < 0.05:
        source = source.lower()
    return source, target


def _rename(
    source: str, target: str, name: re.Pattern[str], others: list[str], random: Random
) -> tuple[str, str]:
    """Another name in both texts, a third of them made up; all begin with a consonant, so that
    French "de" and "que" stay as they are.
    """
    if not name.search(source) or not name.search(target):
        return source, target
    other = random.choice(others)
    if random.random() < 1 / 3:
        other = "".join(random.choices(SYLLABLES.split(), k=random.randint(2, 3))).capitalize()
    return name.sub(other, source), name.sub(other, target)
