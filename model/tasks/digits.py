"""What the two tasks on digits share: their words, their files, and how strips and rows grow."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..run.sources import Picture, Sound
from ..run.tokenizer import Tokenizer, whole_words
from ..run.trace import Array
from .base import Batch, Decode, Links, Task, TrainingData, matrix, share_equal

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DEFAULT_DATA, FOLDER = Path("../shared/data"), "digits"

Made = tuple[Picture | Sound, str]
"""A source and its answer."""


def read_file(data: Path | None, name: str, origin: str) -> dict[str, Array]:
    """The arrays of one of the files with digits.

    Raises:
        ValueError: the file is not there; says where the public original is.
    """
    path = (data or DEFAULT_DATA) / FOLDER / name
    if not path.is_file():
        raise ValueError(
            f"{path} does not exist. Name the folder that holds {FOLDER}/ with --data; the digits "
            f"come from {origin}."
        )
    with np.load(path, allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}


class DigitsTask(Task):
    """Digits in a row, drawn or spoken, to their names."""

    def tokenizer(self, data: Path | None = None) -> Tokenizer:
        """One token a digit."""
        return whole_words(WORDS)

    def align(self, source: str, target: str) -> Links | None:
        """Not known from words alone; sources that were made know where their digits stand."""
        return None


class DigitsData(TrainingData):
    """Fresh rows for every step: one digit at first, then more and more, up to the task's most.

    Attention that begins with long rows does not find out where to look.
    """

    most: int
    alone: int
    grown: int
    digits: int

    def __init__(self, tokenizer: Tokenizer, seed: int) -> None:
        self.tokenizer, self.seed = tokenizer, seed

    @abstractmethod
    def make(self, sizes: Sequence[int], random: np.random.Generator, held_out: bool) -> list[Made]:
        """A row of each size, of digits that training sees or of those that are held out."""

    @abstractmethod
    def frames(self, sources: Sequence[Picture | Sound]) -> tuple[Array, Array]:
        """What the network takes of sources: [B, H, W] and the lengths [B]."""

    def sizes(self, step: int, random: np.random.Generator) -> list[int]:
        """How many digits in each row of a batch: rows of about one length, to waste no padding."""
        share = (step - self.alone) / (self.grown - self.alone)
        most = min(max(1, 1 + int(share * self.most)), self.most)
        about, found = int(random.integers(1, most + 1)), list[int]()
        while sum(found) < self.digits:
            found.append(min(max(1, about + int(random.integers(-1, 2))), most))
        return found

    def batch(self, step: int) -> Batch:
        """Rows with about `digits` digits in all, drawn anew at every step."""
        random = np.random.default_rng((self.seed, step))
        made = self.make(self.sizes(step, random), random, held_out=False)
        values, lengths = self.frames([source for source, _ in made])
        targets = self.tokenizer.encode_ids([answer for _, answer in made])
        return Batch(
            src=values,
            tgt_in=matrix([[1, *ids] for ids in targets]),
            tgt_out=matrix([[*ids, 2] for ids in targets]),
            src_lengths=lengths,
        )

    def held_out(self, n: int, seed: int = 900_000) -> list[Made]:
        """`n` rows of every size in turn, of digits that training never sees."""
        random = np.random.default_rng(seed)
        return self.make([1 + i % self.most for i in range(n)], random, held_out=True)

    def evaluate(self, decode: Decode) -> dict[str, float]:
        """Share of 200 held-out rows that are read exactly, from the first digit to the last."""
        return {"exact": self.exact(decode, 200)}

    def exact(self, decode: Decode, n: int, seed: int = 900_000) -> float:
        """Share in [0, 1] of `n` held-out rows that are read exactly."""
        sources, answers = zip(*self.held_out(n, seed), strict=True)
        return share_equal(decode(list(sources)), answers)
