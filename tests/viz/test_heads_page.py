"""Heads at work without a browser: what the sections say beside their pictures."""

from __future__ import annotations

import json
import re
import time

from headlight.model.analysis.attribution.findings import read_findings
from headlight.model.analysis.attribution.sources import WITHOUT_MODEL, sources
from headlight.model.analysis.build_assets import ATLAS
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.checkpoints.folder import CHECKPOINTS, load
from headlight.model.training import emergence
from headlight.viz import theme
from headlight.viz.markdown import plain
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


def test_every_way_stands_beside_what_does_without_a_model() -> None:
    model = load("reverse")
    found = sources(model, model.run("h e a d"))
    kept = read_findings(ATLAS / "reverse.sources.json")
    page = run("heads", part="sources")
    rows: dict[str, list[str]] = {}
    for _ in range(100):
        lines = [line.split(" | ") for line in text_of(page).splitlines()]
        if rows := {cells[0].strip("| "): cells[1:] for cells in lines if len(cells) == 7}:
            break
        time.sleep(0.1)
        page.run()
    assert list(rows)[-2:] == [plain(name) for name in WITHOUT_MODEL.values()]
    for slug, name in WITHOUT_MODEL.items():
        assert rows[plain(name)][0] == theme.number(found.tau[slug][0])
        assert rows[plain(name)][1] == theme.number(found.mean_tau(slug))
    for slug in ("best_head", "best_norm_head"):
        one = kept.row(slug)
        assert one is not None
        assert rows[plain(one.title)][:2] == ["–", "–"], "chosen over many pairs, not here"
        assert rows[plain(one.title)][4].startswith(f"{theme.number(one.aer.value)} [")
    assert f"the alignment error is of {plain(kept.linked)};" in text_of(page)
    assert [one.proto.label for one in page.get("download_button")] == ["CSV"]


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
