from __future__ import annotations

import re
from random import Random

import pytest

from headlight.model.run.known_names import CITIES, MEN, WOMEN
from headlight.model.tasks.augment.names import (
    elide,
    invent,
    name_a_pronoun,
    name_a_relative,
    rename,
    replace,
)

Pair = tuple[str, str]


def variants(pair: Pair, n: int = 3_000) -> set[Pair]:
    random = Random(0)
    return {rename(pair, random) for _ in range(n)}


def test_names_change_on_both_sides_alike() -> None:
    made_up = 0
    for source, target in variants(("Tom gave Mary a book.", "Tom a donné un livre à Marie.")):
        sides = re.fullmatch(r"(.+) gave (.+) a book\.", source)
        assert sides
        man, woman = sides.groups()
        assert target == f"{man} a donné un livre à {woman}."
        assert "Tom" not in man.split()
        made_up += man.split()[0] not in MEN
    assert made_up > 500


def test_the_names_of_the_lists_all_come() -> None:
    found = {source.removesuffix(" sleeps") for source, _ in variants(("Tom sleeps", "Tom dort"))}
    assert set(MEN) <= found
    assert any(" " in name.strip() for name in found), "no surname"


@pytest.mark.parametrize(
    ("pair", "name", "expected"),
    [
        (("Tom's car", "La voiture de Tom"), "Emma", "La voiture d'Emma"),
        (("Tom's car", "La voiture de Tom"), "Karim", "La voiture de Karim"),
        (("I know Tom is in", "Je sais que Tom est là"), "Omar", "Je sais qu'Omar est là"),
        (("Is Tom in?", "Est-ce que Tom est là ?"), "Élodie", "Est-ce qu'Élodie est là ?"),
        (("Once Tom left", "Lorsque Tom partit"), "Ida", "Lorsqu'Ida partit"),
        (("Is it Tom?", "Est-ce Tom ?"), "Ali", "Est-ce Ali ?"),
        (("If Tom is", "Si Tom est"), "Ali", "Si Ali est"),
        (("I saw Tom", "J'ai vu Tom"), "Hugo", "J'ai vu Hugo"),
    ],
)
def test_french_elides_before_a_vowel(pair: Pair, name: str, expected: str) -> None:
    source, target = replace(pair, re.compile(r"\bTom\b"), name)
    assert name in source
    assert target == expected


def test_only_the_word_before_the_name_is_elided() -> None:
    assert elide("Le livre de la sœur de Ada", "Ada") == "Le livre de la sœur d'Ada"


def test_a_name_on_one_side_only_stays() -> None:
    assert variants(("Tom sleeps.", "Il dort.")) == {("Tom sleeps.", "Il dort.")}


def test_cities_become_cities_without_surnames() -> None:
    for source, target in variants(("I like Boston.", "J'aime Boston.")):
        city = source.removeprefix("I like ").removesuffix(".")
        assert target == f"J'aime {city}."
        assert city in CITIES or len(city.split()) == 1


def test_a_surname_after_a_title_changes() -> None:
    found = variants(("Mr. Jackson is here.", "M. Jackson est là."), 200)
    assert len(found) > 50
    for source, target in found:
        surname = source.split()[1]
        assert (source, target) == (f"Mr. {surname} is here.", f"M. {surname} est là.")


def test_a_pronoun_becomes_a_name() -> None:
    random = Random(0)
    source, target = name_a_pronoun(("She's not tired.", "Elle n'est pas fatiguée."), random)
    name = source.removesuffix("'s not tired.")
    assert name[0].isupper()
    assert target == f"{name} n'est pas fatiguée."
    made = {name_a_pronoun(("She eats.", "Elle mange."), random)[0] for _ in range(3_000)}
    assert {f"{name} eats." for name in WOMEN} <= made


@pytest.mark.parametrize(
    "pair",
    [
        ("He has to go.", "Il faut qu'il parte."),
        ("He had to go.", "Il lui fallait partir."),
        ("He won't have to go.", "Il ne faudra pas qu'il parte."),
        ("He has no bread.", "Il n'y a pas de pain."),
        ("He seems ill.", "Il me semble malade."),
        ("He and I", "Lui et moi"),
        ("Here it is.", "Il est ici."),
        ("It is late.", "Il est tard."),
    ],
)
def test_an_impersonal_il_stays(pair: Pair) -> None:
    assert name_a_pronoun(pair, Random(0)) == pair


def test_invented_names_look_like_names() -> None:
    random = Random(0)
    names = [invent(random) for _ in range(2_000)]
    assert all(re.fullmatch(r"[A-ZÀ-Ý][a-zà-ÿ]+", name) for name in names)
    assert len(set(names)) > 1_800
    assert 0.2 < sum(name[0] in "AEIOUÉ" for name in names) / 2_000 < 0.4


@pytest.mark.parametrize(
    ("pair", "before", "after"),
    [
        (("My sister sleeps.", "Ma sœur dort."), "My sister", "Ma sœur"),
        (("I know his brother.", "Je connais son frère."), "his brother", "son frère"),
        (("Your friend is here?", "Votre amie est ici ?"), "Your friend", "Votre amie"),
    ],
)
def test_a_name_follows_one_of_the_family_on_both_sides(
    pair: tuple[str, str], before: str, after: str
) -> None:
    source, target = name_a_relative(pair, Random(0))
    name = source[len(before) + source.index(before) + 1 :].split()[0].rstrip(".?")
    assert source == pair[0].replace(before, f"{before} {name}")
    assert target == pair[1].replace(after, f"{after} {name}")
    assert name[0].isupper()


@pytest.mark.parametrize(
    "pair",
    [
        ("My sister's cat sleeps.", "Le chat de ma sœur dort."),
        ("My friend Tom sleeps.", "Mon ami Tom dort."),
        ("My brother and my brother's wife.", "Mon frère et la femme de mon frère."),
        ("My mother sleeps.", "Ma mère dort."),
    ],
)
def test_no_second_name_and_none_before_what_is_owned(pair: tuple[str, str]) -> None:
    assert name_a_relative(pair, Random(0)) == pair


@pytest.mark.parametrize(
    ("town", "expected"), [("Lyon", "Je viens de Lyon."), ("Oslo", "Je viens d'Oslo.")]
)
def test_what_was_elided_is_whole_again_before_a_consonant(town: str, expected: str) -> None:
    pair = ("I am from Osaka.", "Je viens d'Osaka.")
    assert replace(pair, re.compile(r"\bOsaka\b"), town) == (f"I am from {town}.", expected)
