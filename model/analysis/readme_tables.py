"""The figures of README.md here, from what was computed beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from pathlib import Path

from scipy.stats import spearmanr

from ..network.config import KINDS
from .attribution.findings import read_findings
from .heads.badges import badges
from .heads.files import read_atlas
from .heads.table import HeadTable
from .intervals import Interval
from .interventions.pruning import ALL, RANKED, RISE, Pruning, read_pruning, spared

README = Path(__file__).parent / "README.md"
START, END = "<!-- figures: written by ship -->", "<!-- end of figures -->"
NAMES = {
    "encoder_self": "encoder self-attention",
    "decoder_self": "decoder self-attention",
    "cross": "cross-attention",
    ALL: "all kinds together",
}
WORTH = {"reference_loss": "Δ loss on references", "quality_drop": "Δ quality"}


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
        f"From output to source, 95 % intervals: alignment error in the row that writes on "
        f"{rows[0].pairs} pairs ({found.gold or 'none'}), agreement with leaving one word out "
        f"on {rows[0].rows:,} tokens of {found.sentences} sentences:\n"
    )
    yield "| method | AER ↓ | Kendall's τ_b ↑ | same first word ↑ |"
    yield "|:--|--:|--:|--:|"
    for one in rows:
        yield f"| {one.title} | {_said(one.aer)} | {_said(one.tau)} | {_said(one.top)} |"
    yield ""


def _said(found: Interval) -> str:
    return "–" if isnan(found.value) else str(found)


def _heads(atlas: HeadTable) -> Iterator[str]:
    for slug, row in (("aer", "writes"), ("aer_shifted", "reads")):
        if atlas.has(slug):
            value, head = min((atlas.value(slug, head), head) for head in atlas.heads("cross"))
            layers = ", ".join(
                f"L{i} {value:.3f}" for i, value in enumerate(atlas.layer_values[slug, "cross"])
            )
            yield (
                f"Lowest alignment error rate of a cross head, row that {row}: {value:.3f} ± "
                f"{atlas.error(slug, head):.3f} (L{head[1]} H{head[2]}); mean patterns of layers: "
                f"{layers}; diagonal {atlas.baseline(slug, 'cross', 'diagonal'):.3f}, chance "
                f"{atlas.baseline(slug, 'cross', 'uniform'):.3f} (against {atlas.gold}).\n"
            )
    zero = [head for head in atlas.heads() if not atlas.differs("sensitivity", head)]
    yield (
        f"{len(badges(atlas))} of {len(atlas.heads())} heads have a badge; the sensitivity of "
        f"{len(zero)} cannot be told from zero (95 % interval).\n"
    )
    if atlas.has("reference_loss"):
        yield f"{_rank_correlations(atlas)}\n"


def _rank_correlations(atlas: HeadTable) -> str:
    """How far what a head sways and what it is worth go together."""
    columns = {
        slug: [atlas.value(slug, head) for head in atlas.heads()]
        for slug in ("sensitivity", "reference_loss", "quality_drop")
    }
    said = [
        f"{name} {spearmanr(columns['sensitivity'], columns[slug]).statistic:+.2f}"
        for slug, name in (
            ("reference_loss", "Δ loss on references"),
            ("quality_drop", "Δ quality"),
        )
        if len({*columns[slug]}) > 1
    ]
    return (
        "Spearman's rank correlation of sensitivity over all heads with "
        f"{' and '.join(said)} ({atlas.references})."
    )
