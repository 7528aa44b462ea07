"""All metrics of all heads over a corpus of any length: `headlight atlas`.

Lines are read in blocks, decoded greedily in batches, traced, summed and forgotten. What is done is
kept beside the output: the same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ...checkpoints.folder import load
from ...run.runner import Model
from ..alignment.gold import read_gold
from ..corpus import EmptyCorpus, count_lines
from ..interventions.evalset import of_pairs
from ..interventions.references import n_steps, on_references
from .badges import badges
from .files import check_output, write
from .metrics import METRICS, get_metric
from .per_sentence import check_rows_output, join_pieces, keep_piece
from .resume import Progress, resumed
from .shards import ENGINES, Job
from .table import HeadTable, from_totals
from .totals import UNREAD_PAIR, of_gold

SAVE_EVERY = 5.0
"""Seconds between two savings of what is done."""
MAX_REFERENCES = 1_000


def build(
    name: str,
    corpus: Path,
    *,
    gold: Path | None = None,
    measures: Sequence[str] | None = None,
    shards: int = 1,
    engine: str = "local",
    address: str | None = None,
    references: Path | None = None,
    quality: bool = False,
    state: Path | None = None,
    per_sentence: Path | None = None,
) -> HeadTable:
    """Every head of a model measured over the lines of a file.

    Args:
        name: a model's name, or the path of its folder.
        corpus: a text file, one source text a line.
        gold: a file of gold alignments (format in `gold.py`) for the alignment error rates.
        measures: slugs of metrics; all by default.
        shards: parts that the file is cut into; the result is the same to rounding (1e-9).
        engine: where the shards are computed, a name in `ENGINES`.
        address: of the Ray cluster.
        references: a file with a source, a tab and a right target on each line, for Δ loss on
            references.
        quality: also decode the references' sources without each head, for Δ quality.
        state: a file that keeps what is done; a run of the same job goes on from there.
        per_sentence: a file for every sentence's own numbers.

    Raises:
        EmptyCorpus: there is not a single line that the model can read.
        ValueError: a file, a name or a number that cannot be used.
    """
    loaded = load(name)
    metrics = [get_metric(slug) for slug in measures or [one.slug for one in METRICS]]
    if engine not in ENGINES:
        raise ValueError(f"There is no engine “{engine}”. There are: {', '.join(ENGINES)}.")
    if shards < 1:
        raise ValueError(f"The number of shards must be 1 or more, not {shards}.")
    if quality and references is None:
        raise ValueError("Δ quality needs right answers: give a file of references.")
    n_lines = count_lines(corpus)
    pairs = read_gold(gold) if gold else []
    answers = _read_references(references) if references else []
    known_by_file = {"alignment"} if pairs else set()  # one truth only
    slugs = tuple(one.slug for one in metrics if one.wants not in {*known_by_file, "reference"})
    job = Job(name, corpus, slugs, shards, per_sentence is not None)
    done = _measure(job, loaded, n_lines, engine, address, state)
    totals = done.totals
    if not totals.read:
        reasons = ", ".join(f"{n:,} {why}" for why, n in totals.skipped.items())
        raise EmptyCorpus(f"None of the {n_lines:,} lines of {corpus} could be read: {reasons}.")
    if per_sentence is not None and state is not None:
        join_pieces(pieces(state), done.done, per_sentence)
    wanted = [one for one in metrics if one.wants == "alignment"]
    known = ""
    if gold and wanted:
        totals = totals.plus(of_gold(loaded, pairs, wanted))
        known = f"{gold.name}, {len(pairs) - totals.skipped[UNREAD_PAIR]} pairs"
    table = from_totals(loaded, totals, corpus.name, known)
    if answers:
        table = with_references(loaded, table, answers, quality)
    return table


def _measure(
    job: Job, loaded: Model, n_lines: int, engine: str, address: str | None, state: Path | None
) -> Progress:
    """The sums over all pieces, those that were done before among them."""
    identity = _identity(job, loaded)
    progress = resumed(state, identity) if state else Progress(identity)
    if state and not progress.done:
        shutil.rmtree(pieces(state), ignore_errors=True)
    saved = time.monotonic()
    with tqdm(total=n_lines, initial=progress.lines, unit="line", desc=loaded.slug) as bar:
        for part in ENGINES[engine](job, frozenset(progress.done), address):
            if state and job.per_sentence:
                keep_piece(pieces(state), part.name, part.rows)
            progress.done.append(part.name)
            progress.totals = progress.totals.plus(part.totals)
            progress.lines += part.lines
            bar.update(part.lines)
            if state and time.monotonic() - saved > SAVE_EVERY:
                progress.save(state)
                saved = time.monotonic()
    if state:
        progress.save(state)
    return progress


def _identity(job: Job, loaded: Model) -> dict[str, Any]:
    """What must be the same for a run to go on: weights, file, metrics."""
    stat = job.corpus.stat()
    return {
        "digest": loaded.digest,
        "corpus": [str(job.corpus.resolve()), stat.st_size, stat.st_mtime_ns],
        "metrics": list(job.slugs),
        "per_sentence": job.per_sentence,
    }


def pieces(state: Path) -> Path:
    """The folder for the rows of finished pieces."""
    return state.with_name(state.name + ".rows")


def with_references(
    model: Model, table: HeadTable, pairs: Sequence[tuple[str, str]], quality: bool
) -> HeadTable:
    """The table with what every head is worth for right answers."""
    known = of_pairs(model, MAX_REFERENCES, pairs, "sentences with right answers")
    steps = on_references(model, known, quality=quality)
    bar = tqdm(steps, total=n_steps(model, quality=quality), unit="step", desc="references")
    found = deque(bar, maxlen=1).pop()
    return table.with_worth(found.values, found.errors, known.said(quality=quality))


def _read_references(path: Path) -> list[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    pairs = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            source, tab, target = line.partition("\t")
            if not (tab and source.strip() and target.strip()):
                raise ValueError(f"{path}, line {number}: a source, a tab and a target are needed.")
            pairs.append((source.strip(), target.split("\t")[0].strip()))
    if not pairs:
        raise ValueError(f"{path} holds no pair of a source and a target.")
    return pairs


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight atlas", description=__doc__)
    parser.add_argument("--model", required=True, help="its name, or a checkpoint folder")
    parser.add_argument("--corpus", required=True, type=Path, help="one source text a line")
    parser.add_argument(
        "--out", required=True, type=Path, help="the table: .parquet, .arrow or .csv"
    )
    parser.add_argument("--gold", type=Path, help="gold alignments, for the alignment error rates")
    parser.add_argument(
        "--references", type=Path, help="source, tab, right target a line, for Δ loss on references"
    )
    parser.add_argument(
        "--quality", action="store_true", help="decode the references without each head (slow)"
    )
    parser.add_argument(
        "--measures", help=f"with commas between them: {','.join(one.slug for one in METRICS)}"
    )
    parser.add_argument(
        "--baseline", action="store_true", help="rows for layer means, uniform and diagonal"
    )
    parser.add_argument("--per-sentence", type=Path, help="a file for every sentence's own numbers")
    parser.add_argument("--restart", action="store_true", help="forget what an earlier run did")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--engine", default="local", help=", ".join(ENGINES))
    parser.add_argument(
        "--address", help="of a running Ray cluster; without it one is started here"
    )
    options = parser.parse_args(argv)
    try:
        atlas = _run(options)
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    print(f"{atlas.read:,} sentences measured, {len(atlas.heads())} heads, in {options.out}.")
    for why, n in atlas.skipped.items():
        print(f"{n:,} skipped: {why}")
    for (kind, layer, head), given in badges(atlas).items():
        print(f"{kind:13} L{layer} H{head}  {', '.join(badge.title for badge in given)}")


def _run(options: argparse.Namespace) -> HeadTable:
    """Check where the results go, measure, write, and clear away what was kept meanwhile."""
    check_output(options.out)
    if options.per_sentence:
        check_rows_output(check_output(options.per_sentence))
    state = options.out.with_name(f".{options.out.name}.state")
    if options.restart:
        state.unlink(missing_ok=True)
    atlas = build(
        options.model,
        options.corpus,
        gold=options.gold,
        measures=options.measures.split(",") if options.measures else None,
        shards=options.shards,
        engine=options.engine,
        address=options.address,
        references=options.references,
        quality=options.quality,
        state=state,
        per_sentence=options.per_sentence,
    )
    write(atlas, options.out, baselines=options.baseline)
    state.unlink(missing_ok=True)
    shutil.rmtree(pieces(state), ignore_errors=True)
    return atlas


if __name__ == "__main__":
    main()
