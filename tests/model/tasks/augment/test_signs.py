from __future__ import annotations

from random import Random

from headlight.model.tasks.augment.signs import STRANGERS, put_signs

Pair = tuple[str, str]


def variants(pair: Pair, n: int = 2_000) -> set[Pair]:
    random = Random(0)
    return {put_signs(pair, random) for _ in range(n)}


def signs(text: str) -> list[str]:
    return [sign for sign in STRANGERS for _ in range(text.count(sign))]


def test_both_sides_have_the_same_signs() -> None:
    found = variants(("Tom gave Mary a book.", "Tom a donné un livre à Marie."))
    for source, target in found:
        assert signs(source)
        assert signs(source) == signs(target)
    assert {len(signs(source)) for source, _ in found} == {1, 2, 3}


def test_a_sign_stands_for_a_noun() -> None:
    found = variants(("The cat sleeps.", "Le chat dort."))
    assert {(f"The {sign} sleeps.", f"Le {sign} dort.") for sign in STRANGERS} <= found


def test_signs_stand_around_and_before_the_full_stop() -> None:
    found = variants(("It rains.", "Il pleut."))
    for sign in STRANGERS:
        assert (f"{sign} It rains.", f"{sign} Il pleut.") in found
        assert (f"It rains. {sign}", f"Il pleut. {sign}") in found
        assert (f"It rains {sign}.", f"Il pleut {sign}.") in found
    assert all(source == source.strip() for source, _ in found)
