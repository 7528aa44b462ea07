"""Letters in reverse order: the plainest alignment there is, an anti-diagonal."""

from __future__ import annotations

import string
from random import Random

from .base import Example, Links, Recipe
from .items import LONGEST, SHORTEST, ItemsTask


class Reverse(ItemsTask):
    """`c a b` becomes `b a c`."""

    slug = "reverse"
    title = "Reverse letters"
    items = tuple(string.ascii_lowercase)
    item = "a single letter a–z"
    doing = "Reversing …"
    accepts = f"{SHORTEST} to {LONGEST} letters a–z separated by spaces, such as “c a b”"
    examples = (
        Example(
            "h e a d l i g h t",
            "In cross-attention one head runs along the anti-diagonal.",
            changed="h e a d l i n e s",
        ),
        Example(
            "a b c d e f g h",
            "No letter repeats: every row has one place to look at.",
            changed="a b c d x f g h",
        ),
        Example(
            "a a b a a", "Repeated letters can only be told apart by position.", changed="a a c a a"
        ),
        Example("x y", "The shortest input: two letters and the end token.", changed="x z"),
        Example(
            "q w e r t y u i o p a s d f g h",
            "The longest input: is each row still sharp?",
            changed="q w e r t z u i o p a s d f g h",
        ),
    )
    recipe = Recipe(steps=2_500, batch=128, peak_rate=2e-3, evaluate_every=250)

    def pair(self, random: Random) -> tuple[str, str]:
        """Every length is equally likely; letters may repeat."""
        letters = random.choices(string.ascii_lowercase, k=random.randint(SHORTEST, LONGEST))
        return " ".join(letters), " ".join(reversed(letters))

    def align(self, source: str, target: str) -> Links:
        """Target letter i comes from source letter n - 1 - i; a wrong letter from nowhere."""
        n, right = len(source.split()), reversed(source.split())
        pairs = zip(target.split(), right, strict=False)
        return frozenset((i, n - 1 - i) for i, (letter, own) in enumerate(pairs) if letter == own)
