from __future__ import annotations

from collections import Counter
from random import Random

from headlight.model.tasks.augment.careless import type_carelessly

Pair = tuple[str, str]


def variants(pair: Pair, n: int = 10_000) -> Counter[Pair]:
    random = Random(0)
    return Counter(type_carelessly(pair, random) for _ in range(n))


def test_a_missing_full_stop_is_missing_in_both() -> None:
    found = variants(("I don't know where it is.", "Je ne sais pas où c'est."))
    assert found[("I don't know where it is", "Je ne sais pas où c'est")] > 200
    assert found[("i don't know where it is.", "Je ne sais pas où c'est.")] > 200
    assert found[("i dont know where it is.", "Je ne sais pas où c'est.")] > 40
    assert found[("I DON'T KNOW WHERE IT IS.", "Je ne sais pas où c'est.")] > 70


def test_a_question_keeps_its_mark_in_french() -> None:
    found = variants(("Is it here?", "Est-ce ici ?"))
    assert found[("is it here", "Est-ce ici ?")] > 100
    assert all(target == "Est-ce ici ?" for _, target in found)


def test_short_texts_are_often_typed_carelessly() -> None:
    found = variants(("Hello!", "Bonjour !"))
    assert found[("hello", "Bonjour")] > 400
    assert found[("Hello!", "Bonjour !")] > 5_000
