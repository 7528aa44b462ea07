"""Everything that is computed beforehand for the shipped models: `headlight build-assets`.

For every model it measures all heads on its own sentences, prunes, and asks how good the ways from
output to source are. The results go to `assets/atlas/`, the main figures into README.md here. Run
it after every change of weights; after a change of one of the three, `--only` that. Stopped, the
same command goes on where it was.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..checkpoints.folder import available, load
from ..paths import ASSETS
from ..run.runner import Model
from ..tasks import SyntheticTask
from ..tasks.translate import DEFAULT_DATA
from .asset_pieces import (
    Job,
    gold_pairs,
    held_out,
    of_curves,
    of_heads,
    of_pairs,
    of_runs,
    own_lines,
    work,
    worth_of,
)
from .attribution.findings import Findings, every, read_findings, table, with_rows
from .attribution.ways import choices, ways
from .heads.files import read_atlas, write
from .heads.metrics import METRICS
from .heads.resume import from_plain
from .heads.table import HeadTable, from_totals
from .heads.totals import Totals
from .interventions.evalset import SENTENCES
from .interventions.pruning import Pruning, read_curve
from .interventions.references import Worth
from .pieces import Ledger, compute, cores, processes
from .readme_tables import write_figures

ATLAS = ASSETS / "atlas"
PARTS = ("heads", "sources", "pruning")
"""One file each. Sources need the heads for the name of their gold, pruning for its order."""
ROWS = "rows"
"""Of the sources: what a table of the same weights and sentences does not have yet."""


def build(
    model: Model, job: Job, out: Path, pool: ProcessPoolExecutor | None, only: str = ""
) -> None:
    """The three files of a model.

    Args:
        only: one of `PARTS`, so that the other two files stay as they are, or `ROWS`.

    Raises:
        ValueError: what is not made again is not there, or is of other weights or sentences.
    """
    heads = of_heads(job) if only in ("", "heads") else []
    atlas = None if heads else _kept(model, out)
    shown, picks = list(ways(model)), list(choices(model))
    sources, before = out / f"{model.slug}.sources.json", None
    if only == ROWS:
        before = read_findings(sources)
        shown = [one for one in shown if before.row(one.slug) is None]
        several = before.rows[0].pairs > 1  # of one pair nothing can be chosen and counted
        picks = [one for one in picks if several and before.row(one.slug) is None]
        job = replace(job, methods=tuple(one.slug for one in every(shown, picks)))
        if not job.methods:
            print(f"{sources} has all rows.")
            return
    names = [one.slug for one in METRICS] + [one.slug for one in every(shown, picks)]
    identity = [model.digest, job.n, job.gold, job.orders, names]
    ledger = Ledger(out / f".{model.slug}.{only or 'all'}.pieces", identity)

    def done(pieces: Sequence[tuple[Any, ...]], what: str) -> list[Any]:
        return compute(work, job, pieces, ledger, pool, f"{model.slug}: {what}") if pieces else []

    judging = only in ("", "sources", ROWS)
    runs, pairs = (of_runs(job), of_pairs(job)) if judging else ([], [])
    counted = done([*heads, *runs, *pairs], only or "heads and output to source")
    atlas = atlas or _atlas(model, job, counted[: len(heads)])
    judged = [counts for part in counted[len(heads) :] for counts in part]
    curves = of_curves(job, atlas) if only in ("", "pruning") else []
    pruned = tuple(read_curve(one) for one in done(curves, "pruning"))

    if heads:
        write(atlas, out / f"{model.slug}.parquet")
    if curves:
        held = held_out(job)
        pruning = Pruning(model.slug, model.digest, held.what, held.quality.name, pruned)
        pruning.write(out / f"{model.slug}.pruning.json")
    if runs:
        n_runs = len(own_lines(job)[: job.n // 2])
        rows = table(shown, picks, judged[:n_runs], judged[n_runs:])
        found = Findings(model.digest, n_runs, atlas.gold if pairs else "", rows)
        (found if before is None else with_rows(before, found, model)).write(sources)
    ledger.close()


def _kept(model: Model, out: Path) -> HeadTable:
    """The table of all heads as it was written before."""
    if not (file := out / f"{model.slug}.parquet").is_file():
        raise ValueError(f"{file} is not there: build the heads of {model.slug} first.")
    atlas = read_atlas(file)
    if atlas.digest != model.digest:
        raise ValueError(f"{file} is of other weights: build the heads of {model.slug} again.")
    return atlas


def _atlas(model: Model, job: Job, found: Sequence[Any]) -> HeadTable:
    """The table of all heads from its pieces."""
    totals, worth = Totals(), Worth()
    for name, values in found:
        if name == "totals":
            totals = totals.plus(from_plain(values))
        else:
            worth = worth.plus(worth_of(values))
    known = "the task's own rule" if isinstance(model.task, SyntheticTask) else ""
    if gold_pairs(job):
        known = f"{len(gold_pairs(job))} hand-aligned pairs ({job.gold_name})"
    what = "sentences" if model.reads == "text" else f"{model.reads}s"
    sentences = f"{totals.read} {what} of the project"
    atlas = from_totals(model, totals, sentences, known)
    if not worth.values:
        return atlas
    return atlas.with_worth(worth.values, worth.errors, held_out(job).said(quality=True))


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight build-assets", description=__doc__)
    parser.add_argument("models", nargs="*", help="all shipped ones that read text by default")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder with the corpora")
    parser.add_argument("--out", type=Path, default=ATLAS)
    parser.add_argument(
        "--sentences",
        type=int,
        default=SENTENCES,
        help="with right answers; half as many for the ways from output to source",
    )
    parser.add_argument(
        "--only",
        choices=[*PARTS, ROWS],
        default="",
        help=f"this file only, or of the sources the {ROWS} that are not there; the rest stays",
    )
    parser.add_argument("--processes", type=int, default=cores(), help="all cores by default")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    known = available()
    if wrong := [slug for slug in options.models if slug not in known]:
        raise SystemExit(f"“{wrong[0]}” is not shipped. There are: {', '.join(known)}.")
    if options.processes < 1:
        raise SystemExit(f"The number of processes must be 1 or more, not {options.processes}.")
    try:
        with processes(options.processes) as pool:
            for slug in options.models or [one for one in known if load(one).reads == "text"]:
                job = Job(slug, options.data, options.sentences)
                if not job.gold and not isinstance(load(slug).task, SyntheticTask):
                    print(f"{job.gold_file} is not there: no alignment error for {slug}.")
                build(load(slug), job, options.out, pool, options.only)
        if options.out == ATLAS:
            write_figures(ATLAS)
    except KeyboardInterrupt:
        raise SystemExit("\nStopped. The same command goes on from here.") from None
    except ValueError as error:
        raise SystemExit(str(error)) from None
