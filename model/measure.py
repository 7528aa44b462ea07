"""How good a model is, on inputs it never saw: `python -m model.measure <model>`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tqdm import tqdm

from . import available, load
from .runner import Model
from .tasks import SyntheticTask
from .tasks.translate import Translate, read_pairs, score

FRESH_SEED = 777_000
"""Seed of the fresh inputs; neither training nor its held-out pairs use it."""

LENGTHS = (4, 8, 12, 16, 24, 10_000)
"""Upper bounds, in source tokens, of the groups for quality by length."""


def measure(model: Model, n: int = 1_000, data: Path | None = None) -> dict[str, Any]:
    """Measures by name: exact match on `n` fresh inputs, or translation quality on dev.

    Raises:
        ValueError: the model's task is not one that can be measured, or its files are missing.
    """
    if isinstance(model.task, SyntheticTask):
        return _exact(model, model.task, n)
    if isinstance(model.task, Translate):
        return _translation(model, data)
    raise ValueError(f"“{model.slug}” is not trained for a task with known answers.")


def _exact(model: Model, task: SyntheticTask, n: int) -> dict[str, Any]:
    stream = task.pairs(FRESH_SEED)
    pairs = [next(stream) for _ in range(n)]
    outputs = model.translate([source for source, _ in pairs])
    right = sum(out == target for out, (_, target) in zip(outputs, pairs, strict=True))
    return {"inputs": n, "exact_match": right / n}


def _translation(model: Model, data: Path | None) -> dict[str, Any]:
    references: dict[str, list[str]] = {}
    for english, french in read_pairs(data, "dev"):
        references.setdefault(english, []).append(french)
    sources = [model.read(text) for text in references]
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    outputs, finished = [""] * len(sources), 0
    for start in tqdm(range(0, len(order), 64), desc="decoding", unit="batch"):
        rows = order[start : start + 64]
        for i, one in zip(rows, model.decode_batch([sources[i] for i in rows]), strict=True):
            outputs[i] = model.write(one.ids, sources[i]).text
            finished += one.finished
    rows_of = list(references.values())
    shortest = [min(map(len, row)) for row in rows_of]
    by_length, low = {}, 0
    for high in LENGTHS:
        group = [i for i, source in enumerate(sources) if low < len(source) <= high]
        if group:
            bleu = score([outputs[i] for i in group], [rows_of[i] for i in group])["bleu"]
            by_length[f"{low + 1}-{high if high < 10_000 else ''}"] = (len(group), round(bleu, 2))
        low = high
    return {
        "inputs": len(sources),
        **score(outputs, rows_of),
        "length_ratio": sum(map(len, outputs)) / sum(shortest),
        "finished": finished / len(sources),
        "bleu_by_source_tokens": by_length,
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m model.measure", description=__doc__)
    parser.add_argument("model", help=f"{', '.join(available())}, or a checkpoint folder")
    parser.add_argument("--n", type=int, default=1_000, help="fresh inputs of a synthetic task")
    parser.add_argument("--data", type=Path, help="folder with the corpora (translation)")
    options = parser.parse_args()
    try:
        found = measure(load(options.model), options.n, options.data)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    for name, value in found.items():
        print(f"{name:24} {value:.4f}" if isinstance(value, float) else f"{name:24} {value}")


if __name__ == "__main__":
    main()
