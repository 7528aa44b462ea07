"""Names and addresses put together from a vocabulary's own pieces, to be copied piece by piece.

Names of people use a few hundred pieces often and the rest hardly ever; those a model then takes
for the words that they are elsewhere ("mark" of "Denmark", "I"), or does not write at all.
"""

from __future__ import annotations

from random import Random

from ...run.tokenizer import SPACE, Tokenizer
from ..augment.names import elide
from .copies import FRAMES
from .grammar import sentence
from .writing import ENDS

Pair = tuple[str, str]


class Pieces:
    """The letters-only pieces of a vocabulary, each as likely as the others.

    Args:
        tokenizer: sub-words.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        pieces = [tokenizer.piece(i) for i in range(4, len(tokenizer))]
        first = [p.removeprefix(SPACE) for p in pieces if p.startswith(SPACE)]
        self.capitals = [p for p in first if p.isalpha() and p.istitle()]
        self.letters = [p for p in self.capitals if len(p) == 1]
        self.words = [p for p in first if p.isalpha() and p.islower()]
        self.inside = [p for p in pieces if p.isalpha() and p.islower()]

    def name(self, random: Random) -> str:
        """A beginning, one in three of a single letter, and one to three pieces behind it."""
        few = random.random() < 1 / 3
        return random.choice(self.letters if few else self.capitals) + self._end(random)

    def address(self, random: Random) -> str:
        """An e-mail address of words and pieces."""
        one, two = self._handle(random), self._handle(random)
        handle = random.choice((one, one, f"{one}.{two}", f"{one}_{two}", f"{one}-{two}"))
        if random.random() < 0.25:
            handle += random.choice(("", "_")) + str(random.randint(1, 2020))
        return f"{handle}@{self._end(random)}.{random.choice(ENDS.split())}"

    def phrase(self, random: Random) -> Pair:
        """A sentence with one of the two."""
        kind, make = random.choice((("named", self.name), ("email", self.address)))
        shown = make(random)
        source, target = random.choice(FRAMES[kind])
        source, target = source.replace("#", shown), target.replace("#", shown)
        if kind == "named":
            target = elide(target, shown)
        return sentence(source), sentence(target)

    def _handle(self, random: Random) -> str:
        if random.random() < 0.5:
            return random.choice(self.words)
        return random.choice(self.words) + self._end(random)

    def _end(self, random: Random) -> str:
        parts = [random.choice(self.inside) for _ in range(random.choice((1, 1, 2, 2, 3)))]
        if random.random() < 0.25:
            parts.append(parts[-1])
        return "".join(parts)
