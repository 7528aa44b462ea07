from __future__ import annotations

import re
from random import Random

import pytest

from headlight.model.tasks.augment.numbers import _VALUES, english, french, renumber

Pair = tuple[str, str]


def variants(pair: Pair, n: int = 2_000) -> set[Pair]:
    random = Random(0)
    return {renumber(pair, random) for _ in range(n)}


@pytest.mark.parametrize(
    ("n", "in_english", "in_french"),
    [
        (0, "zero", "zéro"),
        (16, "sixteen", "seize"),
        (19, "nineteen", "dix-neuf"),
        (20, "twenty", "vingt"),
        (21, "twenty-one", "vingt et un"),
        (25, "twenty-five", "vingt-cinq"),
        (61, "sixty-one", "soixante et un"),
        (70, "seventy", "soixante-dix"),
        (71, "seventy-one", "soixante et onze"),
        (79, "seventy-nine", "soixante-dix-neuf"),
        (80, "eighty", "quatre-vingts"),
        (81, "eighty-one", "quatre-vingt-un"),
        (91, "ninety-one", "quatre-vingt-onze"),
        (99, "ninety-nine", "quatre-vingt-dix-neuf"),
    ],
)
def test_number_words(n: int, in_english: str, in_french: str) -> None:
    assert (english(n), french(n)) == (in_english, in_french)


def test_words_and_figures_change_on_both_sides_alike() -> None:
    values = {english(n): french(n) for n in range(100)}
    values |= {english(n).replace("-", " "): french(n) for n in range(100)}
    kinds = {"figures": 0, "words": 0, "words without hyphens": 0}
    for source, target in variants(("I am thirteen years old.", "J'ai treize ans.")):
        number = source.removeprefix("I am ").removesuffix(" years old.")
        other = target.removeprefix("J'ai ").removesuffix(" ans.")
        assert other == (number if number.isdigit() else values[number])
        apart = "words without hyphens" if " " in number else "words"
        kinds["figures" if number.isdigit() else apart] += 1
    assert kinds["figures"] > 80
    assert kinds["words"] > 80
    assert kinds["words without hyphens"] > 30


def test_small_numbers_and_teens_come_often() -> None:
    random, pair = Random(0), ("I have thirty books.", "J'ai trente livres.")
    numbers = [_VALUES.get(renumber(pair, random)[1].split()[1], 99) for _ in range(4_000)]
    assert sum(n <= 12 for n in numbers) > 500
    assert sum(13 <= n <= 20 for n in numbers) > 500


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("I am ten years old.", "J'ai dix ans."), "J'ai vingt et un ans."),
        (("Ten women came.", "Dix femmes vinrent."), "Vingt et une femmes vinrent."),
        (("Ten women came.", "Dix femmes vinrent."), "Soixante et onze femmes vinrent."),
    ],
)
def test_numbers_in_un_agree_with_their_noun(pair: Pair, expected: str) -> None:
    assert expected in {target for _, target in variants(pair)}


def test_numbers_in_un_stay_away_from_other_nouns() -> None:
    for _, target in variants(("We are ten.", "Nous sommes dix.")):
        assert not target.endswith(" et un.")


def test_a_year_becomes_another_year() -> None:
    found = variants(("Born in 1998.", "Né en 1998."))
    assert len(found) > 500
    for source, target in found:
        assert re.findall(r"\d{3,4}", source) == re.findall(r"\d{3,4}", target)


def test_a_capital_stays_a_capital() -> None:
    for source, target in variants(("Three men came.", "Trois hommes vinrent.")):
        assert source[0].isdigit() or source[0].isupper()
        assert target[0].isdigit() or target[0].isupper()


def test_a_clock_goes_to_twelve() -> None:
    for source, _ in variants(("It is seven o'clock.", "Il est sept heures.")):
        word = source.split()[2]
        assert word in {english(n) for n in range(2, 13)} | {str(n) for n in range(2, 13)}


@pytest.mark.parametrize(
    "pair",
    [
        ("One man came.", "Un homme vint."),  # the article too is "un"
        ("Both came.", "Les deux vinrent."),
        ("Two and two is four", "Deux et deux font six"),  # twice, and not the same
        ("Two hundred came.", "Deux cents vinrent."),
        ("The 20th came.", "Le 20e vint."),
        ("It costs 3.4.", "Cela coûte 3,4."),
        ("At 7:30", "À 7:30"),
        ("A ten-year-old boy", "Un garçon de dix ans"),
    ],
)
def test_what_is_not_a_plain_number_stays(pair: Pair) -> None:
    assert variants(pair) == {pair}
