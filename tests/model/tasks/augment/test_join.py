from __future__ import annotations

from random import Random

from headlight.model.tasks.augment.join import WORDS, join

PAIRS = [
    ("He sleeps.", "Il dort."),
    ("Where is it?", "Où est-ce ?"),
    ("The cat eats a fish.", "Le chat mange un poisson."),
    ("Tom is here.", "Tom est là."),
]


def test_long_texts_say_the_same_on_both_sides() -> None:
    random = Random(0)
    lengths, whole = [], 0
    for _ in range(400):
        source, target = join(PAIRS, random)
        lengths.append(len(source.split()))
        for english, french in PAIRS:
            bare, nu = english[1:].rstrip(".?"), french[1:].rstrip(" .?")
            assert source.count(bare) == target.count(nu) > -1
        assert source[-1] == target[-1]
        whole += source.count(".") + source.count("?") == 1
    assert min(lengths) >= WORDS[0]
    assert WORDS[1] - 3 <= max(lengths) <= WORDS[1] + 6
    assert whole > 5, "no text of one sentence"


def test_a_sentence_goes_on_in_small_letters_but_for_names() -> None:
    random = Random(1)
    texts = [join(PAIRS, random) for _ in range(300)]
    assert any(", and he sleeps" in source and " et il dort" in target for source, target in texts)
    assert not any("tom" in source or "and Tom" in source for source, _ in texts)
