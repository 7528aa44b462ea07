"""Everything that is computed beforehand for the shipped models: `headlight build-assets`.

For every model it measures all heads on its own sentences, prunes, and asks how good the ways from
output to source are. The results go to `assets/atlas/`, the main figures into README.md here. Run
it after every change of weights.
"""

from __future__ import annotations

import argparse
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from ..checkpoints.folder import available, load
from ..paths import ASSETS
from ..run.runner import Model
from ..tasks import SyntheticTask
from ..tasks.translate import DEFAULT_DATA
from .alignment.gold import GoldPair, on_tokens, read_gold
from .alignment.links import of_task
from .attribution.findings import Aligned, Finding, Findings, findings
from .corpus import BLOCK, own_corpus
from .heads.files import write
from .heads.metrics import METRICS
from .heads.table import HeadTable, from_totals
from .heads.totals import Totals, of_gold, of_lines
from .interventions.evalset import SENTENCES, answered, eval_set
from .interventions.pruning import n_steps, prune
from .interventions.references import n_steps as reference_steps
from .interventions.references import on_references
from .readme_tables import write_figures

ATLAS = ASSETS / "atlas"
GOLD = Path("alibi-en-fr") / "short.tsv"


def heads(
    model: Model, pairs: Sequence[GoldPair], data: Path, gold: str, n: int = SENTENCES
) -> HeadTable:
    """All metrics on the model's own sentences, gold pairs, and inputs with right answers."""
    lines, totals = own_corpus(model), Totals()
    with tqdm(total=len(lines), unit="line", desc=f"{model.slug}: heads") as bar:
        for start in range(0, len(lines), BLOCK):
            block = lines[start : start + BLOCK]
            totals = totals.plus(of_lines(model, block, METRICS, lambda n: bar.update(n) and None))
    known = "the task's own rule" if isinstance(model.task, SyntheticTask) else ""
    if pairs:
        totals = totals.plus(of_gold(model, pairs))
        known = f"{len(pairs)} hand-aligned pairs ({gold})"
    held, said = answered(model, n, data), ""
    if held is not None:
        steps = on_references(model, held, quality=True)
        n = reference_steps(model, quality=True)
        bar = tqdm(steps, total=n, unit="step", desc=f"{model.slug}: right answers")
        totals = totals.plus(deque(bar, maxlen=1).pop())
        said = f"{held.what}; quality: {held.quality_name}"
    sentences = f"{totals.read} sentences of the project"
    return from_totals(model, totals, sentences, known, said)


def to_source(model: Model, pairs: Sequence[GoldPair], n: int) -> list[Finding]:
    """How good the ways from output to source are, on the model's own sentences and gold pairs."""
    traces = [model.run(text) for text in own_corpus(model)[:n]]
    aligned: list[Aligned] = [
        (trace, known) for trace in traces if (known := of_task(model.task, trace)) is not None
    ]
    for pair in pairs:
        source, target, alignment = on_tokens(pair, model)
        aligned.append((model.teacher_force(source, target), alignment))
    rows = findings(model, traces, aligned)
    return list(tqdm(rows, unit="method", desc=f"{model.slug}: output to source"))


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight build-assets", description=__doc__)
    parser.add_argument("models", nargs="*", help="all shipped ones by default")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder with the corpora")
    parser.add_argument("--out", type=Path, default=ATLAS)
    parser.add_argument(
        "--sentences",
        type=int,
        default=SENTENCES,
        help="with right answers; half as many for the ways from output to source",
    )
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
            _build(load(slug), gold, options.data, options.out, options.sentences)
        if options.out == ATLAS:
            write_figures(ATLAS)
    except ValueError as error:
        raise SystemExit(str(error)) from None


def _build(model: Model, gold: Path, data: Path, out: Path, n: int) -> None:
    """The three files of a model."""
    by_rule = isinstance(model.task, SyntheticTask) or not gold.is_file()
    pairs = [] if by_rule else _readable(model, read_gold(gold))
    atlas = heads(model, pairs, data, f"{gold.parent.name}/{gold.name}", n)
    write(atlas, out / f"{model.slug}.parquet")
    steps = prune(model, atlas, eval_set(model, n, data))
    bar = tqdm(steps, total=n_steps(model), unit="step", desc=f"{model.slug}: pruning")
    deque(bar, maxlen=1).pop().write(out / f"{model.slug}.pruning.json")
    n_own = min(n // 2, len(own_corpus(model)))
    rows = to_source(model, pairs, n_own)
    found = Findings(model.digest, n_own, atlas.gold, tuple(rows))
    found.write(out / f"{model.slug}.sources.json")


def _readable(model: Model, pairs: Sequence[GoldPair]) -> list[GoldPair]:
    """The pairs that the model can read and write."""
    kept = []
    for pair in pairs:
        try:
            source, target, _ = on_tokens(pair, model)
            model.teacher_force(source, target)
        except ValueError:
            continue
        kept.append(pair)
    return kept


if __name__ == "__main__":
    main()
