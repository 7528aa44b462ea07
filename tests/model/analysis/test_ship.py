"""What is computed beforehand: one command writes what the page and the README read."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from headlight.model import Model
from headlight.model.analysis import build_assets as ship
from headlight.model.analysis import readme_tables as report
from headlight.model.analysis.attribution.findings import read_findings
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.analysis.interventions.evalset import answered, eval_set
from headlight.model.analysis.interventions.pruning import n_steps, prune, read_pruning, spared
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
    for name, few in (("eval_set", eval_set), ("answered", answered)):
        monkeypatch.setattr(
            f"headlight.model.analysis.build_assets.{name}",
            lambda loaded, n, data, few=few: few(loaded, 3, data),
        )
    monkeypatch.setattr("headlight.model.analysis.build_assets.prune", partial(prune, n_random=2))
    monkeypatch.setattr(
        "headlight.model.analysis.build_assets.n_steps", lambda loaded: n_steps(loaded, 2)
    )
    monkeypatch.setattr(
        sys, "argv", ["ship", "reverse", "--out", str(tmp_path), "--data", str(tmp_path)]
    )
    ship.main()
    atlas = read_atlas(tmp_path / "reverse.parquet")
    pruning = read_pruning(tmp_path / "reverse.pruning.json")
    found = read_findings(tmp_path / "reverse.sources.json")
    assert {atlas.digest, pruning.digest, found.digest} == {shipped.digest}
    assert (atlas.read, found.sentences) == (3, 3)
    assert found.rows[0].tau.value == pytest.approx(1)
    assert atlas.has("reference_loss")
    assert atlas.has("quality_drop")

    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.START}\nformer figures\n{report.END}\nafter\n")
    report.write_figures(tmp_path, readme)
    text = readme.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "former figures" not in text
    one = spared(pruning, "all")
    assert f"| all kinds together | 6 | {one.ranked} | {one.mean:.1f} ±" in text
    report.write_figures(tmp_path, readme)
    assert readme.read_text() == text
    readme.write_text("no marks")
    with pytest.raises(ValueError, match="does not have the marks"):
        report.write_figures(tmp_path, readme)


def test_the_readme_has_the_marks() -> None:
    text = report.README.read_text(encoding="utf-8")
    assert text.count(report.START) == text.count(report.END) == 1
