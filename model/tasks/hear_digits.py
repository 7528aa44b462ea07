"""Spoken digits in a row to their names: the same attention over a sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from ..network.config import ModelConfig
from ..network.front_shapes import PatchesShape
from ..network.source import Source
from ..run.log_mel import LogMel, log_mel
from ..run.sources import Picture, Sound
from ..run.tokenizer import Tokenizer
from ..run.trace import Array
from .augment.recordings import join, room_and_noise, varied_frames
from .base import Batch, Recipe, TrainingData, matrix
from .digits import WORDS, DigitsData, DigitsTask, Made, read_file

MOST = 6
"""Digits of a row at most."""
OFFICIAL_TEST = 5
"""Recordings below this index are the data set's own test part: training never hears them."""


class HearDigits(DigitsTask):
    """“three one four”, spoken, becomes `three one four`."""

    slug = "hear-digits"
    title = "Hear spoken digits"
    doing = "Listening …"
    accepts = f"a recording of 1 to {MOST} English digits, at most 8 seconds long"
    examples = ()
    recipe = Recipe(steps=3_000, batch=128, peak_rate=1.5e-3, ema=0.998, evaluate_every=500)

    def config(self, d_vocab: int) -> ModelConfig:
        """Six frames of 10 ms a position; 3 encoder and 2 decoder layers."""
        front = PatchesShape(
            40, (32, 64, 128), (5, 5, 3), ((2, 2), (2, 1), (2, 3)), source="sound"
        )
        return ModelConfig(
            d_vocab=d_vocab, d_model=128, d_ff=384, n_encoder_layers=3, dropout=0.15, front=front
        )

    def check(self, text: str) -> None:
        """Text is nothing to listen to."""
        raise ValueError(f"This model hears a sound, not a text. Accepted: {self.accepts}.")

    def training_data(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None
    ) -> TrainingData:
        """Rows of the recordings in `spoken-digits.npz`."""
        return SpokenDigits(tokenizer, seed, data)


class SpokenDigits(DigitsData):
    """Rows put together from recordings, those of the official test part being for measuring.

    Args:
        without: a person whom training does not hear, and with whose recordings it is measured.
    """

    most, alone, grown, digits = MOST, 300, 1_200, HearDigits.recipe.batch

    def __init__(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None, without: str | None = None
    ) -> None:
        super().__init__(tokenizer, seed)
        stored = read_file(
            data, "spoken-digits.npz", "github.com/Jakobovski/free-spoken-digit-dataset"
        )
        self.shape = LogMel(rate=int(stored["rate"]))
        ends, audio = stored["ends"], stored["audio"].astype(np.float32) / 32_768
        self.audio = [audio[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
        self.labels, self.speakers = stored["digits"], stored["speakers"]
        test = stored["indices"] < OFFICIAL_TEST
        if without is not None:
            test = self.speakers == without
        self.parts = {held_out: self._by_speaker(test == held_out) for held_out in (False, True)}

    def _by_speaker(self, chosen: Array) -> list[Array]:
        people = sorted(set(self.speakers[chosen].tolist()))
        return [np.flatnonzero(chosen & (self.speakers == one)) for one in people]

    def make(self, sizes: Sequence[int], random: np.random.Generator, held_out: bool) -> list[Made]:
        """Rows of one person each; those to measure with vary less in speed, loudness and noise."""
        made: list[Made] = []
        for size in sizes:
            people = self.parts[held_out]
            chosen = random.choice(people[int(random.integers(len(people)))], size)
            spread = 0.5 if held_out else 1.0
            samples, spans = join(
                [self.audio[i] for i in chosen], self.shape.rate, random, spread
            )
            nearest = 12.0 if held_out else 8.0
            samples = room_and_noise(samples, random, self.shape.rate, nearest)
            answer = " ".join(WORDS[self.labels[i]] for i in chosen)
            made.append((Sound(samples, self.shape.rate, spans), answer))
        return made

    def batch(self, step: int) -> Batch:
        """As for every row of digits, with voices and microphones varied besides."""
        random = np.random.default_rng((self.seed, step))
        made = self.make(self.sizes(step, random), random, held_out=False)
        rows = [source.samples for source, _ in made if isinstance(source, Sound)]
        frames = Source.stack(varied_frames(rows, self.shape, random))
        targets = self.tokenizer.encode_ids([answer for _, answer in made])
        return Batch(
            src=frames.values.numpy(),
            tgt_in=matrix([[1, *ids] for ids in targets]),
            tgt_out=matrix([[*ids, 2] for ids in targets]),
            src_lengths=frames.lengths.numpy(),
        )

    def frames(self, sources: Sequence[Picture | Sound]) -> tuple[Array, Array]:
        """Log-mel energies as the model hears them."""
        sounds = [torch.tensor(one.samples) for one in sources if isinstance(one, Sound)]
        batch = Source.stack([log_mel(samples, self.shape) for samples in sounds])
        return batch.values.numpy(), batch.lengths.numpy()
