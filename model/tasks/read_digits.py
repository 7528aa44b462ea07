"""A strip of handwritten digits to their names: the same attention over a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from ..network.config import ModelConfig
from ..network.front_shapes import PatchesShape
from ..network.source import Source
from ..run.sources import Picture, Sound
from ..run.tokenizer import Tokenizer
from ..run.trace import Array
from .augment.strips import make_strips
from .base import Recipe, TrainingData
from .digits import WORDS, DigitsData, DigitsTask, Made, read_file

MOST, HELD_OUT = 8, 700
"""Digits of a strip at most; images that training never sees."""


class ReadDigits(DigitsTask):
    """A strip with `3 1 4` becomes `three one four`."""

    slug = "read-digits"
    title = "Read handwritten digits"
    doing = "Reading the picture …"
    accepts = f"a picture of 1 to {MOST} digits in a row"
    examples = ()
    recipe = Recipe(steps=4_000, batch=192, peak_rate=1.5e-3, ema=0.998, evaluate_every=500)

    def config(self, d_vocab: int) -> ModelConfig:
        """Four columns a position; 3 encoder and 2 decoder layers."""
        front = PatchesShape(
            28, (32, 64, 128), (5, 5, 3), ((2, 2), (2, 1), (2, 2)), source="picture"
        )
        return ModelConfig(
            d_vocab=d_vocab, d_model=128, d_ff=384, n_encoder_layers=3, front=front
        )

    def check(self, text: str) -> None:
        """Text is nothing to look at."""
        raise ValueError(f"This model reads a picture, not a text. Accepted: {self.accepts}.")

    def training_data(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None
    ) -> TrainingData:
        """Strips of the images in `drawn-digits.npz`."""
        stored = read_file(data, "drawn-digits.npz", "MNIST (yann.lecun.com/exdb/mnist)")
        return DrawnDigits(tokenizer, seed, stored["images"], stored["labels"])


class DrawnDigits(DigitsData):
    """Strips put together from images, the last `HELD_OUT` of which are for measuring."""

    most, alone, grown, digits = MOST, 300, 1_500, ReadDigits.recipe.batch

    def __init__(self, tokenizer: Tokenizer, seed: int, images: Array, labels: Array) -> None:
        super().__init__(tokenizer, seed)
        self.images, self.labels = images, labels

    def make(self, sizes: Sequence[int], random: np.random.Generator, held_out: bool) -> list[Made]:
        """Strips; those to measure with are varied in all but the elastic wobble."""
        first, last = (-HELD_OUT, 0) if held_out else (-len(self.images), -HELD_OUT)
        groups = [random.integers(first, last, size).tolist() for size in sizes]
        strips = make_strips(self.images, groups, random, 0.0 if held_out else 0.09)
        return [
            (Picture(pixels, marks), " ".join(WORDS[self.labels[i]] for i in group))
            for (pixels, marks), group in zip(strips, groups, strict=True)
        ]

    def frames(self, sources: Sequence[Picture | Sound]) -> tuple[Array, Array]:
        """Pixels in [0, 1]."""
        pictures = [one.pixels for one in sources if isinstance(one, Picture)]
        batch = Source.stack([torch.from_numpy(one / np.float32(255)) for one in pictures])
        return batch.values.numpy(), batch.lengths.numpy()
