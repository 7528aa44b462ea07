"""What a task is: the text it takes, examples, training pairs, and the true alignment."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np

from ..network.config import ModelConfig
from ..run.arrays import Array
from ..run.sources import AnySource, Picture, Sound
from ..run.tokenizer import Tokenizer
from ..run.trace import Trace

Links = frozenset[tuple[int, int]]
"""Alignment links (target token, source token), counted from zero, control tokens left out."""

Decode = Callable[[list[Any]], list[str]]
"""Decodes a batch of sources greedily."""


class Shows(NamedTuple):
    """A cell that an example is about, named by words.

    Args:
        kind: of attention.
        row: the word that the row writes (`cross`, `decoder_self`) or reads (`encoder_self`).
        column: the word that it looks at, of the source or (`decoder_self`) of the answer.
    """

    kind: str
    row: str
    column: str


@dataclass(frozen=True)
class Example:
    """A source text worth a look, and one line that says what to look for.

    `shows` names the cells in which it can be seen, all of one kind; the page opens the head that
    has its weight there, and says the line only where such a head exists. Empty where the line is
    about the true alignment of the task.

    `changed` is the same text with one thing changed, of as many tokens, for patching.

    Where the source is no text, it is `given`, and `text` the name that it goes by.
    """

    text: str
    note: str
    shows: tuple[Shows, ...] = ()
    given: Picture | Sound | None = None
    changed: str = ""

    @property
    def source(self) -> AnySource:
        """What a model reads."""
        return self.text if self.given is None else self.given


@dataclass(frozen=True)
class Recipe:
    """How a task is trained by default.

    Args:
        steps: updates of the weights.
        batch: size of a batch: pairs, or target tokens where the task says so.
        peak_rate: highest learning rate, reached after `warmup` steps.
        decay: share of the steps over which the rate goes down to zero, at the end.
        muon: the layers' matrices are updated by Muon, the rest by AdamW; else all by AdamW.
        smoothing: label smoothing, in [0, 1).
        weight_decay: on matrices only.
        ema: decay a step of the averaged weights, which are what is shipped.
        evaluate_every: steps between two measurements on held-out pairs.
        snapshots: steps whose weights are kept; 12 at roughly equal ratios when empty.
        labels: kinds of each label that a batch has of its source positions (`Batch.src_labels`):
            what the encoder is taught beside the decoder's words.
    """

    steps: int
    batch: int
    peak_rate: float = 1e-3
    warmup: int = 200
    decay: float = 0.4
    muon: bool = False
    smoothing: float = 0.0
    weight_decay: float = 0.01
    ema: float = 0.99
    evaluate_every: int = 500
    snapshots: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()


@dataclass(frozen=True)
class Batch:
    """Padded ids: `src` [B, S] ends in `<eos>`; `tgt_in`, `tgt_out` [B, T] are shifted by one.

    Where the source is no text, `src` holds columns [B, H, W] and `src_lengths` [B] their numbers.
    `src_labels` [B, S, K] are K labels of each position that the encoder gives, -1 behind the end
    of a source; training only.
    """

    src: Array
    tgt_in: Array
    tgt_out: Array
    src_lengths: Array | None = None
    src_labels: Array | None = None


class TrainingData(ABC):
    """Batches by step number, so that a resumed run sees what an unbroken one would have seen.

    Attributes:
        settings: what else makes the batches what they are, besides recipe and seed.
    """

    settings: Mapping[str, Any] = {}

    @abstractmethod
    def batch(self, step: int) -> Batch:
        """The batch of a step: the same for the same seed and step, always."""

    @abstractmethod
    def evaluate(self, decode: Decode) -> dict[str, float]:
        """Measures of quality on held-out pairs, by name, the leading one first."""


class Task(ABC):
    """One thing to learn. Everything that differs between tasks is here.

    Attributes:
        slug: name of the checkpoint folder and in addresses.
        title: name on screen.
        doing: what the page says while the model runs.
        accepts: a sentence that says which texts are taken.
        examples: texts worth a look, the first one is shown at the start.
        recipe: how it is trained.
        large: its models are too large to ship with the weights of their snapshots.
        longest: about how many tokens, `<eos>` included, the longest sources of its training have;
            None where that is not said. Longer ones are read, and come out worse.
    """

    slug: str
    title: str
    doing: str = "Running the model …"
    accepts: str
    examples: tuple[Example, ...]
    recipe: Recipe
    large: bool = False
    longest: int | None = None

    @abstractmethod
    def config(self, d_vocab: int) -> ModelConfig:
        """The shape of the shipped model."""

    @abstractmethod
    def tokenizer(self, data: Path | None = None) -> Tokenizer:
        """The vocabulary; learnt from the files in `data` where the task needs it."""

    @abstractmethod
    def training_data(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None
    ) -> TrainingData:
        """Batches and held-out pairs for a seed."""

    @abstractmethod
    def check(self, text: str) -> None:
        """Refuse a source text that the task does not cover.

        Raises:
            ValueError: what was given and what is accepted, in the user's words.
        """

    def leave_out(self, person: str) -> Task:
        """The same task, learnt without a person's data.

        Raises:
            ValueError: it is not learnt from several people.
        """
        raise ValueError(f"“{self.slug}” is not learnt from several people: none is left out.")

    def with_targets(self, file: Path) -> Task:
        """The same task, learnt with the targets of a file (`headlight distil`) where it has them.

        Raises:
            ValueError: the task has one right answer for a source, or the file cannot be read.
        """
        raise ValueError(f"“{self.slug}” has its one right answer: no other targets are learnt.")

    def align(self, source: str, target: str) -> Links | None:
        """The true alignment of a pair, or None where the task does not know it.

        A target token that is not the right answer at its place has no link.
        """
        return None

    def align_trace(self, trace: Trace) -> Links | None:
        """The true alignment of what was read and written, on the tokens of a trace."""
        return self.align(trace.src.text, trace.output_text)


class SyntheticTask(Task):
    """A task that makes its own endless pairs."""

    @abstractmethod
    def pair(self, random: Random) -> tuple[Any, str]:
        """One fresh (source, target) pair; the source is a text unless the task says otherwise."""

    def pairs(self, seed: int) -> Iterator[tuple[Any, str]]:
        """Endless pairs, the same for the same seed."""
        random = Random(f"{self.slug}-{seed}")
        while True:
            yield self.pair(random)

    def training_data(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None
    ) -> TrainingData:
        """Pairs made on the fly; no file is read."""
        return SyntheticData(self, tokenizer, seed)


class SyntheticData(TrainingData):
    """Fresh pairs for every step of a synthetic task."""

    HELD_OUT_SEED = 900_000
    """Of the held-out pairs; training draws from other streams. Short inputs may be in both."""

    def __init__(self, task: SyntheticTask, tokenizer: Tokenizer, seed: int) -> None:
        self.task, self.tokenizer, self.seed = task, tokenizer, seed

    def batch(self, step: int) -> Batch:
        """`recipe.batch` pairs, drawn anew at every step."""
        random = Random(f"{self.task.slug}-{self.seed}-{step}")
        pairs = [self.task.pair(random) for _ in range(self.task.recipe.batch)]
        sources, targets = zip(*pairs, strict=True)
        return pad(self.tokenizer.encode_ids(sources), self.tokenizer.encode_ids(targets))

    def evaluate(self, decode: Decode) -> dict[str, float]:
        """Share of exact answers on 200 held-out pairs."""
        return {"exact": exact_match(self.task, decode, 200, self.HELD_OUT_SEED)}


def exact_match(task: SyntheticTask, decode: Decode, n: int, seed: int) -> float:
    """Share in [0, 1] of `n` fresh inputs that are answered exactly."""
    stream = task.pairs(seed)
    sources, targets = zip(*(next(stream) for _ in range(n)), strict=True)
    return share_equal(decode(list(sources)), targets)


def share_equal(outputs: Sequence[str], answers: Sequence[str]) -> float:
    """Share in [0, 1] of the outputs that are their answer, to the letter."""
    return sum(a == b for a, b in zip(outputs, answers, strict=True)) / len(answers)


def cut(text: str, most: int) -> str:
    """A user's text in a message, at most so long; `…` says that there was more."""
    return text if len(text) <= most else text[: most - 1] + "…"


def pad(sources: list[list[int]], targets: list[list[int]]) -> Batch:
    """Teacher forcing (Williams & Zipser 1989): the target shifted right by one, behind `<bos>`."""
    return Batch(
        src=matrix([[*ids, 2] for ids in sources]),
        tgt_in=matrix([[1, *ids] for ids in targets]),
        tgt_out=matrix([[*ids, 2] for ids in targets]),
    )


def matrix(rows: Sequence[Sequence[int]], pad_id: int = 0) -> Array:
    """Ids of different lengths as one [B, longest] matrix, padded at the end."""
    padded = np.full((len(rows), max(map(len, rows))), pad_id, dtype=np.int64)
    for i, row in enumerate(rows):
        padded[i, : len(row)] = row
    return padded
