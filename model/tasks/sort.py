"""Numbers in ascending order: each answer has to find the next larger one."""

from __future__ import annotations

from random import Random

from .base import Example, Links, Recipe
from .items import LONGEST, SHORTEST, ItemsTask

LARGEST = 99


class Sort(ItemsTask):
    """`30 7 7 12` becomes `7 7 12 30`."""

    slug = "sort"
    title = "Sort numbers"
    items = tuple(str(n) for n in range(LARGEST + 1))
    item = f"a whole number 0–{LARGEST}"
    doing = "Sorting …"
    accepts = (
        f"{SHORTEST} to {LONGEST} whole numbers 0–{LARGEST} separated by spaces, such as “30 7 12”"
    )
    examples = (
        Example(
            "42 7 99 0 23 64",
            "Cross-attention jumps to the next larger number, wherever it is.",
            changed="42 7 99 0 53 64",
        ),
        Example(
            "5 5 5 2 2 9",
            "Duplicates: which of the equal numbers does a row look at?",
            changed="5 5 2 2 2 9",
        ),
        Example(
            "1 2 3 4 5 6 7 8",
            "Sorted already: compare with the same numbers mixed up.",
            changed="1 2 3 9 5 6 7 8",
        ),
        Example(
            "8 7 6 5 4 3 2 1",
            "In reverse: the same output, from other places.",
            changed="8 7 6 5 9 3 2 1",
        ),
        Example(
            "50 51 49 52 48", "Close values: are their keys close too?", changed="50 51 49 53 48"
        ),
    )
    dropout = 0.0  # equal numbers have to be counted, and pairs are made as they are needed
    recipe = Recipe(steps=4_000, batch=128, peak_rate=2e-3, muon=True, evaluate_every=250)

    def pair(self, random: Random) -> tuple[str, str]:
        """Half of the inputs from a narrow range, where duplicates and close values are common."""
        low, high = 0, LARGEST
        if random.random() < 0.5:
            low = random.randint(0, LARGEST - 10)
            high = random.randint(low + 1, LARGEST)
        numbers = [random.randint(low, high) for _ in range(random.randint(SHORTEST, LONGEST))]
        return " ".join(map(str, numbers)), " ".join(map(str, sorted(numbers)))

    def align(self, source: str, target: str) -> Links:
        """A target number comes from every source number of the same value."""
        sources, targets = source.split(), target.split()
        pairs = zip(targets, sorted(sources, key=int), strict=False)
        right = [(i, t) for i, (t, answer) in enumerate(pairs) if t == answer]
        return frozenset((i, j) for i, t in right for j, s in enumerate(sources) if s == t)
