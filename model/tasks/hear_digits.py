"""Spoken digits in a row to their names: the same attention over a sound."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from torch import Tensor

from ..network.config import ModelConfig
from ..network.front_shapes import PatchesShape
from ..run.arrays import Array
from ..run.log_mel import LogMel
from ..run.sources import Mark, Marks, Sound
from ..run.tokenizer import Tokenizer
from .augment.recordings import cut, join, room_and_noise
from .augment.voices import varied_columns
from .base import Example, Recipe, TrainingData
from .digits import (
    MORE,
    SHIPPED,
    SPOKEN,
    WORDS,
    DigitsData,
    DigitsTask,
    Made,
    Maker,
    read_arrays,
    read_beside,
    read_file,
    with_repeats,
)

OFFICIAL_TEST = 5
"""Recordings below this index are the data set's own test part: training never hears them."""

BARE = 0.4
"""Chance that a row for training begins, or ends, right with a word, as the recordings do."""

GATED = 0.75
"""Chance that a row for training has words that were cut out by how loud they are: of all of them
both ends are lost, and nothing stands before or behind.
"""

CUT = 0.5
"""Chance that the ends of a word in any other row may be cut off."""

OTHERS = 0.6
"""Share of the rows for training that are of no person here, where there are such voices."""


class SpokenDigits(Maker):
    """Rows put together from recordings of one person each.

    Args:
        stored: `audio` int16, all recordings one after the other; `ends`, where each ends; their
            `digits` and `speakers`; `rate`.
        chosen: bool, the recordings to use; all when None.
        others: voices that say a share (`OTHERS`) of what is not calm.
    """

    def __init__(
        self,
        stored: dict[str, Array],
        chosen: Array | None = None,
        others: SpokenDigits | None = None,
    ) -> None:
        self.others = others
        self.rate, ends = int(stored["rate"]), stored["ends"]
        audio = stored["audio"].astype(np.float32) / 32_768
        self.audio = [audio[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
        self.labels, self.speakers = stored["digits"], stored["speakers"]
        chosen = np.ones(len(ends), bool) if chosen is None else chosen
        people = sorted(set(self.speakers[chosen].tolist()))
        self.people = [np.flatnonzero(chosen & (self.speakers == one)) for one in people]

    def make(
        self, sizes: Sequence[int], random: np.random.Generator, calm: bool = False
    ) -> list[Made]:
        """Rows of one person each; calm ones vary less, with less noise and silent ends."""
        made = []
        for size in sizes:
            others = None if calm else self.others
            of = others if others and random.random() < OTHERS else self
            own = of.people[int(random.integers(len(of.people)))]
            chosen = random.choice(own, size)
            row = chosen if calm else with_repeats(chosen, own, of.labels, random)
            made.append(of.row(row, random, calm))
        return made

    def row(self, chosen: Sequence[int] | Array, random: np.random.Generator, calm: bool) -> Made:
        """These recordings one after the other."""
        recordings = [self.audio[i] for i in chosen]
        spread, bare = (0.5, 0.0) if calm else (1.0, BARE)
        if not calm and random.random() < GATED:
            gate, bare = random.uniform(3, 32), 1.0
            recordings = [cut(one, self.rate, random, gate) for one in recordings]
        elif not calm:
            recordings = [
                cut(one, self.rate, random) if random.random() < CUT else one for one in recordings
            ]
        samples, spans = join(recordings, self.rate, random, spread, bare)
        samples = room_and_noise(samples, random, self.rate, 12.0 if calm else 8.0)
        names = [WORDS[self.labels[i]] for i in chosen]
        marks = [(*span, name) for span, name in zip(spans, names, strict=True)]
        return Sound(samples, self.rate, marks), " ".join(names)

    def singles(self) -> list[Made]:
        """Each recording as it is."""
        return [
            (Sound(self.audio[i], self.rate), WORDS[self.labels[i]])
            for i in np.concatenate(self.people)
        ]

    def say(self, digits: Sequence[int], person: int, seed: int) -> Sound:
        """These digits by one of the people, the same for the same seed."""
        random = np.random.default_rng(seed)
        own = self.people[person]
        chosen = [int(random.choice(own[self.labels[own] == digit])) for digit in digits]
        sound, _ = self.row(chosen, random, calm=True)
        assert isinstance(sound, Sound)
        return sound


class HearDigits(DigitsTask):
    """“three one four”, spoken, becomes `three one four`.

    Args:
        left_out: a person whom training never hears.
    """

    def __init__(self, left_out: str = "") -> None:
        self.left_out = left_out

    slug = "hear-digits"
    title = "Hear spoken digits"
    doing = "Listening …"
    most = 6
    accepts = "a recording of 1 to 6 English digits, at most 8 seconds long"
    recipe = Recipe(
        steps=6_000,
        batch=64,
        peak_rate=2e-3,
        decay=0.5,
        muon=True,
        ema=0.998,
        evaluate_every=600,
        labels=(1 + len(WORDS), 1 + most),
    )

    @cached_property
    def shipped(self) -> SpokenDigits:
        """100 of the held-out recordings: each digit twice by each of five people."""
        return SpokenDigits(read_arrays(SHIPPED / "spoken.npz"))

    @cached_property
    def examples(self) -> tuple[Example, ...]:  # type: ignore[override]
        """Rows of shipped recordings."""
        shown = (
            ("3 1 4", 0, 1, "Each word looks at the moment in which it was said."),
            ("7 7 7", 1, 2, "The same word three times: only their times tell them apart."),
            ("6 5 4 3 2 1", 2, 3, "Six digits, the most there may be."),
            ("9 5 1", 3, 4, "Nine, five and one share sounds: where does it look?"),
            ("8 0", 4, 5, "A pause between two words: does any row look at it?"),
        )
        return tuple(
            Example(name, note, given=self.shipped.say([*map(int, name.split())], person, seed))
            for name, person, seed, note in shown
        )

    def leave_out(self, person: str) -> HearDigits:
        """The same task without a person, for measuring how it hears a stranger."""
        return HearDigits(person)

    def config(self, d_vocab: int) -> ModelConfig:
        """Six frames of 10 ms a position; 3 encoder and 2 decoder layers."""
        front = PatchesShape(
            40,
            (32, 64, 128),
            (5, 5, 3),
            ((2, 2), (2, 1), (2, 3)),
            source="sound",
            norm=True,
            residual=True,
        )
        return ModelConfig(
            d_vocab=d_vocab, d_model=128, d_ff=384, n_encoder_layers=3, dropout=0.1, front=front
        )

    def makers(self, data: Path | None) -> tuple[SpokenDigits, SpokenDigits]:
        """The recordings in `spoken-digits.npz`, its test part for measuring, and voices beside.

        Where a person is left out, nothing of theirs is learnt from, and all of it is measured on.
        """
        stored = read_file(data, SPOKEN, "github.com/Jakobovski/free-spoken-digit-dataset")
        more = read_beside(data, f"{MORE}{SPOKEN}")
        others = SpokenDigits(more[0]) if more else None
        test = stored["indices"] < OFFICIAL_TEST
        if self.left_out:
            theirs = self._theirs(stored["speakers"])
            return SpokenDigits(stored, ~test & ~theirs, others), SpokenDigits(stored, theirs)
        return SpokenDigits(stored, ~test, others), SpokenDigits(stored, test)

    def _theirs(self, speakers: Array) -> Array:
        theirs: Array = speakers == self.left_out
        if not theirs.any():
            people = ", ".join(sorted(set(speakers.tolist())))
            raise ValueError(f"There is no recording of “{self.left_out}”. There are: {people}.")
        return theirs

    def training_data(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None
    ) -> TrainingData:
        """Rows of the recordings to learn from."""
        return SpokenData(self, tokenizer, seed, self.makers(data), alone=500, grown=1_300)


class SpokenData(DigitsData):
    """Rows whose voices and microphones are varied besides.

    Half of them stay single digits: from these it learns in fewer steps how words differ.
    """

    SINGLE = 0.5

    def columns(
        self, made: Sequence[Made], random: np.random.Generator
    ) -> list[tuple[Tensor, Marks]]:
        """Log-mel frames as from another throat and another microphone."""
        sounds = [source for source, _ in made if isinstance(source, Sound)]
        varied = varied_columns([one.samples for one in sounds], LogMel(), random)
        return [
            (frames, tuple(_among(seconds, mark) for mark in sound.marks or ()))
            for (frames, seconds), sound in zip(varied, sounds, strict=True)
        ]


def _among(seconds: Array, mark: Mark) -> Mark:
    """A mark in seconds, counted in frames of which each has its moment."""
    start, end = np.searchsorted(seconds, mark[:2])
    return float(start), float(end), mark[2]
