"""How good every way from output to source is: against hand-made links, and against leaving out.

One row a way: its alignment error rate, Kendall's τ with leaving one word out, and how often both
name the same word first, with 95 % intervals over sentences, beside chance and the diagonal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from ...run.trace import Trace
from ..alignment.error import chance_errors, diagonal, diagonal_errors, errors
from ..alignment.links import Alignment
from ..alignment.reference import word_groups
from ..intervals import Interval, bootstrap
from . import LEAVE_OUT, METHODS
from .attention import head_method, layer_method
from .base import Method
from .sources import agreement

Aligned = tuple[Trace, Alignment]
CHANCE, DIAGONAL = "chance", "diagonal"


@dataclass(frozen=True)
class Finding:
    """One row.

    Attributes:
        method, title: which way.
        aer: alignment error rate in the row that writes, lower is better.
        tau: mean over rows of Kendall's τ_b with leaving one word out, signs aside.
        top: share of rows in which both have the same first word.
        pairs, rows: what they were counted on.
    """

    method: str
    title: str
    aer: Interval
    tau: Interval
    top: Interval
    pairs: int
    rows: int


@dataclass(frozen=True)
class Counted:
    """By sentence: [sentences] numerators and denominators of one number."""

    total: list[float]
    count: list[float]

    def interval(self) -> Interval:
        """The number with its interval."""
        return bootstrap(np.array(self.total), np.array(self.count))


Score = Callable[[Model, Trace, Sequence[Sequence[int]]], Array]


def ways(model: Model) -> tuple[Method, ...]:
    """All methods, and the mean of each layer's cross-attention, by weights and by norms."""
    layers = [
        layer_method(i, model.config.heads("cross"), normed=normed)
        for normed in (False, True)
        for i in range(model.config.n_layers("cross"))
    ]
    return (*METHODS, *layers)


def findings(
    model: Model,
    traces: Sequence[Trace],
    aligned: Sequence[Aligned],
    methods: Sequence[Method] | None = None,
    *,
    best_head: bool = True,
) -> Iterator[Finding]:
    """The rows of the table, one after the other.

    Args:
        traces: of runs, for the agreement with leaving one word out.
        aligned: traces of pairs with known links, for the alignment error. The best head is chosen
            on every other pair and reported on those between, and the other way round.
        methods: `ways(model)` by default.
        best_head: with a row for it.
    """
    groups = [word_groups(trace.src) for trace in traces]
    truth = [
        LEAVE_OUT.scores(model, trace, words) for trace, words in zip(traces, groups, strict=True)
    ]

    def row(slug: str, title: str, score: Score, missed: Counted) -> Finding:
        tau, top = Counted([], []), Counted([], [])
        for trace, words, right in zip(traces, groups, truth, strict=True):
            found = score(model, trace, words)
            known = agreement(found, right)
            known = known[np.isfinite(known)]
            _add(tau, known.sum(), len(known))
            if len(words) > 1:
                _add(top, (found.argmax(-1) == right.argmax(-1)).sum(), len(found))
        return Finding(
            slug, title, missed.interval(), tau.interval(), top.interval(), len(aligned),
            int(sum(tau.count)),
        )  # fmt: skip

    def missed_by(score: Score, part: slice = slice(None)) -> Counted:
        counted = Counted([], [])
        for trace, alignment in aligned[part]:
            wrong, count = errors(score(model, trace, alignment.sources), alignment)
            _add(counted, float(wrong), count)
        return counted

    def given(found: Callable[[Alignment], tuple[float, float]]) -> Counted:
        counted = Counted([], [])
        for _, alignment in aligned:
            _add(counted, *found(alignment))
        return counted

    for one in ways(model) if methods is None else methods:
        yield row(one.slug, one.title, one.scores, missed_by(one.scores))
    if aligned and best_head:
        yield from _best_head(model, aligned, missed_by, row)
    yield row(DIAGONAL, "diagonal (no model)", _diagonal, given(diagonal_errors))
    yield row(CHANCE, "chance (no model)", _chance, given(chance_errors))


def _best_head(
    model: Model,
    aligned: Sequence[Aligned],
    missed_by: Callable[[Score, slice], Counted],
    row: Callable[[str, str, Score, Counted], Finding],
) -> Iterator[Finding]:
    """The head with the lowest error on one half of the pairs, on the other half."""
    every = [
        head_method(layer, head)
        for layer in range(model.config.n_layers("cross"))
        for head in range(model.config.heads("cross"))
    ]
    halves = (slice(0, None, 2), slice(1, None, 2))
    chosen, both = [], Counted([], [])
    for pick, report in (halves, halves[::-1]):
        best = min(every, key=lambda one: missed_by(one.scores, pick).interval().value)
        other = missed_by(best.scores, report)
        chosen.append(best)
        both.total.extend(other.total)
        both.count.extend(other.count)
    names = " and ".join(dict.fromkeys(one.title.rsplit(", ", 1)[1] for one in chosen))
    title = f"attention weights, best head ({names}; chosen on one half, counted on the other)"
    yield row("best_head", title, chosen[0].scores, both)


def _diagonal(model: Model, trace: Trace, words: Sequence[Sequence[int]]) -> Array:
    return diagonal(len(trace.tgt_out), len(words)) + 1.0


def _chance(model: Model, trace: Trace, words: Sequence[Sequence[int]]) -> Array:
    return np.random.default_rng(len(trace.tgt_out)).random((len(trace.tgt_out), len(words)))


def _add(counted: Counted, total: float, count: float) -> None:
    counted.total.append(float(total))
    counted.count.append(float(count))


@dataclass(frozen=True)
class Findings:
    """The table of one model, as it is kept in a file.

    Attributes:
        digest: of the weights.
        sentences: for the agreement with leaving one word out.
        gold: what the alignment error was counted against; empty where there was nothing.
        rows: one a way, the two that do without a model last.
    """

    digest: str
    sentences: int
    gold: str
    rows: tuple[Finding, ...]

    def to_pandas(self) -> Any:
        """One row a way, as a `pandas.DataFrame`: each number with the ends of its interval."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"method": one.method, "title": one.title, "pairs": one.pairs, "rows": one.rows}
                | {
                    name + suffix: getattr(getattr(one, name), part)
                    for name in NUMBERS
                    for suffix, part in (("", "value"), ("_low", "low"), ("_high", "high"))
                }
                for one in self.rows
            ]
        )

    def write(self, path: Path) -> None:
        """As JSON."""
        values = asdict(self)
        for row, one in zip(values["rows"], self.rows, strict=True):
            for name in NUMBERS:
                found = getattr(one, name)
                row[name] = [None if np.isnan(x) else round(x, 6) for x in found]
        text = json.dumps(values, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


NUMBERS = ("aer", "tau", "top")


def read_findings(path: Path) -> Findings:
    """What `Findings.write` wrote.

    Raises:
        ValueError: the file is missing or damaged.
    """
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(_row(one) for one in values.pop("rows"))
        return Findings(rows=rows, **values)
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{path} does not hold findings: {error}") from error


def _row(values: dict[str, Any]) -> Finding:
    for name in NUMBERS:
        numbers = [float("nan") if x is None else float(x) for x in values[name]]
        values[name] = Interval(*numbers)
    return Finding(**values)
