"""When each head became what it is: metrics of all heads at the kept steps of a training.

The sentences are given with their right answers (teacher forcing), so all steps have the same rows:
fresh inputs of a synthetic task, or hand-aligned pairs. What is shipped is the table, not weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute
from pyarrow import parquet as pq
from tqdm import tqdm

from ..analysis.alignment.gold import on_tokens, read_gold
from ..analysis.alignment.links import Alignment, of_task
from ..analysis.asset_pieces import GOLD
from ..analysis.heads.badges import BADGES
from ..analysis.heads.metrics import METRICS, Sample
from ..analysis.heads.table import HeadTable, from_totals
from ..analysis.heads.totals import of_samples
from ..checkpoints.folder import read_folder
from ..run.arrays import Array
from ..run.edits import Head
from ..run.runner import Model
from ..run.sources import AnySource
from ..tasks import SyntheticTask
from ..tasks.translate import DEFAULT_DATA

FILE = "heads.parquet"
PAIRS = Path(__file__).with_name("recording_pairs.tsv")
"""Eight pairs of our own, linked by hand: for a translator whose larger gold file is not there."""
SEED = 888_000
"""Of the inputs of a synthetic task; training, measuring and analysis use others."""
INPUTS = 100
FOLLOWED = tuple(one for one in METRICS if not one.needs_model)
"""Metrics of patterns: no head is switched off."""
ROWS = {"aer": "writes", "aer_shifted": "reads"}
_META = b"headlight"
_FOREIGN = (OSError, LookupError, TypeError, ValueError, AttributeError, pa.ArrowException)

Given = tuple[AnySource, str, Alignment | None]
"""A source, its right answer, and the true links where no rule of a task says them."""


@dataclass(frozen=True)
class Aligner:
    """The best aligner of a training's end: chosen on one half of the sentences, told of the other.

    Args:
        row: the row that "writes" the word, or the one that "reads" it.
        layer, head: which head of cross-attention.
        error, standard_error: its alignment error rate at the end.
        diagonal: what the diagonal would have.
        step: the first kept step from which on it has the badge of an aligner; None where it has
            none at the end.
    """

    row: str
    layer: int
    head: int
    error: float
    standard_error: float
    diagonal: float
    step: int | None


@dataclass(frozen=True)
class Emergence:
    """Every head at every kept step.

    Attributes:
        digest: of the weights of the last step.
        what: the sentences, in words.
        aligners: the best of each framing.
        rows: one row a step and head, layer mean or baseline, as `HeadTable.to_arrow` has them.
    """

    digest: str
    what: str
    aligners: tuple[Aligner, ...]
    rows: pa.Table

    def __repr__(self) -> str:
        steps = self.steps
        return f"Emergence({len(steps)} steps from {steps[0]:,} to {steps[-1]:,}, on {self.what})"

    @property
    def steps(self) -> tuple[int, ...]:
        """The kept steps."""
        return tuple(sorted(set(self.rows["step"].to_pylist())))

    def grid(self, slug: str, kind: str) -> Array:
        """[N, L, H] of one metric; NaN where nothing was counted."""
        found = self._of(kind, "head")
        shape = (
            len(self.steps),
            1 + max(found["layer"].to_pylist()),
            1 + max(found["head"].to_pylist()),
        )
        return _numbers(found[slug]).reshape(shape)

    def baseline(self, slug: str, kind: str, name: str) -> float:
        """What "uniform" or "diagonal" attention scores; NaN where it has no meaning."""
        return float(_numbers(self._of(kind, name)[slug])[-1])

    def followed_by(self, later: Emergence) -> Emergence:
        """What it has of the steps before, and what came of going on from there.

        Raises:
            ValueError: another head aligns best now, and nothing is kept of since when.
        """
        first, found = later.steps[0], list[Aligner]()
        for old, new in zip(self.aligners, later.aligners, strict=True):
            if new.step is not None and (old.layer, old.head) != (new.layer, new.head):
                raise ValueError(
                    f"L{new.layer} H{new.head} aligns best now, no longer L{old.layer} "
                    f"H{old.head}: since when, only snapshots of the whole training can say."
                )
            since = old.step if new.step == first and old.step is not None else new.step
            found.append(replace(new, step=since))
        kept = self.rows.filter(compute.less(self.rows["step"], first))
        rows = pa.concat_tables((kept, later.rows))
        return replace(later, aligners=tuple(found), rows=rows)

    def _of(self, kind: str, row: str) -> pa.Table:
        same = compute.and_(
            compute.equal(self.rows["kind"], kind), compute.equal(self.rows["row"], row)
        )
        return self.rows.filter(same)

    def to_pandas(self) -> Any:
        """One row a step and head, as a `pandas.DataFrame`."""
        return self.rows.to_pandas()

    def write(self, path: Path) -> None:
        """As Parquet."""
        meta = {"digest": self.digest, "what": self.what}
        meta["aligners"] = [asdict(one) for one in self.aligners]  # type: ignore[assignment]
        rows = self.rows.replace_schema_metadata({_META: json.dumps(meta).encode()})
        pq.write_table(rows, path, compression="zstd")


def read(path: Path) -> Emergence:
    """What `Emergence.write` wrote.

    Raises:
        ValueError: the file is missing, damaged, or something else.
    """
    try:
        rows = pq.read_table(path)
        meta = json.loads(rows.schema.metadata[_META])
        aligners = tuple(Aligner(**one) for one in meta["aligners"])
        return Emergence(meta["digest"], meta["what"], aligners, rows)
    except _FOREIGN as error:
        raise ValueError(f"{path} does not hold heads of a training: {error}") from error


def follow(
    folder: Path,
    snapshots: Mapping[int, Path],
    data: Path | None = None,
    n: int = INPUTS,
    before: Emergence | None = None,
) -> Emergence:
    """Measure every snapshot, shown by a progress bar.

    Args:
        folder: the model's configuration and vocabulary.
        snapshots: weights by step.
        data: the folder with hand-aligned pairs, for a translator.
        n: inputs of a synthetic task.
        before: what is kept of the steps before these, to go on from.

    Raises:
        ValueError: as `Emergence.followed_by`.
    """
    given, what = sentences(read_folder(folder), data, n)
    tables, halves = list[HeadTable](), list[HeadTable]()
    chosen_on: HeadTable | None = None
    for step, file in tqdm(snapshots.items(), desc="heads", unit="snapshot"):
        model = read_folder(folder, file)
        samples = [_sample(model, *one) for one in given]
        first, second = (
            of_samples(model, part, FOLLOWED) for part in (samples[::2], samples[1::2])
        )
        tables.append(from_totals(model, first.plus(second), f"step {step}"))
        chosen_on = from_totals(model, first, "")
        halves.append(from_totals(model, second, ""))
    assert chosen_on is not None
    steps = tuple(snapshots)
    known = {one.row: (one.layer, one.head) for one in before.aligners} if before else {}
    found = Emergence(
        digest=tables[-1].digest,
        what=what,
        aligners=tuple(
            _aligner(slug, steps, chosen_on, halves, known.get(row)) for slug, row in ROWS.items()
        ),
        rows=pa.concat_tables(_rows(s, table) for s, table in zip(steps, tables, strict=True)),
    )
    return before.followed_by(found) if before else found


def sentences(model: Model, data: Path | None, n: int = INPUTS) -> tuple[list[Given], str]:
    """What a model's training is followed on, and that in words."""
    if isinstance(model.task, SyntheticTask):
        pairs = islice(model.task.pairs(SEED), n)
        return [(source, target, None) for source, target in pairs], f"{n} fresh inputs"
    gold = (data or DEFAULT_DATA) / GOLD
    file, name = (gold, f" ({GOLD.as_posix()})") if gold.is_file() else (PAIRS, " of the project")
    found: list[Given] = []
    for pair in read_gold(file):
        try:
            source, target, alignment = on_tokens(pair, model)
            model.read(source)
        except ValueError:
            continue
        found.append((source, target, alignment))
    return found, f"{len(found)} hand-aligned pairs{name}"


def _sample(model: Model, source: AnySource, target: str, known: Alignment | None) -> Sample:
    trace = model.teacher_force(source, target)
    return Sample(trace, known or of_task(model.task, trace))


def _aligner(
    slug: str,
    steps: Sequence[int],
    chosen_on: HeadTable,
    told_of: Sequence[HeadTable],
    known: tuple[int, int] | None,
) -> Aligner:
    """The head with the lowest error at the end, and since when it is an aligner.

    Of several that are as good the `known` one, and else the first.
    """

    def worth(head: Head) -> tuple[float, bool]:
        return chosen_on.value(slug, head), head[1:] != known

    best = min(chosen_on.heads("cross"), key=worth)
    badge = next(one for one in BADGES if one.slug == slug)
    since = None
    for step, table in zip(reversed(steps), reversed(told_of), strict=True):
        if not badge.earned(table, best):
            break
        since = step
    end = told_of[-1]
    return Aligner(
        row=ROWS[slug],
        layer=best[1],
        head=best[2],
        error=end.value(slug, best),
        standard_error=end.error(slug, best),
        diagonal=end.baseline(slug, "cross", "diagonal"),
        step=since,
    )


def _rows(step: int, table: HeadTable) -> pa.Table:
    """The followed metrics of a table in single precision, behind a column with the step."""
    rows = replace(table, means={}).to_arrow(means=False, baselines=True)
    names = [one.slug + suffix for one in FOLLOWED for suffix in ("", "_se")]
    columns: dict[str, Any] = {"step": pa.array([step] * len(rows), pa.int32())}
    columns |= {name: rows[name] for name in ("kind", "layer", "head", "row")}
    columns |= {name: rows[name].cast(pa.float32()) for name in names}
    return pa.table(columns)


def _numbers(column: pa.ChunkedArray) -> Array:
    return column.to_numpy().astype(np.float64)
