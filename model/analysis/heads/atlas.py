"""All measures of all heads over a corpus of any length: `headlight atlas`.

Lines are read in blocks, decoded greedily in batches, traced, summed and forgotten.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from ...checkpoints.folder import load
from ..alignment.gold import read_gold
from ..corpus import EmptyCorpus, count_lines
from .badges import badges
from .metrics import ALIGNMENT, METRICS, get_metric
from .shards import ENGINES
from .table import HeadTable, from_totals
from .totals import Totals, of_gold


def build(
    name: str,
    corpus: Path,
    *,
    gold: Path | None = None,
    measures: list[str] | None = None,
    shards: int = 1,
    engine: str = "local",
    address: str | None = None,
) -> HeadTable:
    """Metric every head of a model over the lines of a file.

    Args:
        name: a model's name, or the path of its folder.
        corpus: a text file, one source text a line.
        gold: a file of gold alignments (format in `gold.py`) for the alignment error rates.
        measures: slugs; all by default.
        shards: parts that the file is cut into; the result is the same to rounding (1e-9).
        engine: where the shards are computed, a name in `ENGINES`.
        address: of the Ray cluster.

    Raises:
        EmptyCorpus: there is not a single line that the model can read.
        ValueError: a file, a name or a number that cannot be used.
    """
    loaded = load(name)
    slugs = [get_metric(slug).slug for slug in measures or [one.slug for one in METRICS]]
    if engine not in ENGINES:
        raise ValueError(f"There is no engine “{engine}”. There are: {', '.join(ENGINES)}.")
    if shards < 1:
        raise ValueError(f"The number of shards must be 1 or more, not {shards}.")
    n_lines = count_lines(corpus)
    pairs = read_gold(gold) if gold else []
    known_by_file = {one.slug for one in ALIGNMENT} if pairs else set()  # one truth only
    asked = [slug for slug in slugs if slug not in known_by_file]
    totals = Totals()
    with tqdm(total=n_lines, unit="line", desc=loaded.slug) as bar:
        for lines, part in ENGINES[engine](name, corpus, asked, shards, address):
            totals = totals.plus(part)
            bar.update(lines)
    if not totals.read:
        reasons = ", ".join(f"{n:,} {why}" for why, n in totals.skipped.items())
        raise EmptyCorpus(f"None of the {n_lines:,} lines of {corpus} could be read: {reasons}.")
    if pairs:
        totals = totals.plus(of_gold(loaded, pairs))
    known = f"{gold.name}, {len(pairs)} pairs" if gold else ""
    return from_totals(loaded, totals, corpus.name, known)


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight atlas", description=__doc__)
    parser.add_argument("--model", required=True, help="its name, or a checkpoint folder")
    parser.add_argument("--corpus", required=True, type=Path, help="one source text a line")
    parser.add_argument("--out", required=True, type=Path, help="the Parquet file to write")
    parser.add_argument("--gold", type=Path, help="gold alignments, for the alignment error rates")
    parser.add_argument("--measures", help="slugs with commas between them; all by default")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--engine", default="local", help=", ".join(ENGINES))
    parser.add_argument(
        "--address", help="of a running Ray cluster; without it one is started here"
    )
    options = parser.parse_args(argv)
    try:
        atlas = build(
            options.model,
            options.corpus,
            gold=options.gold,
            measures=options.measures.split(",") if options.measures else None,
            shards=options.shards,
            engine=options.engine,
            address=options.address,
        )
        atlas.write(options.out)
    except (ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    print(f"{atlas.read:,} sentences measured, {len(atlas.heads())} heads, in {options.out}.")
    for why, n in atlas.skipped.items():
        print(f"{n:,} skipped: {why}")
    for (kind, layer, head), given in badges(atlas).items():
        print(f"{kind:13} L{layer} H{head}  {', '.join(badge.title for badge in given)}")
