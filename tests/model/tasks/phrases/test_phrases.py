"""Sentences of our own: true on both sides, and none that a model is judged by."""

from __future__ import annotations

import re
from random import Random

import pytest

from headlight.model.tasks.phrases import MAKERS, phrase
from headlight.model.tasks.phrases.agreement import agreement
from headlight.model.tasks.phrases.clauses import clauses
from headlight.model.tasks.phrases.copies import copies, double, several
from headlight.model.tasks.phrases.figures import date, figure, in_english, in_french, price, time
from headlight.model.tasks.phrases.forms import forms
from headlight.model.tasks.phrases.senses import senses
from headlight.model.tasks.phrases.tables import read_rows
from headlight.model.tasks.phrases.writing import email, name, word
from tests.model.class_sentences import read_class_sentences
from tests.model.report_goals import NUMBERS, USES

Pair = tuple[str, str]


def drawn(maker: object, n: int = 4_000, seed: int = 0) -> list[Pair]:
    random = Random(seed)
    return [maker(random) for _ in range(n)]  # type: ignore[operator]


def test_every_maker_is_asked_and_no_judged_sentence_comes() -> None:
    judged = {one.source for one in read_class_sentences()}
    found = drawn(phrase, 20_000)
    assert not judged & {source for source, _ in found}
    assert len(set(found)) > 12_000
    for maker in MAKERS:
        assert len(set(drawn(maker, 500))) > 150


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_both_sides_are_well_set(maker: object) -> None:
    for source, target in drawn(maker, 3_000):
        for text in (source, target):
            assert text == text.strip()
            assert "  " not in text
            assert not re.search(r"[{}_]", re.sub(r"\S*@\S*|#\S*", "", text)), text
        assert (source[-1] == "?") == target.endswith(" ?"), (source, target)
        french = re.sub(r"\S+[@.]\S+", "@", target)
        unelided = re.search(r"(?<!-)\b(?:je|de|que|ne) [aeéèêiou](?!n |nz|\S*@)", french)
        assert not unelided, target


def test_numbers_are_written_as_french_writes_them() -> None:
    for maker, english, french in (
        (time, r"(\d+):(\d\d)", r"(\d+) h (\d\d)"),
        (figure, r"(\d+)\.(\d+)", r"(\d+),(\d+)"),
        (price, r"\$(\d+)\.(\d\d)", r"(\d+),(\d\d) \$"),
    ):
        whole = [
            (here, there)
            for one, other in drawn(maker, 500)
            if (here := re.fullmatch(english, one)) and (there := re.fullmatch(french, other))
        ]
        assert len(whole) > 20
        assert all(here.groups() == there.groups() for here, there in whole)
    dates = dict(drawn(date, 20_000))
    assert dates["March 1"] == "le 1er mars"
    assert dates["the 2nd of May"] == "le 2 mai"
    clock = dict(drawn(time, 20_000))
    assert (clock["7:05 p.m."], clock["12:30 a.m."]) == ("19 h 05", "0 h 30")
    assert (clock["12 pm"], clock["9:30"]) == ("12 h", "9 h 30")


@pytest.mark.parametrize(
    ("n", "english", "french"),
    [
        (100, "one hundred", "cent"),
        (200, "two hundred", "deux cents"),
        (210, "two hundred and ten", "deux cent dix"),
        (1_000, "one thousand", "mille"),
        (1_984, "one thousand nine hundred and eighty-four", "mille neuf cent quatre-vingt-quatre"),
        (80_000, "eighty thousand", "quatre-vingt mille"),
        (3_080, "three thousand eighty", "trois mille quatre-vingts"),
    ],
)
def test_large_numbers_in_words(n: int, english: str, french: str) -> None:
    assert (in_english(n), in_french(n)) == (english, french)


def test_what_is_copied_stands_on_both_sides() -> None:
    for here, there in (*drawn(email, 300), *drawn(name, 300)):
        assert here == there
    assert all(re.fullmatch(r"[\w.-]+@[\w.-]+\.[a-z.]+", here) for here, _ in drawn(email, 300))
    for here, there in drawn(word, 300):
        assert there == f"« {here[1:-1]} »"


@pytest.mark.parametrize(
    ("here", "there"),
    [("+33 6 12 34", "+33 6 12 34"), ("1,234.56", "1 234,56"), ("£4,312", "4 312 £")],
)
def test_doubled_digits_stand_on_both_sides(here: str, there: str) -> None:
    shape, random = re.sub(r"\d", "0", here), Random(0)
    for _ in range(200):
        one, other = double(here, there, random)
        assert re.sub(r"\d", "0", one) == shape
        assert re.findall(r"\d", one) == re.findall(r"\d", other)
        assert re.sub(r"\d", "0", other) == re.sub(r"\d", "0", there)
        assert len(set(re.findall(r"\d", one))) <= len(set(re.findall(r"\d", here)))
        assert one[re.search(r"\d", one).start()] == here[re.search(r"\d", here).start()]  # type: ignore[union-attr]
    assert double("7 p.m.", "19 h", random) == ("7 p.m.", "19 h")


def test_several_are_listed_on_both_sides() -> None:
    random = Random(0)
    lists = [several("at", ("2 p.m.", "14 h"), random) for _ in range(200)]
    for here, there in lists:
        assert (here[:6], there[:4]) == ("2 p.m.", "14 h")
        assert here.count(", ") == there.count(", ")
        assert here.count(" and ") == there.count(" et ")
        assert 1 + here.count(", ") + 1 == len(re.findall(r"\d+ h", there)) <= 4
    assert {there.count(" h") for _, there in lists} == {2, 3, 4}


def test_no_frame_is_one_that_the_goals_are_counted_with() -> None:
    judged = {frame.replace("{}", "#") for frame in (*USES, *(frame for _, frame in NUMBERS))}
    assert not judged & {source for _, source, _ in read_rows("frames.tsv")}


def test_names_are_elided_before() -> None:
    found = dict(drawn(copies, 50_000))
    asked = [(one, other) for one, other in found.items() if one.startswith("I know that ")]
    vowels = [other for one, other in asked if one[12] in "AEIOUÉÁÍÅÖÓ"]
    assert len(vowels) > 20
    assert all(other.startswith("Je sais qu'") for other in vowels)
    assert all(
        other.startswith("Je sais que ") for one, other in asked if one[12] in "BCDFGJKLMNPRSTVZ"
    )


def test_participles_and_adjectives_agree() -> None:
    found = dict(drawn(agreement, 80_000))
    lost = [f for e, f in found.items() if re.match("The letters (that|which) I lost are", e)]
    assert lost
    for french in lost:
        assert french.startswith("Les lettres que j'ai perdues "), french
    sisters = [f for e, f in found.items() if e == "My sisters arrived."]
    assert sisters == ["Mes sœurs sont arrivées."]


def test_clauses_counts_and_lists_agree() -> None:
    found = drawn(clauses, 40_000)
    women = [f for e, f in found if e.startswith("The old women who")]
    assert len(women) > 10
    for french in women:
        assert re.match(r"Les vieilles femmes qui \w+(ent|nt) .* sont \w+(e|x|f)s\.$", french)
    counted = [m for _, f in found if (m := re.match(r".*\b(une?) \S+ sont (\S+?)(e?)s? ", f))]
    assert {(m[1], m[3]) for m in counted if m[2] != "mort"} == {("un", ""), ("une", "e")}
    ready = {e.split(" until ")[1]: f for e, f in found if e.endswith("until the nurse was ready.")}
    ends = {french.split(" jusqu'à ")[1] for french in ready.values()}
    assert ends == {"ce que l'infirmière soit prête."}
    pairs = [f for e, f in found if e.startswith("I have no cats or ")]
    assert pairs
    assert all(re.fullmatch(r"Je n'ai pas de chats ni (de |d')\S+( \S+)?\.", f) for f in pairs)


def test_it_is_the_one_that_can_be() -> None:
    """Who is tired crosses; what is wide is crossed."""
    found = [(e, f) for e, f in drawn(senses, 20_000) if "cross the" in e and " too " in e]
    tired = [f for e, f in found if e.startswith(("The cow ", "The goat ")) and "tired" in e]
    wide = [f for e, f in found if e.endswith("cross the bridge because it was too wide.")]
    assert len(tired) > 5
    assert all(french.endswith("parce qu'elle était trop fatiguée.") for french in tired)
    assert len(wide) > 5
    assert all(french.endswith("parce qu'il était trop large.") for french in wide)


def test_banks_of_rivers_and_of_money() -> None:
    found = dict(drawn(senses, 20_000))
    assert found["He walked along the river bank."] == "Il a marché le long de la rive."
    assert found["The bank opens at nine."] == "La banque ouvre à neuf heures."
    for english, french in found.items():
        if "river" in english and "bank" in english:
            assert "banque" not in french


def test_forms_of_the_verb() -> None:
    found: dict[str, set[str]] = {}
    for english, french in drawn(forms, 60_000):
        found.setdefault(english, set()).add(french)
    assert found["Don't close the door!"] == {
        "Ne ferme pas la porte !",
        "Ne fermez pas la porte !",
    }
    assert found["Nobody drinks coffee."] == {"Personne ne boit de café."}
    assert found["I have never sung."] == {"Je n'ai jamais chanté."}
    turned = [f for e in found if e.startswith("Does she ") for f in found[e] if "-t-elle " in f]
    assert "Chante-t-elle ?" in found["Does she sing?"]
    assert all(re.match(r"\w+[aeé]-t-elle ", french) for french in turned)
    assert found["Let's read this book."] == {"Lisons ce livre."}
    assert found["My sister no longer eats soup."] == {"Ma sœur ne mange plus de soupe."}
    assert found["They won't write a letter tomorrow."] == {"Ils n'écriront pas de lettre demain."}
