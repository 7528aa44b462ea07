"""What is computed beforehand: one command writes what the page and the README read."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from headlight.model import Model
from headlight.model.analysis import asset_pieces as pieces
from headlight.model.analysis import build_assets as ship
from headlight.model.analysis import readme_tables as report
from headlight.model.analysis.alignment.links import of_task
from headlight.model.analysis.asset_pieces import Job, work
from headlight.model.analysis.attribution.findings import findings, read_findings
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.analysis.interventions.evalset import eval_set
from headlight.model.analysis.interventions.pruning import prune, read_pruning, spared
from headlight.model.analysis.interventions.quality import bleu, drop, share_of
from headlight.model.analysis.pieces import Ledger, Piece, compute, processes
from headlight.model.tasks.translate import score
from tests.model.builders import random_model


@pytest.fixture(scope="module")
def shipped() -> Model:
    """One layer of two heads on either side."""
    return random_model(n_encoder_layers=1, n_decoder_layers=1)


LINES = ["a b c", "q w e r", "x y", "k j h g", "b c", "d e f"]


def small(shipped: Model, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """All of it for a small model that goes by a shipped one's name, on a few lines."""
    there = "headlight.model.analysis"
    monkeypatch.setattr(f"{there}.asset_pieces.own_corpus", lambda _: LINES)
    monkeypatch.setattr(f"{there}.asset_pieces.load", lambda _: shipped)
    monkeypatch.setattr(f"{there}.build_assets.load", lambda _: shipped)
    monkeypatch.setattr(f"{there}.asset_pieces.SENTENCES", 2)
    for kept in (pieces.loaded, pieces.own_lines, pieces.known_links, pieces.held_out):
        kept.cache_clear()
    return Job("reverse", folder, n=6, orders=2)


def test_one_command_writes_everything(
    shipped: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    job = small(shipped, tmp_path, monkeypatch)

    def killed(job: Job, piece: Piece) -> object:
        if piece[0] == "curve" and piece[1] == "all":
            raise KeyboardInterrupt
        return work(job, piece)

    monkeypatch.setattr(ship, "work", killed)
    with pytest.raises(KeyboardInterrupt):
        ship.build(shipped, job, tmp_path, None)
    assert not list(tmp_path.glob("*.parquet"))
    again: list[Piece] = []

    def counted(job: Job, piece: Piece) -> object:
        again.append(piece)
        return work(job, piece)

    monkeypatch.setattr(ship, "work", counted)
    ship.build(shipped, job, tmp_path, None)
    assert [piece[:2] for piece in again] == [("curve", "all")] * 3, "the rest was kept"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        *["reverse.parquet", "reverse.pruning.json", "reverse.sources.json"]
    ]
    atlas = read_atlas(tmp_path / "reverse.parquet")
    pruning = read_pruning(tmp_path / "reverse.pruning.json")
    found = read_findings(tmp_path / "reverse.sources.json")
    assert {atlas.digest, pruning.digest, found.digest} == {shipped.digest}
    assert (atlas.read, found.sentences) == (6, 3)
    assert found.rows[0].tau.value == pytest.approx(1)
    for slug in ("reference_loss", "quality_drop"):
        assert all(np.isfinite(atlas.error(slug, head)) for head in atlas.heads())

    traces = [shipped.run(line) for line in LINES[:3]]
    known = [(t, links) for t in traces if (links := of_task(shipped.task, t)) is not None]
    whole = findings(shipped, traces, known)
    assert [one.title for one in found.rows] == [one.title for one in whole]
    for part, one in zip(found.rows, whole, strict=True):
        np.testing.assert_allclose(part.tau, one.tau, atol=1e-6)
        np.testing.assert_allclose(part.aer_reads, one.aer_reads, atol=1e-6)
    at_once = deque(prune(shipped, atlas, eval_set(shipped, 6), 2), maxlen=1).pop()
    for curve, other in zip(pruning.curves, at_once.curves, strict=True):
        assert (curve.heads, curve.order, curve.removed) == (
            *(other.heads, other.order, other.removed),
        )
        assert [x is None for x in curve.loss] == [x is None for x in other.loss]
        assert curve.loss[-1] == pytest.approx(other.loss[-1], abs=1e-6)

    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.START}\nformer figures\n{report.END}\nafter\n")
    report.write_figures(tmp_path, readme)
    text = readme.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "former figures" not in text
    count = spared(pruning, "all")
    assert f"| all kinds together | 6 | {count.ranked} | {count.mean:.1f} ±" in text
    report.write_figures(tmp_path, readme)
    assert readme.read_text() == text
    readme.write_text("no marks")
    with pytest.raises(ValueError, match="does not have the marks"):
        report.write_figures(tmp_path, readme)


def test_one_part_or_rows_that_lack_can_be_made_by_themselves(
    shipped: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = small(shipped, tmp_path, monkeypatch)
    ship.build(shipped, job, tmp_path, None)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    done: list[tuple[str, set[str]]] = []

    def seen(job: Job, piece: Piece) -> Any:
        found = work(job, piece)
        done.append((piece[0], set(found[0]) if piece[0] in ("runs", "pairs") else set()))
        return found

    def made(only: str) -> set[str]:
        """The kinds of pieces that are computed; the files come out as they were."""
        done.clear()
        ship.build(shipped, job, tmp_path, None, only=only)
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
        return {name for name, _ in done}

    monkeypatch.setattr(ship, "work", seen)
    sources = tmp_path / "reverse.sources.json"
    whole = read_findings(sources)
    sources.unlink()
    assert made("sources") == {"runs", "pairs"}
    assert made("pruning") == {"curve"}
    assert made("rows") == set(), "all rows are there"
    gone = {"attention", "norm_attention_L0"}
    fewer = [one for one in whole.rows if one.method not in gone]
    replace(whole, rows=tuple(fewer)).write(sources)
    assert made("rows") == {"runs", "pairs"}
    assert all(judged == {*gone, "diagonal", "chance"} for _, judged in done)

    replace(whole, rows=(*fewer[:-1], replace(fewer[-1], rows=7))).write(sources)
    with pytest.raises(ValueError, match="of other weights or sentences: build its sources again"):
        ship.build(shipped, job, tmp_path, None, only="rows")
    other = random_model(n_encoder_layers=1, n_decoder_layers=1, seed=7)
    with pytest.raises(ValueError, match=r"reverse\.parquet is of other weights"):
        ship.build(other, job, tmp_path, None, only="sources")
    (tmp_path / "reverse.parquet").unlink()
    with pytest.raises(ValueError, match="is not there: build the heads of reverse first"):
        ship.build(shipped, job, tmp_path, None, only="pruning")


def test_the_readme_has_the_marks() -> None:
    text = report.README.read_text(encoding="utf-8")
    assert text.count(report.START) == text.count(report.END) == 1


def double(job: int, piece: Piece) -> int:
    """A piece of work, for processes of their own."""
    return job * int(piece[1])


def test_processes_give_what_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Processes start with the main program: not with a page that an earlier test ran in its place.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    todo: list[Piece] = [("double", i) for i in range(5)]
    with processes(2) as pool:
        there = compute(double, 2, todo, Ledger(tmp_path / "a", "job"), pool, "doubling")
    assert there == compute(double, 2, todo, Ledger(tmp_path / "b", "job"), None, "doubling")
    assert there == [0, 2, 4, 6, 8]


def test_a_ledger_keeps_whole_lines_of_its_own_job_only(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    Ledger(file, ["job", 1]).add(("one",), 0.1)
    with file.open("a") as cut:
        cut.write('["[\\"two\\"]", 0.')
    assert Ledger(file, ["job", 1]).done == {'["one"]': 0.1}
    assert Ledger(file, ["job", 2]).done == {}


def test_bleu_of_sums_is_corpus_bleu_and_its_drop_has_an_error() -> None:
    references = [
        ["le chat noir dort .", "le chat dort ."],
        ["il est tard ."],
        ["merci bien à vous ."],
    ]
    good = ["le chat noir dort .", "il est très tard .", "merci bien à vous ."]
    bad = ["un chat dort .", "il est très tard .", "merci ."]
    quality = bleu(references)
    for outputs in (good, bad):
        assert quality(outputs) == pytest.approx(score(outputs, references)["bleu"])
    before, after = quality.counts(good), quality.counts(bad)
    value, error = drop(quality, before, after)
    assert value == pytest.approx(quality(good) - quality(bad))
    assert error > 0
    assert drop(quality, before, before) == (0, 0)


def test_the_error_of_a_drop_of_a_share_is_the_usual_one() -> None:
    """Of a mean of differences: √(variance / n)."""
    random = np.random.default_rng(0)
    answers = ["x"] * 400
    before = ["x"] * 400
    after = ["x" if kept else "y" for kept in random.random(400) < 0.7]
    quality = share_of("share", answers)
    value, error = drop(quality, quality.counts(before), quality.counts(after))
    gone = np.array([one != "x" for one in after], float)
    assert value == pytest.approx(gone.mean())
    assert error == pytest.approx(gone.std() / 20, rel=0.08)
