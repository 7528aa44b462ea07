"""How good a model is, on held-out inputs: `headlight evaluate <model>`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .. import available, load
from ..decoding import Beam, Hypothesis
from ..run.runner import Model
from ..tasks import SyntheticTask, exact_match
from ..tasks.digits import DigitsTask
from ..tasks.translate import Translate, length_ratio, read_pairs, score
from .domains import domains, table
from .evaluate_digits import digits

FRESH_SEED = 777_000
"""Seed of the fresh inputs; neither training nor its held-out pairs use it."""

LENGTHS = (4, 8, 12, 16, 24, 10_000)
"""Upper bounds, in source tokens, of the groups for quality by length."""


def evaluate(
    model: Model,
    n: int = 1_000,
    data: Path | None = None,
    beam: Beam | None = None,
    person: str | None = None,
) -> dict[str, Any]:
    """Measures by name: exact match on `n` fresh inputs, or translation quality on dev.

    Decoding is greedy; translations are also measured with a beam search where one is given, and
    spoken digits on all recordings of a person who was left out of training where one is named.

    Raises:
        ValueError: the model's task is not one that can be measured, its files are missing, or `n`
            is not at least 1.
    """
    if n < 1:
        raise ValueError(f"The number of inputs must be at least 1, not {n}.")
    if isinstance(model.task, DigitsTask):
        return digits(model, n, data, person)
    if person is not None:
        raise ValueError(f"“{model.slug}” hears nobody: a person cannot be left out.")
    if isinstance(model.task, SyntheticTask):
        return {"inputs": n, "exact_match": exact_match(model.task, model.translate, n, FRESH_SEED)}
    if isinstance(model.task, Translate):
        return _translation(model, data, beam)
    raise ValueError(f"“{model.slug}” is not trained for a task with known answers.")


def _translation(model: Model, data: Path | None, beam: Beam | None) -> dict[str, Any]:
    references: dict[str, list[str]] = {}
    for english, french in read_pairs(data, "dev"):
        references.setdefault(english, []).append(french)
    sources = [model.read(text) for text in references]
    found: Iterable[tuple[int, Hypothesis]] = model.decode_many(sources)
    if beam:
        found = ((i, model.decode(source, strategy=beam)) for i, source in enumerate(sources))
    outputs, finished = [""] * len(sources), 0
    for i, one in tqdm(found, total=len(sources), desc="decoding"):
        outputs[i] = model.write(one.ids, sources[i]).text
        finished += one.finished
    rows_of = list(references.values())
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
        "length_ratio": length_ratio(outputs, rows_of),
        "finished": finished / len(sources),
        "bleu_by_source_tokens": by_length,
    }


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight evaluate", description=__doc__)
    parser.add_argument("model", help=f"{', '.join(available())}, or a checkpoint folder")
    parser.add_argument("--n", type=int, default=1_000, help="fresh inputs of a synthetic task")
    parser.add_argument("--data", type=Path, help="folder with the corpora, or with all digits")
    parser.add_argument("--person", help="one whom training never heard (hear-digits)")
    parser.add_argument("--beam", type=int, help="size of a beam, instead of greedy (translation)")
    parser.add_argument("--penalty", type=float, default=0.6, help="length penalty of the beam")
    parser.add_argument(
        "--domains", action="store_true", help="a translator on other kinds of text, as a table"
    )
    options = parser.parse_args(argv)
    try:
        if options.domains:
            print(table(list(domains(load(options.model), options.data))))
            return
        beam = Beam(options.beam, options.penalty) if options.beam is not None else None
        found = evaluate(load(options.model), options.n, options.data, beam, options.person)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    for name, value in found.items():
        print(f"{name:24} {value:.4f}" if isinstance(value, float) else f"{name:24} {value}")
