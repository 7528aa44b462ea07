"""How good every way from output to source is: against hand-made links, and against leaving out.

One row a way: its alignment error rate in both framings, Kendall's τ with leaving one word out, and
how often both name the same word first, with 95 % intervals over sentences, beside chance and the
diagonal. What was chosen among several (the best head; how shares are read) is chosen on one half
of the pairs and counted on the other, both ways round.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...run.runner import Model
from ...run.trace import Trace
from ..alignment.links import Alignment
from ..intervals import Interval, bootstrap
from .base import Method
from .judging import Counts, of_pair, of_run
from .sources import WITHOUT_MODEL
from .ways import Choice, choices, ways

Aligned = tuple[Trace, Alignment]
NUMBERS = ("aer", "aer_reads", "tau", "top")


@dataclass(frozen=True)
class Finding:
    """One row.

    Attributes:
        method, title: which way.
        aer, aer_reads: alignment error rate in the row that writes a word and in the row that reads
            it, lower is better.
        tau: mean over rows of Kendall's τ_b with leaving one word out, signs aside.
        top: share of rows in which both have the same first word; of several first ones the part
            that is right.
        pairs, rows: what they were counted on.
    """

    method: str
    title: str
    aer: Interval
    aer_reads: Interval
    tau: Interval
    top: Interval
    pairs: int
    rows: int


def findings(
    model: Model,
    traces: Sequence[Trace],
    aligned: Sequence[Aligned],
    methods: Sequence[Method] | None = None,
) -> tuple[Finding, ...]:
    """The rows of the table.

    Args:
        traces: of runs, for the agreement with leaving one word out.
        aligned: traces of pairs with known links, for the alignment error.
        methods: `ways(model)` by default, and then everything that is chosen among several; with
            methods of one's own, the best heads only.
    """
    shown = ways(model) if methods is None else tuple(methods)
    picks = [one for one in choices(model) if methods is None or one.of_heads]
    needed = every(shown, picks)
    runs = [of_run(model, trace, needed) for trace in traces]
    pairs = [of_pair(model, *one, needed) for one in aligned]
    return table(shown, picks, runs, pairs)


def every(shown: Sequence[Method], picks: Sequence[Choice]) -> tuple[Method, ...]:
    """All methods that have to be judged, each once."""
    found = [*shown, *(one for pick in picks for one in pick.candidates)]
    return tuple({one.slug: one for one in found}.values())


def table(
    shown: Sequence[Method],
    picks: Sequence[Choice],
    runs: Sequence[Counts],
    pairs: Sequence[Counts],
) -> tuple[Finding, ...]:
    """The rows, from what was counted on each run and on each pair."""

    def row(title: str, slug: str, of_runs: Sequence[str], of_pairs: Sequence[str]) -> Finding:
        """A way as it was chosen for every run and for every pair."""
        said = _fractions(runs, of_runs)
        linked = _fractions(pairs, of_pairs)
        return Finding(
            method=slug,
            title=title,
            aer=bootstrap(linked[:, 0], linked[:, 1]),
            aer_reads=bootstrap(linked[:, 2], linked[:, 3]),
            tau=bootstrap(said[:, 0], said[:, 1]),
            top=bootstrap(said[:, 2], said[:, 3]),
            pairs=len(pairs),
            rows=int(said[:, 1].sum()),
        )

    def same(title: str, slug: str) -> Finding:
        return row(title, slug, [slug] * len(runs), [slug] * len(pairs))

    rows = [same(one.title, one.slug) for one in shown]
    for pick in picks if len(pairs) > 1 else ():
        chosen = [_best(pick, pairs[1::2]), _best(pick, pairs[0::2])]  # for even and odd places
        names = " and ".join(dict.fromkeys(pick.names[one] for one in reversed(chosen)))
        rows.append(
            row(
                f"{pick.title} ({names}; chosen on one half, counted on the other)",
                pick.slug,
                [chosen[i % 2] for i in range(len(runs))],
                [chosen[i % 2] for i in range(len(pairs))],
            )
        )
    return (*rows, *(same(title, slug) for slug, title in WITHOUT_MODEL.items()))


def _fractions(counts: Sequence[Counts], slugs: Sequence[str]) -> Any:
    """float64 [sentences, 4]."""
    found = [one[slug] for one, slug in zip(counts, slugs, strict=True)]
    return np.array(found, np.float64).reshape(-1, 4)


def _best(pick: Choice, half: Sequence[Counts]) -> str:
    """The candidate with the lowest alignment error on some pairs, the first one among equals."""
    first = 2 * pick.reads

    def error(method: Method) -> float:
        missed, count = np.sum([one[method.slug][first : first + 2] for one in half], axis=0)
        return float(missed / count) if count else 1.0

    return min(pick.candidates, key=error).slug


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

    def row(self, method: str) -> Finding | None:
        """The row of that name; None where there is none."""
        return next((one for one in self.rows if one.method == method), None)

    @property
    def linked(self) -> str:
        """The pairs that the alignment error was counted on, in words; "none" without any."""
        if not self.gold:
            return "none"
        pairs = f"{self.rows[0].pairs} pairs ({self.gold})"
        return self.gold if self.gold[0].isdigit() else pairs  # hand-made ones say their number

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


def with_rows(before: Findings, new: Findings, model: Model) -> Findings:
    """A table with rows that it did not have, in the usual order.

    Raises:
        ValueError: the new rows are of other weights or sentences: the ways that do without a model
            come out otherwise.
    """
    same = (before.digest, before.sentences, before.gold) == (new.digest, new.sentences, new.gold)
    if not same or not all(_alike(before.row(slug), new.row(slug)) for slug in WITHOUT_MODEL):
        raise ValueError("The table is of other weights or sentences: build its sources again.")
    found = {one.method: one for one in (*new.rows, *before.rows)}
    usual = [*(one.slug for one in ways(model)), *(one.slug for one in choices(model))]
    order = [*usual, *WITHOUT_MODEL]
    return replace(before, rows=tuple(found[slug] for slug in order if slug in found))


def _alike(one: Finding | None, other: Finding | None) -> bool:
    if one is None or other is None or (one.pairs, one.rows) != (other.pairs, other.rows):
        return False
    numbers = [[getattr(row, name) for name in NUMBERS] for row in (one, other)]
    return np.allclose(numbers[0], numbers[1], atol=1e-3, equal_nan=True)


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
        given = values.get(name, [None] * 3)  # older files have one framing only
        numbers = [float("nan") if x is None else float(x) for x in given]
        values[name] = Interval(*numbers)
    return Finding(**values)
