"""A training of a second: a small network of the letters task, 24 steps of eight pairs."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np

from headlight.model import ModelConfig
from headlight.model.tasks import Recipe
from headlight.model.tasks.base import Batch, Decode, SyntheticData, TrainingData
from headlight.model.tasks.reverse import Reverse
from headlight.model.training.trainer import Progress, Trainer
from tests.model.builders import files

TOKENIZER = Reverse().tokenizer()


CONFIG = ModelConfig(d_vocab=len(TOKENIZER), d_model=16, n_heads=2, d_ff=16, dropout=0.1)


RECIPE = Recipe(steps=24, batch=8, peak_rate=5e-3, warmup=5, evaluate_every=12)


class FewPairs(TrainingData):
    """Eight pairs a step, and a measure that costs nothing."""

    def __init__(self, seed: int, labelled: bool = False) -> None:
        self.pairs, self.labelled = SyntheticData(Reverse(), TOKENIZER, seed), labelled

    def batch(self, step: int) -> Batch:
        whole = self.pairs.batch(step)
        src = whole.src[:8]
        labels = np.where(src > 0, src % 3, -1)[..., None] if self.labelled else None
        return Batch(src, whole.tgt_in[:8], whole.tgt_out[:8], src_labels=labels)

    def evaluate(self, decode: Decode) -> dict[str, float]:
        return {"accuracy": float(decode(["a b"]) == ["b a"])}


def trainer(seed: int = 0, recipe: Recipe = RECIPE) -> Trainer:
    pairs = FewPairs(seed, labelled=bool(recipe.labels))
    return Trainer(Reverse(), pairs, TOKENIZER, CONFIG, recipe, seed)


def weights(run: Path) -> dict[str, bytes]:
    """The shipped weights and every snapshot, byte by byte."""
    return {name: content for name, content in files(run).items() if name.endswith("safetensors")}


def rows(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "curve.jsonl").read_text().splitlines()]


def stop_at(step: int) -> Callable[[Progress], None]:
    """Ctrl-C during a step."""

    def on_progress(progress: Progress) -> None:
        if progress.step == step:
            os.kill(os.getpid(), signal.SIGINT)

    return on_progress
