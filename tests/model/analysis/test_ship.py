"""What is computed beforehand: one command writes what the page and the README read."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from headlight.model import Model
from headlight.model.analysis import build_assets as ship
from headlight.model.analysis import readme_tables as report
from headlight.model.analysis.heads.table import read_atlas
from headlight.model.analysis.interventions.pruning import eval_set, n_prunable, read_pruning
from tests.model.builders import random_model


@pytest.fixture(scope="module")
def shipped() -> Model:
    """One layer of two heads on either side."""
    return random_model(n_encoder_layers=1, n_decoder_layers=1)


def test_one_command_writes_everything(
    shipped: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["a b c", "q w e r", "x y"]
    monkeypatch.setattr("headlight.model.analysis.build_assets.own_corpus", lambda _: lines)
    monkeypatch.setattr("headlight.model.analysis.build_assets.load", lambda _: shipped)
    monkeypatch.setattr(
        "headlight.model.analysis.build_assets.eval_set",
        lambda loaded, data: eval_set(loaded, 3, data),
    )
    monkeypatch.setattr(
        sys, "argv", ["ship", "reverse", "--out", str(tmp_path), "--data", str(tmp_path)]
    )
    ship.main()
    atlas = read_atlas(tmp_path / "reverse.parquet")
    pruning = read_pruning(tmp_path / "reverse.pruning.json")
    agreement = json.loads((tmp_path / "reverse.sources.json").read_text())
    assert {atlas.digest, pruning.digest, agreement["digest"]} == {shipped.digest}
    assert (atlas.read, agreement["sentences"]) == (3, 3)
    assert agreement["tau"]["leave_out"] == pytest.approx(1)

    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.START}\nold\n{report.END}\nafter\n")
    report.write_figures(tmp_path, readme)
    text = readme.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    last = next(c for c in pruning.curves if (c.heads, c.order) == ("all", "importance"))
    assert f"| all kinds together | 6 | {n_prunable(last, report.RISE)} |" in text
    report.write_figures(tmp_path, readme)
    assert readme.read_text() == text
    readme.write_text("no marks")
    with pytest.raises(ValueError, match="does not have the marks"):
        report.write_figures(tmp_path, readme)


def test_the_readme_has_the_marks() -> None:
    text = report.README.read_text(encoding="utf-8")
    assert text.count(report.START) == text.count(report.END) == 1
