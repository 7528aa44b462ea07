"""What can be chosen for a live training: checked when it is made, small enough for a page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ...decoding.options import is_number, is_whole
from ...decoding.sampling import MAX_SEEDS
from ...network.config import ModelConfig
from ...tasks import Recipe

TASKS = ("reverse", "sort", "dates")
"""Tasks that a small model learns within minutes."""

LONGEST = {"reverse": 8, "sort": 8}
"""Longest inputs, in items, of the tasks that have a say in it: short ones are learnt sooner."""

STEPS = 3_000
"""Where a training ends by itself, if its time lasts."""

RANGES = {
    "layers": (1, 3),
    "heads": (1, 8),
    "d_model": (1, 128),
    "seed": (0, MAX_SEEDS - 1),
    "megabytes": (1, 1_000_000),
}
LONGEST_SECONDS = 86_400


@dataclass(frozen=True)
class Settings:
    """One live training.

    Args:
        task: one of `TASKS`.
        layers: of the encoder, and as many of the decoder.
        heads, d_model: as in `ModelConfig`.
        norm_first: layer norm before each block, else after.
        positions: False trains and runs the model without the sinusoids.
        seed: everything random follows from it.
        seconds: time limit, pauses included, so that whoever waits gets a turn.
        megabytes: limit of the process's memory.

    Raises:
        ValueError: a value that is not offered; says which are.
    """

    task: str = "reverse"
    layers: int = 1
    heads: int = 4
    d_model: int = 64
    norm_first: bool = True
    positions: bool = True
    seed: int = 0
    seconds: float = 300.0
    megabytes: int = 1_500

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise ValueError(f"“{self.task}” cannot be trained live; use {', '.join(TASKS)}")
        for name, (least, most) in RANGES.items():
            value = getattr(self, name)
            if not is_whole(value) or not least <= value <= most:
                raise ValueError(f"{name} must be from {least} to {most}, not {value}")
        if not is_number(self.seconds) or not 0 < self.seconds <= LONGEST_SECONDS:
            raise ValueError(f"seconds must be above 0, to {LONGEST_SECONDS}, not {self.seconds}")
        if not isinstance(self.positions, bool):
            raise ValueError(f"positions must be true or false, not {self.positions!r}")
        self.config(d_vocab=8)

    def config(self, d_vocab: int) -> ModelConfig:
        """The shape of the model; no dropout, as every batch is drawn anew."""
        return ModelConfig(
            d_vocab=d_vocab,
            d_model=self.d_model,
            n_heads=self.heads,
            d_ff=2 * self.d_model,
            n_encoder_layers=self.layers,
            n_decoder_layers=self.layers,
            dropout=0.0,
            norm_first=self.norm_first,
        )

    def recipe(self) -> Recipe:
        """A high rate after a short warm-up: the first signs of learning come early."""
        return Recipe(
            steps=STEPS,
            batch=64,
            peak_rate=3e-3 if self.norm_first else 1e-3,
            warmup=50 if self.norm_first else 200,
            ema=0.95,
            evaluate_every=STEPS,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `Settings(**values)` is the inverse."""
        return asdict(self)
