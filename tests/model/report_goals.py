"""What a translator loses of what is typed: `python -m tests.model.report_goals MODEL --data DIR`.

Names, numbers, capitals, and texts without an end, counted as the card tells them; some minutes.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

import headlight
from headlight.model import Model
from headlight.model.run.known_names import CITIES, MEN, SURNAMES, WOMEN
from headlight.model.tasks.augment.join import join
from headlight.model.tasks.augment.names import invent
from headlight.model.tasks.phrases.figures import figure, numeric_date, phone, price, time
from headlight.model.tasks.phrases.writing import email
from headlight.model.tasks.translate import read_pairs, score

LOOP = re.compile(r"(\b\w+\b)(\W+\1){3}|(\w)\3{4}")
USES = (
    "{} is a doctor.",
    "My friend {} lives in Spain.",
    "I know that {} is happy.",
    "{}'s brother is tall.",
)
NUMBERS = (
    (figure, "The answer is {}."),
    (figure, "He has read {} books."),
    (time, "We will leave at {}."),
    (price, "The dinner was {}."),
    (numeric_date, "The letter is from {}."),
    (phone, "Their phone number is {}."),
    (email, "You can write to {}."),
)


def lost_names(model: Model, n: int, random: Random) -> list[str]:
    """Of `n` uses of names, half of people nobody has heard of, a quarter with a vowel first."""
    asked: list[tuple[str, str]] = []
    while len(asked) < n:
        vowel = len(asked) % 4 == 0
        pool = (*MEN, *WOMEN, *SURNAMES, *CITIES)
        name = invent(random) if random.random() < 0.5 else random.choice(pool)
        if vowel == (name[0] in "AEIOUÉ"):
            asked.append((name, random.choice(USES).format(name)))
    outputs = model.translate([source for _, source in asked])
    return [out for (name, _), out in zip(asked, outputs, strict=True) if name not in out]


def wrong_numbers(model: Model, n: int, random: Random) -> list[str]:
    """Of `n` numbers, times, prices, dates and addresses in figures."""
    asked = []
    for i in range(n):
        maker, frame = NUMBERS[i % len(NUMBERS)]
        here, there = maker(random)
        asked.append((here, there, frame.format(here).replace("m..", "m.")))
    outputs = model.translate([source for *_, source in asked])
    return [
        f"{source} → {out}"
        for (here, there, source), out in zip(asked, outputs, strict=True)
        if not any(form in out for form in (here, there, there.replace(" ", "")))
    ]


def endless(model: Model, texts: Sequence[str]) -> int:
    """How many do not end, or go in circles."""
    sources = [model.read(text) for text in texts]
    return sum(
        not one.finished or bool(LOOP.search(model.write(one.ids, sources[i]).text))
        for i, one in model.decode_many(sources)
    )


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.model.report_goals", description=__doc__)
    parser.add_argument("model", nargs="?", default="translate-en-fr", help="a slug or a folder")
    parser.add_argument("--data", type=Path, help="folder with the corpora")
    parser.add_argument("--n", type=int, default=2_000, help="uses of names, and numbers")
    options = parser.parse_args(argv)
    model, random = headlight.load(str(options.model)), Random(20)
    for what, found in (
        ("names", lost_names(model, options.n, random)),
        ("numbers", wrong_numbers(model, options.n, random)),
    ):
        print(f"{len(found)} of {options.n} {what} are lost: {found[:20]}")
    dev: dict[str, list[str]] = {}
    pairs = read_pairs(options.data, "dev")
    for english, french in pairs:
        dev.setdefault(english, []).append(french)
    some = list(dev)[: options.n]
    references = [dev[text] for text in some]
    for case, change in (("sentence case", str), ("capitals", str.upper), ("small", str.lower)):
        outputs = model.translate([change(text) for text in some])
        print(f"{case:14} {score(outputs, references)['bleu']:.2f} BLEU")
    print(f"{endless(model, some)} of {len(some)} of dev do not end, or loop")
    long = [join(pairs, random)[0] for _ in range(400)]
    long = [text for text in long if 30 <= len(text.split()) <= 60]
    print(f"{endless(model, long)} of {len(long)} texts of 30 to 60 words do not end, or loop")


if __name__ == "__main__":
    main()
