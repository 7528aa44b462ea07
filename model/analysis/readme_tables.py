"""The figures of README.md here, from what was computed beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, isnan
from pathlib import Path

from scipy.stats import spearmanr

from ..network.config import KINDS
from .attribution.findings import NUMBERS, read_findings
from .heads.badges import badges
from .heads.files import read_atlas
from .heads.table import HeadTable
from .intervals import Interval
from .interventions.pruning import ALL, RANKED, RISE, Pruning, read_pruning, spared

README = Path(__file__).parent / "README.md"
START, END = "<!-- figures: written by headlight build-assets -->", "<!-- end of figures -->"
NAMES = {
    "encoder_self": "encoder self-attention",
    "decoder_self": "decoder self-attention",
    "cross": "cross-attention",
    ALL: "all kinds together",
}
WORTH = {"reference_loss": "Δ loss on references", "quality_drop": "Δ quality"}
"""What heads are worth for right answers; sensitivity is held against it."""


def write_figures(folder: Path, readme: Path = README) -> None:
    """Put the figures of all models in `folder` between the two marks of the README.

    Raises:
        ValueError: the marks are not there, or a file is damaged.
    """
    text = readme.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{readme} does not have the marks between which the figures stand.")
    figures = "\n".join(_figures(folder))
    readme.write_text(f"{before}{START}\n\n{figures}\n{END}{after}", encoding="utf-8")


def _figures(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*.parquet")):
        slug = file.stem
        atlas = read_atlas(file)
        yield f"### {slug}\n"
        yield from _pruning(read_pruning(folder / f"{slug}.pruning.json"))
        yield from _sources(folder / f"{slug}.sources.json")
        yield from _heads(atlas)


def _pruning(pruning: Pruning) -> Iterator[str]:
    curves = {(one.heads, one.order): one for one in pruning.curves}
    whole = curves[ALL, RANKED]
    n = spared(pruning, ALL, RISE).orders
    yield (
        f"On {pruning.what} the whole model has a loss of {whole.loss[0]:.3f} nats per token; "
        f"{pruning.quality_name}: {whole.quality[0]:.3f}. Heads that can go before the loss has "
        f"risen by more than {RISE:.3f}, in the order of sensitivity (measured on other sentences) "
        f"and in {n} random orders:\n"
    )
    yield "| heads | of | least sensitive first | random: mean ± sd (range) | loss with none left |"
    yield "|:--|--:|--:|--:|--:|"
    for heads in (*KINDS, ALL):
        one = spared(pruning, heads, RISE)
        yield (
            f"| {NAMES[heads]} | {one.of} | {one.ranked} | {one.mean:.1f} ± {one.deviation:.1f} "
            f"({one.least}–{one.most}) | {curves[heads, RANKED].loss[-1]:.3f} |"
        )
    yield ""


def _sources(file: Path) -> Iterator[str]:
    found = read_findings(file)
    rows = found.rows
    yield (
        f"From output to source, 95 % intervals: alignment error in the row that writes a word and "
        f"in the row that reads it on {found.linked}, agreement with "
        f"leaving one word out on {rows[0].rows:,} tokens of {found.sentences} sentences:\n"
    )
    yield (
        "| method | AER, row that writes ↓ | AER, row that reads ↓ | Kendall's τ_b ↑ | "
        "same first word ↑ |"
    )
    yield "|:--|--:|--:|--:|--:|"
    for one in rows:
        numbers = " | ".join(_said(getattr(one, name)) for name in NUMBERS)
        yield f"| {one.title} | {numbers} |"
    yield ""


def _said(found: Interval) -> str:
    return "–" if isnan(found.value) else str(found)


def _heads(atlas: HeadTable) -> Iterator[str]:
    heads = atlas.heads()
    yield (
        f"{len(badges(atlas))} of {len(heads)} heads have a badge. Cannot be told from zero (95 % "
        f"interval): {_and([_unsure(atlas, slug) for slug in ('sensitivity', *WORTH)])}.\n"
    )
    if atlas.has("reference_loss"):
        yield f"{_rank_correlations(atlas)}\n"


def _unsure(atlas: HeadTable, slug: str) -> str:
    """`the sensitivity of 3 heads`; "" where it was not measured with its errors."""
    if not any(isfinite(atlas.error(slug, head)) for head in atlas.heads()):
        return ""
    n = sum(not atlas.differs(slug, head) for head in atlas.heads())
    return f"the {WORTH.get(slug, slug)} of {n} heads"


def _rank_correlations(atlas: HeadTable) -> str:
    """How far what a head sways and what it is worth go together."""
    columns = {
        slug: [atlas.value(slug, head) for head in atlas.heads()]
        for slug in ("sensitivity", *WORTH)
    }
    said = [
        f"{name} {spearmanr(columns['sensitivity'], columns[slug]).statistic:+.2f}"
        for slug, name in WORTH.items()
        if len({*columns[slug]}) > 1
    ]
    return (
        "Spearman's rank correlation of sensitivity over all heads with "
        f"{_and(said)} ({atlas.references})."
    )


def _and(parts: Sequence[str]) -> str:
    """`a, b and c`, without those that are empty."""
    *most, last = [part for part in parts if part]
    return f"{', '.join(most)} and {last}" if most else last
