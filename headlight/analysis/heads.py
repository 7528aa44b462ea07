"""Metrics of all heads: definitions, a table over a corpus, badges, a map."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headlight.model import AnySource, Model
from headlight.model.analysis.alignment.gold import GoldPair, read_gold
from headlight.model.analysis.corpus import texts_of
from headlight.model.analysis.heads.badges import badges as _badges
from headlight.model.analysis.heads.files import read_atlas, write
from headlight.model.analysis.heads.metrics import METRICS, get_metric
from headlight.model.analysis.heads.search import PATTERNS, scan
from headlight.model.analysis.heads.search import search as _search
from headlight.model.analysis.heads.table import Z95, HeadTable, from_totals
from headlight.model.analysis.heads.totals import UNREAD_PAIR, of_gold, of_lines
from headlight.model.network.config import KINDS


def metrics() -> Any:
    """All metrics with their definitions, ranges and sources, as a `pandas.DataFrame`.

    >>> metrics().set_index("metric").loc["entropy_share", ["low", "high"]].tolist()
    [0.0, 1.0]
    """
    import pandas as pd

    names = ("title", "group", "definition", "low", "high", "unit", "source", "kinds")
    rows = [{"metric": one.slug} | {name: getattr(one, name) for name in names} for one in METRICS]
    return pd.DataFrame(rows)


def table(
    model: Model,
    lines: Sequence[AnySource],
    *,
    metrics: str | Sequence[str] | None = None,
    gold: str | Path | Sequence[GoldPair] | None = None,
) -> HeadTable:
    """Every head measured over lines of text, decoded greedily.

    Args:
        metrics: names of metrics, or one; all by default. Those that run the model again for every
            head (`sensitivity`) take most of the time.
        gold: hand-made links for the alignment error, in place of what the task knows: a file
            (format in `model/analysis/README.md`), or its pairs.

    Returns:
        a table with `.value(metric, head)`, `.error` (standard error), `.to_pandas()`.

    Raises:
        ValueError: an unknown metric, no line that the model can read, or a bad gold file.

    >>> import headlight
    >>> found = table(headlight.load("reverse"), ["a b c", "q w e r t y"], metrics=["aer"])
    >>> found.to_pandas(baselines=True).query("row == 'diagonal'").aer.round(3).tolist()[-1]
    0.889
    """
    names = [metrics] if isinstance(metrics, str) else metrics
    chosen = [get_metric(slug) for slug in names or [one.slug for one in METRICS]]
    texts = texts_of(model, lines)
    pairs = read_gold(Path(gold)) if isinstance(gold, str | Path) else list(gold or ())
    on_lines = [one for one in chosen if not (pairs and one.wants == "alignment")]
    totals = of_lines(model, texts, on_lines)
    wanted = [one for one in chosen if one.wants == "alignment"]
    if pairs and wanted:
        totals = totals.plus(of_gold(model, pairs, wanted))
    n = len(pairs) - totals.skipped[UNREAD_PAIR]
    known = f"{n} hand-aligned pairs" if pairs else "the task's own rule"
    linked = any(totals.sums[one.slug, kind].count.any() for one in wanted for kind in one.kinds)
    return from_totals(model, totals, f"{totals.read} lines", known if linked else "")


def badges(table: HeadTable) -> dict[tuple[str, int, int], list[str]]:
    """The names that heads earn by stated thresholds, by (kind, layer, head).

    >>> import headlight
    >>> found = table(headlight.load("reverse"), ["a b c", "q w e r t y", "l k j h"])
    >>> "left to right" in badges(found).get(("cross", 1, 0), [])
    False
    """
    return {head: [one.title for one in given] for head, given in _badges(table).items()}


def map(table: HeadTable, metric: str, kind: str) -> Any:
    """Layers × heads of one kind, coloured by a metric: a plotly figure.

    Raises:
        ValueError: an unknown metric or kind, or nothing to show.

    >>> import headlight
    >>> found = table(headlight.load("reverse"), ["a b c", "q w e r t y"], metrics=["entropy"])
    >>> map(found, "entropy", "cross").data[0].z.shape
    (2, 4)
    """
    import numpy as np

    from headlight.viz.figures.heads_map import heads_map

    one = get_metric(metric)
    if kind not in KINDS or kind not in one.kinds:
        raise ValueError(f"“{metric}” is defined for {', '.join(one.kinds)}, not {kind!r}.")
    values, errors = table.grid(metric, kind), table.error_grid(metric, kind)
    if not np.isfinite(values).any():
        raise ValueError(f"“{metric}” was not measured in this table.")
    largest = float(np.nanmax(np.abs(values))) or 1.0  # a scale has two ends, also of zeros
    low = -largest if one.low is None else one.low
    return heads_map(
        values,
        kind=kind,
        title=f"{one.title}{', ' + one.unit if one.unit else ''}",
        low=low,
        high=largest if one.high is None else one.high,
        signed=one.low is None,
        errors=Z95 * errors,
        unsure=np.abs(values) <= Z95 * errors if one.low is None else None,
        layer_values=table.layer_values.get((metric, kind)),
    )


def search(
    model: Model,
    lines: Sequence[AnySource],
    kind: str,
    pattern: str,
    *,
    above: float = 0.8,
    distance: int = 4,
    only: tuple[int, int] | None = None,
    most: int = 10_000,
) -> Any:
    """The cells of a kind's heads that do a thing with much weight, strongest first.

    Args:
        pattern: "far" (a word more than `distance` away), "word", "previous", "same", "next",
            "punctuation" or "special".
        above: only larger weights count.
        only: one (layer, head) in place of all heads.
        most: cells that are kept, the strongest ones.

    Returns:
        `pandas.DataFrame`: source, output, layer, head, row, column, weight.

    Raises:
        ValueError: an unknown pattern, one that has no meaning for this kind, or lines that the
            model cannot read.

    >>> import headlight
    >>> found = search(headlight.load("reverse"), ["a b c d e f"], "encoder_self", "next", above=0)
    >>> len(found)
    48
    """
    import pandas as pd

    known = {one.slug: one for one in PATTERNS}
    if pattern not in known:
        raise ValueError(f"There is no pattern “{pattern}”. There are: {', '.join(known)}.")
    *_, sentences = scan(model, lines)
    found = _search(
        sentences, kind, known[pattern], distance=distance, above=above, only=only, most=most
    )
    numbers = ["layer", "head", "row", "column", "weight"]
    frame = pd.DataFrame(
        [[getattr(hit, name) for name in numbers] for hit in found.hits], columns=numbers
    )
    for i, name in enumerate(("text", "output")):
        texts = [getattr(sentences[hit.sentence], name) for hit in found.hits]
        frame.insert(i, "source" if name == "text" else name, texts)
    return frame


__all__ = ["HeadTable", "badges", "map", "metrics", "read_atlas", "search", "table", "write"]
