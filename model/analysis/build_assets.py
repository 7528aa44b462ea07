"""Everything that is computed beforehand for the shipped models: `headlight build-assets`.

For every model it measures all heads on its own sentences, prunes, and asks how well the ways from
output to source agree. The results go to `assets/atlas/`, the main figures into README.md here. Run
it after every change of weights.
"""

from __future__ import annotations

import argparse
import json
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..checkpoints.folder import available, load
from ..paths import ASSETS
from ..run.runner import Model
from ..tasks import SyntheticTask
from ..tasks.translate import DEFAULT_DATA
from .alignment.gold import read_gold
from .attribution.sources import METHODS, sources
from .corpus import BLOCK, own_corpus
from .heads.metrics import METRICS
from .heads.table import HeadTable, from_totals
from .heads.totals import Totals, of_gold, of_lines
from .interventions.pruning import eval_set, n_steps, prune
from .readme_tables import write_figures

ATLAS = ASSETS / "atlas"
GOLD = Path("alibi-en-fr") / "short.tsv"
SENTENCES = 100
"""Sentences for the agreement of the ways from output to source."""


def heads(model: Model, gold: Path | None) -> HeadTable:
    """All measures on the model's own sentences, and against a gold file where there is one."""
    lines, totals = own_corpus(model), Totals()
    with tqdm(total=len(lines), unit="line", desc=f"{model.slug}: heads") as bar:
        for start in range(0, len(lines), BLOCK):
            block = lines[start : start + BLOCK]
            totals = totals.plus(of_lines(model, block, METRICS, lambda n: bar.update(n) and None))
    known = "the task's own rule" if isinstance(model.task, SyntheticTask) else ""
    if gold is not None and not known:
        pairs = read_gold(gold)
        totals = totals.plus(of_gold(model, pairs))
        known = f"{len(pairs)} hand-aligned pairs ({gold.parent.name}/{gold.name})"
    return from_totals(model, totals, f"{totals.read} sentences of the project", known)


def agreement(model: Model) -> dict[str, Any]:
    """Mean Kendall's τ_b of each way from output to source with leaving one word out."""
    texts = own_corpus(model)[:SENTENCES]
    rows: dict[str, list[float]] = {one.slug: [] for one in METHODS}
    for text in tqdm(texts, unit="line", desc=f"{model.slug}: output to source"):
        found = sources(model, model.run(text))
        for slug in rows:
            rows[slug] += [tau for tau in found.tau[slug].tolist() if np.isfinite(tau)]
    return {
        "digest": model.digest,
        "sentences": len(texts),
        "rows": max(map(len, rows.values())),
        "tau": {slug: float(np.mean(values)) if values else None for slug, values in rows.items()},
    }


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight build-assets", description=__doc__)
    parser.add_argument("models", nargs="*", help="all shipped ones by default")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder with the corpora")
    parser.add_argument("--out", type=Path, default=ATLAS)
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    gold = options.data / GOLD
    if not gold.is_file():
        print(f"{gold} is not there: the translation's alignment error rates stay empty.")
    known = available()
    if wrong := [slug for slug in options.models if slug not in known]:
        raise SystemExit(f"“{wrong[0]}” is not shipped. There are: {', '.join(known)}.")
    try:
        for slug in options.models or known:
            loaded = load(slug)
            atlas = heads(loaded, gold if gold.is_file() else None)
            atlas.write(options.out / f"{slug}.parquet")
            measure = eval_set(loaded, data=options.data)
            steps = prune(loaded, atlas, measure)
            bar = tqdm(steps, total=n_steps(atlas), unit="step", desc=f"{slug}: pruning")
            deque(bar, maxlen=1).pop().write(options.out / f"{slug}.pruning.json")
            found = json.dumps(agreement(loaded), indent=2)
            (options.out / f"{slug}.sources.json").write_text(found + "\n", encoding="utf-8")
        if options.out == ATLAS:
            write_figures(ATLAS)
    except ValueError as error:
        raise SystemExit(str(error)) from None
