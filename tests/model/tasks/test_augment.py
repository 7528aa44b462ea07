from __future__ import annotations

from collections import Counter
from random import Random

from model.tasks.augment import MEN, STRANGERS, WOMEN, vary

PAIR = ("Tom gave Mary a book.", "Tom a donné un livre à Marie.")


def varied(pair: tuple[str, str], n: int = 20_000) -> Counter[tuple[str, str]]:
    """How often each variant comes out."""
    random = Random(0)
    return Counter(vary(pair, random) for _ in range(n))


def test_most_pairs_stay_as_they_are() -> None:
    assert 0.68 < varied(PAIR)[PAIR] / 20_000 < 0.75
    plain = ("It rains.", "Il pleut.")
    assert varied(plain)[plain] / 20_000 > 0.94


def test_names_change_on_both_sides_alike() -> None:
    known = {"Tom", *MEN}, {"Mary", *WOMEN}
    made_up = 0
    for source, target in varied(PAIR):
        words = source.rstrip(".").split()
        if source == PAIR[0] or any(sign in source for sign in STRANGERS):
            continue
        if source == source.lower():  # typed carelessly: the source only
            continue
        man, woman = words[0], words[2].replace("Mary", "Marie")
        assert target.rstrip(".") == f"{man} a donné un livre à {woman}"
        made_up += man not in known[0]
    assert made_up > 100


def test_a_name_on_one_side_only_stays() -> None:
    pair = ("Tom sleeps", "Il dort")
    assert {target for _, target in varied(pair)} <= {
        "Il dort",
        *(f"Il dort {sign}" for sign in STRANGERS),
        *(f"{sign} Il dort" for sign in STRANGERS),
    }
    assert all("tom" in s.lower() for s, _ in varied(pair))


def test_unknown_signs_stand_on_both_sides() -> None:
    found = [pair for pair in varied(PAIR) if any(sign in pair[0] for sign in STRANGERS)]
    assert len(found) > 20
    for source, target in found:
        assert [s for s in STRANGERS if s in source] == [s for s in STRANGERS if s in target]


def test_a_missing_full_stop_is_missing_in_both() -> None:
    without = (PAIR[0][:-1], PAIR[1][:-1])
    question = ("Is it here?", "Est-ce ici ?")
    assert varied(PAIR)[without] > 100
    assert varied(question)[("Is it here", "Est-ce ici")] > 100
    assert varied(question)[("is it here?", "Est-ce ici ?")] > 100


def test_the_seed_decides() -> None:
    assert varied(PAIR, 500) == varied(PAIR, 500)
