"""What the two tasks on digits share: their words, their files, and how rows of digits grow.

All digits stand in two files of a folder `digits`, n of them in each:

- `drawn-digits.npz`: `images` uint8 [n, 28, 28], 0 the ground and 255 the ink, `labels` [n];
- `spoken-digits.npz`: `audio` int16, one recording after the other, `ends` [n] where each ends,
  `digits`, `speakers` and `indices` [n], and `rate` in samples a second.

`more-drawn-digits.npz` and `more-spoken-digits.npz`, of the same arrays but `indices`, may stand
beside them (`more_drawn.py` and `more_spoken.py` make them). They are for training alone, and
`test-drawn-digits.npz` for measuring alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TypeAlias

import numpy as np
from torch import Tensor

from ..network.source import Source
from ..paths import ASSETS
from ..run.arrays import Array
from ..run.reading import columns_of
from ..run.sources import AnySource, Marks, Picture, Sound
from ..run.tokenizer import Tokenizer
from ..run.trace import Trace
from ..run.vocabularies import whole_words
from .base import Batch, Decode, Links, SyntheticTask, TrainingData, matrix, share_equal

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DEFAULT_DATA, FOLDER = Path("../shared/data"), "digits"
DRAWN, SPOKEN = "drawn-digits.npz", "spoken-digits.npz"
MORE, TEST = "more-", "test-"
SHIPPED = ASSETS / "digits"
"""Some of the digits that training does not see, for examples and for measuring heads."""

REPEATS = 0.15
"""Chance, in training, that a digit is made to be that before it; one in ten is so anyway."""

Made: TypeAlias = tuple[Picture | Sound, str]
"""A source that knows where its digits stand, and its answer."""


class Maker(ABC):
    """Digits to make rows of."""

    @abstractmethod
    def make(
        self, sizes: Sequence[int], random: np.random.Generator, calm: bool = False
    ) -> list[Made]:
        """A row of each size.

        Args:
            calm: vary them less than in training, for measuring.
        """

    @abstractmethod
    def singles(self) -> list[Made]:
        """Each digit once, by itself, as it was stored."""


class DigitsTask(SyntheticTask):
    """Digits in a row, drawn or spoken, to their names.

    Attributes:
        most: digits of a row.
    """

    most: int
    large = True

    @cached_property
    @abstractmethod
    def shipped(self) -> Maker:
        """The digits that come with the project."""

    @abstractmethod
    def makers(self, data: Path | None) -> tuple[Maker, Maker]:
        """The digits to learn from, and those that training never sees.

        Raises:
            ValueError: the file with all digits is not there.
        """

    def test_part(self, data: Path) -> Maker | None:
        """Digits that all who use the data set measure on; None where there are none here."""
        return None

    def tokenizer(self, data: Path | None = None) -> Tokenizer:
        """One token a digit."""
        return whole_words(WORDS)

    def check(self, text: str) -> None:
        """Nothing to check: pictures and sounds are read as they are."""

    def pair(self, random: Random) -> tuple[AnySource, str]:
        """Every number of digits is equally likely."""
        seeded = np.random.default_rng(random.getrandbits(64))
        return self.shipped.make([random.randint(1, self.most)], seeded, calm=True)[0]

    def answer(self, source: AnySource) -> str:
        """The names of the digits on a source that was made here; empty for any other."""
        marks = None if isinstance(source, str) else source.marks
        return " ".join(name for _, _, name in marks or ())

    def align_trace(self, trace: Trace) -> Links | None:
        """A written digit comes from all positions on which that digit stands, where it is known.

        A wrong digit comes from nowhere.
        """
        source = trace.src.source
        if source is None or source.marks is None:
            return None
        links = set()
        written = trace.output_text.split()
        for i, (word, (start, end, name)) in enumerate(zip(written, source.marks, strict=False)):
            if word == name:
                links |= {
                    (i, at)
                    for at, (first, last) in enumerate(trace.src.places)
                    if start < (first + last) / 2 < end
                }
        return frozenset(links)


class DigitsData(TrainingData):
    """Fresh rows for every step: one digit at first, then more and more, up to the task's most.

    Attention that begins with long rows does not find out where to look. Rows are made for a round
    of steps at once, and each step gets rows of about one length: mixed at random, half of a batch
    would be padding.

    Args:
        alone, grown: the step up to which rows are of one digit, and from which they are of any
            number.
    """

    ROUND = 8
    """Steps whose rows are made together."""

    SINGLE = 0.0
    """Share of the rows that are single digits however far the others have grown."""

    def __init__(
        self,
        task: DigitsTask,
        tokenizer: Tokenizer,
        seed: int,
        makers: tuple[Maker, Maker],
        alone: int,
        grown: int,
    ) -> None:
        self.task, self.tokenizer, self.seed = task, tokenizer, seed
        self.seen, self.held_out = makers
        self.alone, self.grown = alone, grown
        self._round, self._batches = -1, list[Batch]()

    def sizes(self, step: int, random: np.random.Generator) -> list[int]:
        """How many digits there are in each row of a round that begins at this step."""
        share = (step - self.alone) / (self.grown - self.alone)
        most = min(max(1, 1 + int(share * self.task.most)), self.task.most)
        found = list[int]()
        while sum(found) < self.ROUND * self.task.recipe.batch:
            single = self.SINGLE > 0 and random.random() < self.SINGLE
            found.append(1 if single else int(random.integers(1, most + 1)))
        return found

    def columns(
        self, made: Sequence[Made], random: np.random.Generator
    ) -> list[tuple[Tensor, Marks]]:
        """What the network is trained on for each row, and between which of these columns each of
        its digits stands.
        """
        return [(columns_of(source), source.marks or ()) for source, _ in made]

    def batch(self, step: int) -> Batch:
        """Rows with about `recipe.batch` digits in all, drawn anew at every step."""
        if self._round != step // self.ROUND:
            self._round = step // self.ROUND
            self._batches = self._made(self._round * self.ROUND)
        return self._batches[step % self.ROUND]

    def _made(self, step: int) -> list[Batch]:
        """The batches of the round that begins at this step."""
        random = np.random.default_rng((self.seed, step))
        sizes = self.sizes(step, random)
        made = self.seen.make(sizes, random)
        columns = self.columns(made, random)
        by_width = np.argsort([one.size(1) for one, _ in columns], kind="stable")
        before = np.cumsum(np.array(sizes)[by_width]) - np.array(sizes)[by_width]
        parts = np.searchsorted(before, np.arange(1, self.ROUND) * self.task.recipe.batch)
        batches = [
            self._batch([columns[i] for i in part], [made[i] for i in part])
            for part in np.split(by_width, parts)
        ]
        return [batches[i] for i in random.permutation(self.ROUND)]

    def _batch(self, columns: list[tuple[Tensor, Marks]], made: list[Made]) -> Batch:
        source = Source.stack([one for one, _ in columns])
        targets = self.tokenizer.encode_ids([answer for _, answer in made])
        assert source.lengths is not None
        return Batch(
            src=source.values.numpy(),
            tgt_in=matrix([[1, *ids] for ids in targets]),
            tgt_out=matrix([[*ids, 2] for ids in targets]),
            src_lengths=source.lengths.numpy(),
            src_labels=self.labels(columns),
        )

    def labels(self, columns: Sequence[tuple[Tensor, Marks]]) -> Array:
        """[B, S, 2]: the digit + 1 and its place from 1 on where a position's middle stands on one,
        0 where none does, -1 behind the end of a row.
        """
        front = self.task.config(len(self.tokenizer)).front
        assert front is not None
        per = front.columns
        widths = np.array([one.size(1) for one, _ in columns])
        middles = np.arange(0, widths.max(), per) + per / 2
        found = np.zeros((len(columns), len(middles), 2), np.int64)
        for row, (_, marks) in zip(found, columns, strict=True):
            for place, (start, end, name) in enumerate(marks, 1):
                row[(start < middles) & (middles < end)] = WORDS.index(name) + 1, place
        found[middles[None] - per / 2 >= widths[:, None]] = -1
        return found

    def evaluate(self, decode: Decode) -> dict[str, float]:
        """Share of 200 rows of held-out digits that are read exactly, from first to last."""
        return {"exact": self.exact(decode, 200)}

    def exact(self, decode: Decode, n: int, seed: int = 900_000) -> float:
        """Share in [0, 1] of `n` rows of held-out digits that are read exactly; sizes in turn."""
        sizes = [1 + i % self.task.most for i in range(n)]
        made = self.held_out.make(sizes, np.random.default_rng(seed), calm=True)
        sources, answers = zip(*made, strict=True)
        return share_equal(decode(list(sources)), answers)


def with_repeats(
    chosen: Array, pool: Array, labels: Array, random: np.random.Generator
) -> list[int]:
    """A row in which more digits stand twice side by side, the second drawn from the pool.

    Attention finds these hardest to tell apart, and leaves one out: rows drawn at random have too
    few of them to learn from.

    Args:
        chosen, pool: numbers of images or recordings.
        labels: the digit of each number.
    """
    row = chosen.tolist()
    for i in range(1, len(row)):
        if random.random() < REPEATS:
            row[i] = int(random.choice(pool[labels[pool] == labels[row[i - 1]]]))
    return row


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
    return read_arrays(path)


def read_beside(data: Path | None, name: str) -> list[dict[str, Array]]:
    """The arrays of a file that may stand beside the others; nothing where it does not."""
    path = (data or DEFAULT_DATA) / FOLDER / name
    return [read_arrays(path)] if path.is_file() else []


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of a `.npz` by name; no pickle is read."""
    with np.load(path, allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}
