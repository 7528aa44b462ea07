from __future__ import annotations

from collections import Counter
from random import Random

from headlight.model.tasks.augment import reword, vary
from headlight.model.tasks.augment.signs import STRANGERS

PAIR = ("Tom gave Mary a book.", "Tom a donné un livre à Marie.")
PLAIN = ("It rains in winter.", "Il pleut en hiver.")


def varied(pair: tuple[str, str], n: int = 5_000) -> Counter[tuple[str, str]]:
    """How often each variant comes out."""
    random = Random(0)
    return Counter(vary(pair, random) for _ in range(n))


def test_many_pairs_stay_as_they_are() -> None:
    assert 0.25 < varied(PAIR)[PAIR] / 5_000 < 0.45
    assert varied(PLAIN)[PLAIN] / 5_000 > 0.85


def test_the_vocabulary_is_learnt_from_names_and_numbers_without_signs() -> None:
    random = Random(0)
    found = {reword(PAIR, random) for _ in range(2_000)}
    assert len(found) > 500
    assert all(source[0].isalpha() and source.endswith(".") for source, _ in found)
    assert not any(sign in source for source, _ in found for sign in STRANGERS)


def test_every_kind_of_change_happens() -> None:
    found = varied(PAIR)
    assert any("Tom" not in source and source[0].isupper() for source, _ in found)
    assert any("tom" in source for source, _ in found)
    assert any("TOM" in source for source, _ in found)
    assert any(not source[0].isascii() for source, _ in found)
    he = varied(("He has two cats.", "Il a deux chats."))
    assert any("Il" not in target and "chat" in target for _, target in he)
    assert any("seven" in source and "sept" in target for source, target in he)


def test_the_seed_decides() -> None:
    assert varied(PAIR, 500) == varied(PAIR, 500)
