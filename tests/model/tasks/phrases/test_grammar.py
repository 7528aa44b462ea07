from __future__ import annotations

import pytest

from headlight.model.tasks.phrases.agreement import described
from headlight.model.tasks.phrases.grammar import (
    Adjective,
    adjectives,
    an,
    elide,
    is_vocalic,
    more,
    nouns,
)

HOUSE, MAN, EYE, OWL = nouns("house maison f, man/men homme m, school école f, owl hibou/hibous m")


def test_a_noun_knows_its_plurals() -> None:
    horse, mouse, picture, game = nouns(
        "horse cheval m, mouse/mice souris f, painting tableau m, city ville f"
    )
    assert (horse.many_english, horse.many_french) == ("horses", "chevaux")
    assert (mouse.many_english, mouse.many_french) == ("mice", "souris")
    assert (picture.many_english, picture.many_french) == ("paintings", "tableaux")
    assert (game.many_english, game.many_french) == ("cities", "villes")


def test_articles_and_owners_agree_and_elide() -> None:
    assert [HOUSE.the(), MAN.the(), EYE.the(), OWL.the()] == [
        "la maison",
        "l'homme",
        "l'école",
        "le hibou",
    ]
    assert [HOUSE.of(), MAN.of(), OWL.of(), OWL.of(many=True)] == [
        "de la maison",
        "de l'homme",
        "du hibou",
        "des hibous",
    ]
    assert [HOUSE.at(), MAN.at(), OWL.at()] == ["à la maison", "à l'homme", "au hibou"]
    assert [HOUSE.this(), MAN.this(), OWL.this()] == ["cette maison", "cet homme", "ce hibou"]
    assert [HOUSE.owned("m"), EYE.owned("m"), MAN.owned("t"), HOUSE.owned("s", many=True)] == [
        "ma maison",
        "mon école",
        "ton homme",
        "ses maisons",
    ]
    assert HOUSE.owned("notre") == "notre maison"
    assert HOUSE.owned("leur", many=True) == "leurs maisons"


def test_adjectives_agree() -> None:
    old, equal, new, wet = adjectives(
        "old <vieux vieille, equal égal égale, dangerous dangereux, shy timide"
    )
    assert [old.form(False), old.form(True), old.form(False, True), old.form(True, True)] == [
        "vieux",
        "vieille",
        "vieux",
        "vieilles",
    ]
    assert [equal.form(False, True), equal.form(True, True)] == ["égaux", "égales"]
    assert [new.form(True), new.form(False, True)] == ["dangereuse", "dangereux"]
    assert [wet.form(True), wet.form(True, True)] == ["timide", "timides"]


def test_adjectives_stand_where_french_has_them() -> None:
    old = Adjective("old", "vieux", "vieille", before=True)
    black = Adjective("black", "noir", "noire")
    assert described(MAN, old, False, "le") == ("the old man", "le vieil homme")
    assert described(HOUSE, black, False, "ce") == ("this black house", "cette maison noire")
    assert described(OWL, old, True, "le") == ("the old owls", "les vieux hibous")


@pytest.mark.parametrize(
    ("word", "vocalic"),
    [
        ("eau", True),
        ("homme", True),
        ("hibou", False),
        ("héros", False),
        ("école", True),
        ("yaourt", False),
        ("onze", False),
        ("œuf", True),
        ("chat", False),
    ],
)
def test_what_is_elided_before(word: str, vocalic: bool) -> None:
    assert is_vocalic(word) == vocalic
    assert elide("de", word) == (f"d'{word}" if vocalic else f"de {word}")
    assert elide("une", word) == f"une {word}"


def test_english_articles_and_comparatives() -> None:
    assert [an("owl"), an("dog"), an("hour"), an("university")] == [
        "an owl",
        "a dog",
        "an hour",
        "a university",
    ]
    comparatives = {
        "old": "older than",
        "heavy": "heavier than",
        "big": "bigger than",
        "good": "better than",
        "useful": "more useful than",
        "wide": "wider than",
    }
    assert {word: more(word) for word in comparatives} == comparatives
