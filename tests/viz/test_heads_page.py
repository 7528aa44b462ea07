"""Heads at work without a browser: what the sections say beside their pictures."""

from __future__ import annotations

import json
import re

from headlight.model.analysis.build_assets import ATLAS
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.checkpoints.folder import CHECKPOINTS
from headlight.model.training import emergence
from tests.viz.page import run


def text_of(tester: object) -> str:
    parts = [*tester.markdown, *tester.caption]  # type: ignore[attr-defined]
    return "\n".join(str(one.value) for one in parts)


def test_the_map_tells_which_heads_differ_from_zero() -> None:
    table = read_atlas(ATLAS / "reverse.parquet")
    said = text_of(run("heads", measure="sensitivity"))
    zero = sum(not table.differs("sensitivity", head) for head in table.heads())
    assert f"not distinguishable from zero ({zero} of {len(table.heads())} heads)" in said
    assert "how much the output depends on the head, not how good the output is" in said


def test_the_map_tells_what_the_diagonal_would_score() -> None:
    table = read_atlas(ATLAS / "reverse.parquet")
    said = text_of(run("heads", measure="aer"))
    diagonal = table.baseline("aer", "cross", "diagonal")
    assert f"diagonal {diagonal:.3f}" in said
    assert "measures the average pattern of a layer's heads" in said


def test_pruning_has_a_range_of_random_orders() -> None:
    said = text_of(run("heads", part="pruning"))
    assert "random orders: mean ± sd (range)" in said
    assert re.search(
        r"\| All kinds together \| \*\*\d+\*\* \| [\d.]+ ± [\d.]+ \(\d+–\d+\) \| 24 \|", said
    )


def test_a_training_shows_all_heads_and_since_when_they_align() -> None:
    kept = emergence.read(CHECKPOINTS / "reverse" / emergence.FILE)
    page = run("training", measure="aer_shifted")
    said = text_of(page)
    reads = kept.aligners[1]
    assert f"cross L{reads.layer} H{reads.head}**, alignment error {reads.error:.3f}" in said
    assert f"an aligner by the badge's rule from step {reads.step:,} on" in said
    assert "100 fresh inputs, with the right answer given at every step" in said
    figure = json.loads(page.get("plotly_chart")[0].proto.spec)
    lines = [line for line in figure["data"] if line["type"] == "scatter"]
    assert len(lines) == kept.grid("aer_shifted", "cross")[0].size
    assert [line["line"]["width"] for line in lines].count(3) == 1
