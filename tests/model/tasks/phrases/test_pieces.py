"""Names made of a vocabulary's pieces: any piece may stand in one, and both sides have it alike."""

from __future__ import annotations

import re
from random import Random

import pytest

from headlight.model.checkpoints.folder import CHECKPOINTS, TOKENIZER
from headlight.model.run.tokenizer import Tokenizer
from headlight.model.tasks.phrases.pieces import Pieces


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(Tokenizer.from_file(CHECKPOINTS / "translate-en-fr" / TOKENIZER))


def test_every_kind_of_piece_is_known(pieces: Pieces) -> None:
    assert set("ABCDEFGHIJKLMNOPRSTUVWYZ") <= set(pieces.letters) <= set(pieces.capitals)
    assert {"Tom", "Paris"} <= set(pieces.capitals)
    assert {"young", "jeune"} <= set(pieces.words)
    assert "ing" in pieces.inside
    for piece in (*pieces.capitals, *pieces.words, *pieces.inside):
        assert piece.isalpha()


def test_names_and_addresses_stand_on_both_sides(pieces: Pieces) -> None:
    random, begun = Random(0), set[str]()
    for _ in range(2_000):
        source, target = pieces.phrase(random)
        if "@" in source:
            found = re.search(r"\S+@\S*\w", source)
            assert found is not None
            assert found[0] in target or found[0].capitalize() in target
        else:
            names = [word for word in re.findall(r"\w+", source) if word in target]
            begun |= {name[0] for name in names if name[0].isupper()}
    assert len(begun) > 20


def test_a_name_has_at_least_two_pieces(pieces: Pieces) -> None:
    """One alone would be a word: "The is a doctor."."""
    random = Random(0)
    for _ in range(500):
        name = pieces.name(random)
        beginnings = [one for one in pieces.capitals if name.startswith(one) and name != one]
        assert beginnings
        assert name[0].isupper()
        assert name[1:].islower()


def test_the_e_of_que_is_lost_before_a_vowel(pieces: Pieces) -> None:
    random = Random(1)
    found = [pieces.phrase(random) for _ in range(20_000)]
    said = [(e, f) for e, f in found if e.startswith("I know that ")]
    assert any(e[12] in "AEIOU" for e, _ in said)
    for english, french in said:
        assert french.startswith(
            "Je sais qu'" if english[12] in "AEIOUÀÂÉÈÊÎÔÛŒ" else "Je sais que "
        )
