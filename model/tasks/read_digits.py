"""A strip of handwritten digits to their names: the same attention over a picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from ..network.config import ModelConfig
from ..network.front_shapes import PatchesShape
from ..run.arrays import Array
from ..run.sources import Picture
from ..run.tokenizer import Tokenizer
from .augment.strips import make_strips
from .base import Example, Recipe, TrainingData
from .digits import (
    DRAWN,
    MORE,
    SHIPPED,
    TEST,
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

HELD_OUT = 700
"""Images at the end of the file that training never sees."""


class DrawnDigits(Maker):
    """Strips put together from images [n, 28, 28] uint8 with their labels [n]."""

    def __init__(self, images: Array, labels: Array) -> None:
        self.images, self.labels = images, labels

    def make(
        self, sizes: Sequence[int], random: np.random.Generator, calm: bool = False
    ) -> list[Made]:
        """Strips of any of the images; calm ones are varied in all but the elastic wobble."""
        every = np.arange(len(self.images))
        groups = [random.integers(0, len(every), size).tolist() for size in sizes]
        if not calm:
            groups = [with_repeats(np.array(g), every, self.labels, random) for g in groups]
        strips = make_strips(self.images, groups, random, 0.0 if calm else 0.09)
        made: list[Made] = []
        for (pixels, spans), group in zip(strips, groups, strict=True):
            names = [WORDS[self.labels[i]] for i in group]
            marks = [(*span, name) for span, name in zip(spans, names, strict=True)]
            made.append((Picture(pixels, marks), " ".join(names)))
        return made

    def singles(self) -> list[Made]:
        """Each image as it is, with a little room at its sides."""
        return [
            (Picture(np.pad(image, ((0, 0), (4, 4)))), WORDS[label])
            for image, label in zip(self.images, self.labels, strict=True)
        ]

    def strip(self, digits: Sequence[int], seed: int) -> Picture:
        """A strip of these digits, the same for the same seed."""
        random = np.random.default_rng(seed)
        group = [int(random.choice(np.flatnonzero(self.labels == digit))) for digit in digits]
        ((pixels, spans),) = make_strips(self.images, [group], random, 0.0)
        names = [WORDS[digit] for digit in digits]
        return Picture(pixels, [(*span, name) for span, name in zip(spans, names, strict=True)])


class ReadDigits(DigitsTask):
    """A strip with `3 1 4` becomes `three one four`."""

    slug = "read-digits"
    title = "Read handwritten digits"
    doing = "Reading the picture …"
    most = 8
    accepts = "a picture of 1 to 8 handwritten digits in a row"
    recipe = Recipe(
        steps=12_000,
        batch=192,
        peak_rate=2e-3,
        decay=0.5,
        muon=True,
        ema=0.998,
        evaluate_every=500,
        labels=(1 + len(WORDS), 1 + most),
    )

    @cached_property
    def shipped(self) -> DrawnDigits:
        """240 of the held-out images."""
        stored = read_arrays(SHIPPED / "drawn.npz")
        return DrawnDigits(stored["images"], stored["labels"])

    @cached_property
    def examples(self) -> tuple[Example, ...]:  # type: ignore[override]
        """Strips of shipped digits."""
        shown = (
            (
                "3 1 4",
                2,
                "Each word looks at the columns of its digit: from the left to the right.",
            ),
            ("7 7 7 7", 5, "The same digit four times: only their places tell them apart."),
            ("1 1 0 1 1", 3, "Thin digits between wide ones: how wide is the strip it looks at?"),
            ("2 7 1 8 2 8 1 8", 4, "Eight digits, the most there may be."),
            ("9 4", 7, "Nine or four, four or nine: what was the second choice?"),
        )
        return tuple(
            Example(name, note, given=self.shipped.strip([*map(int, name.split())], seed))
            for name, seed, note in shown
        )

    def config(self, d_vocab: int) -> ModelConfig:
        """Four columns a position; 3 encoder and 2 decoder layers."""
        front = PatchesShape(
            28,
            channels=(32, 64, 96, 160, 160),
            kernels=(5, 3, 3, 3, 3),
            strides=((2, 2), (2, 1), (1, 1), (2, 2), (1, 1)),
            source="picture",
            norm=True,
        )
        return ModelConfig(
            d_vocab=d_vocab, d_model=128, d_ff=384, n_encoder_layers=3, dropout=0.05, front=front
        )

    def makers(self, data: Path | None) -> tuple[DrawnDigits, DrawnDigits]:
        """The images in `drawn-digits.npz`, the last 700 for measuring, and those beside them."""
        stored = read_file(data, DRAWN, "MNIST (yann.lecun.com/exdb/mnist)")
        images, labels = stored["images"], stored["labels"]
        parts = [{"images": images[:-HELD_OUT], "labels": labels[:-HELD_OUT]}]
        parts += read_beside(data, f"{MORE}{DRAWN}")
        return (
            DrawnDigits(*(np.concatenate([one[name] for one in parts]) for name in stored)),
            DrawnDigits(images[-HELD_OUT:], labels[-HELD_OUT:]),
        )

    def test_part(self, data: Path) -> DrawnDigits | None:
        """MNIST's own test part: 10,000 images by people of whom training has seen none."""
        found = read_beside(data, f"{TEST}{DRAWN}")
        return DrawnDigits(found[0]["images"], found[0]["labels"]) if found else None

    def training_data(
        self, tokenizer: Tokenizer, seed: int, data: Path | None = None
    ) -> TrainingData:
        """Strips of the images to learn from."""
        return DigitsData(self, tokenizer, seed, self.makers(data), alone=100, grown=500)
