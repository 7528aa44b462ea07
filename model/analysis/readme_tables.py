"""The figures of README.md here, from what was computed beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ..run.trace import KINDS
from .attribution.sources import METHODS
from .heads.badges import badges
from .heads.table import HeadTable, read_atlas
from .interventions.pruning import ALL, Pruning, n_prunable, read_pruning

README = Path(__file__).parent / "README.md"
START, END = "<!-- figures: written by ship -->", "<!-- end of figures -->"
NAMES = {
    "encoder_self": "encoder self-attention",
    "decoder_self": "decoder self-attention",
    "cross": "cross-attention",
    ALL: "all kinds together",
}
RISE = 0.1
"""Nats per token that count as hardly worse."""


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
    whole = curves[ALL, "importance"]
    yield (
        f"On {pruning.what} the whole model has a loss of {whole.loss[0]:.3f} nats per token; "
        f"{pruning.quality_name}: {whole.quality[0]:.3f}. Heads that can go before the loss has "
        f"risen by more than {RISE:.3f}:\n"
    )
    yield "| heads | of | least important first | random order | loss with none left |"
    yield "|:--|--:|--:|--:|--:|"
    for heads in (*KINDS, ALL):
        curve = curves[heads, "importance"]
        chance = [
            n_prunable(one, RISE)
            for (name, order), one in curves.items()
            if name == heads and order != "importance"
        ]
        yield (
            f"| {NAMES[heads]} | {len(curve.removed)} | {n_prunable(curve, RISE)} | "
            f"{sum(chance) / len(chance):.1f} | {curve.loss[-1]:.3f} |"
        )
    yield ""


def _sources(file: Path) -> Iterator[str]:
    found = json.loads(file.read_text(encoding="utf-8"))
    said = ", ".join(
        f"{one.title} {found['tau'][one.slug]:.3f}"
        for one in METHODS[1:]
        if found["tau"][one.slug] is not None
    )
    yield (
        f"Agreement with leaving one word out (mean Kendall's τ_b, {found['sentences']} sentences, "
        f"{found['rows']:,} tokens): {said}.\n"
    )


def _heads(atlas: HeadTable) -> Iterator[str]:
    for slug, row in (("aer", "writes"), ("aer_shifted", "reads")):
        if atlas.has(slug):
            value, head = min((atlas.value(slug, head), head) for head in atlas.heads("cross"))
            yield (
                f"Best alignment error rate of a cross head, row that {row}: {value:.3f} "
                f"(L{head[1]} H{head[2]}; against {atlas.gold}).\n"
            )
    yield f"{len(badges(atlas))} of {len(atlas.heads())} heads have a badge.\n"
