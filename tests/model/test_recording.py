"""A recorded training: what is kept is what the models of the snapshots compute."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlight.model import KINDS, CheckpointError, Model, save
from headlight.model.analysis.alignment.gold import on_tokens, read_gold
from headlight.model.analysis.alignment.links import of_task
from headlight.model.checkpoints.folder import read_folder, write_weights
from headlight.model.run.vocabularies import learn_subwords
from headlight.model.tasks import task
from headlight.model.training import emergence, record, recording
from headlight.model.training.emergence import PAIRS
from headlight.model.training.history import FULL, ROWS
from headlight.model.training.recording import RecordedSentences, Snapshots
from headlight.model.training.recording_file import FILE, read
from headlight.model.training.train import RUNS
from tests.model.builders import random_model, random_network

STEPS = (0, 5, 40)


@pytest.fixture
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkpoints"
    for module in (recording, record):
        monkeypatch.setattr(module, "CHECKPOINTS", folder)
    monkeypatch.setattr("headlight.model.checkpoints.folder.CHECKPOINTS", folder)
    return folder


@pytest.fixture
def run(tmp_path: Path, checkpoints: Path) -> Path:
    """A translation's run of three snapshots, and the model published from it."""
    texts = [" ".join(words) for pair in read_gold(PAIRS) for words in (pair.source, pair.target)]
    tokenizer = learn_subwords(texts, 150)
    run = tmp_path / "run"
    for seed, step in enumerate(STEPS):
        network = random_network(seed, d_vocab=len(tokenizer))
        write_weights(network.state_dict(), run / "snapshots" / f"{step:06d}.safetensors")
    chosen = task("translate-en-fr")
    save(Model(chosen.slug, network, tokenizer, chosen), checkpoints / chosen.slug)
    settings = {"config": network.config.to_dict()}
    (run / "settings.json").write_text(json.dumps(settings))
    return run


def make(run: Path, monkeypatch: pytest.MonkeyPatch, name: str = "translate-en-fr") -> None:
    monkeypatch.setattr("sys.argv", ["record", name, "--run", str(run), "--data", str(run)])
    record.main()


def test_the_pairs_are_complete_and_every_target_word_is_linked() -> None:
    pairs = read_gold(PAIRS)
    assert len(pairs) == 8
    for pair in pairs:
        assert {t for t, _ in pair.possible} == set(range(len(pair.target))), pair.name
        assert {s for _, s in pair.possible} == set(range(len(pair.source))), pair.name


def test_the_command_keeps_what_each_snapshot_computes(
    run: Path, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(run, monkeypatch)
    points = [{"step": 10, "loss": 2.5, "accuracy": 0.25, "seconds": 1.0, "bleu": 12.5}]
    (checkpoints / "translate-en-fr" / "curve.json").write_text(json.dumps({"points": points}))
    kept = recording.of_model("translate-en-fr")
    assert isinstance(kept, RecordedSentences)
    assert kept.steps == STEPS
    assert kept.curve == (recording.CurvePoint(10, 2.5, 0.25, {"bleu": 12.5}),)
    folder = checkpoints / "translate-en-fr"
    totals: dict[str, Any] = dict.fromkeys(ROWS, 0.0)
    for i, step in enumerate(STEPS):
        model = read_folder(folder, run / "snapshots" / f"{step:06d}.safetensors")
        for pair, source in zip(read_gold(PAIRS), kept.sources, strict=True):
            text, target, alignment = on_tokens(pair, model)
            assert text == source
            history, trace = kept.history(source), model.teacher_force(text, target)
            assert history.alignment == alignment
            assert history.outputs[i] == model.run(text).output_text
            for kind in KINDS:
                truth = np.stack([r.pattern for r in trace.attention[kind]])
                assert np.abs(history.patterns[kind][i] / FULL - truth).max() <= 0.5 / FULL + 1e-7
                np.testing.assert_array_equal(history.masks[kind], trace.attention[kind][0].mask)
            np.testing.assert_array_equal(history.log_probs[i], trace.chosen_log_probs)
            assert history.loss[i] == pytest.approx(-trace.chosen_log_probs.mean(), abs=1e-5)
            for row, measure in ROWS.items():
                sums = measure.sums(trace, "cross", alignment)
                np.testing.assert_allclose(history.aer[row][i], sums.value, atol=1e-6)
                assert sums.count.max() == history.n_links
                totals[row] += sums.total if step == 40 else 0.0
    links = sum(history.n_links for history in kept.histories)
    for row in ROWS:
        np.testing.assert_allclose(kept.aer(row)[-1], totals[row] / links, atol=1e-6)
    with pytest.raises(ValueError, match="was not recorded"):
        kept.history("Another sentence.")


def test_a_run_that_went_on_keeps_what_was_recorded_before(
    run: Path, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(run, monkeypatch)
    folder = checkpoints / "translate-en-fr"
    films, heads = read(folder / FILE), emergence.read(folder / emergence.FILE)
    for step in STEPS[:-1]:
        (run / "snapshots" / f"{step:06d}.safetensors").unlink()
    for _ in range(2):  # again, nothing stands there twice
        make(run, monkeypatch)
        for old, new in zip(films, read(folder / FILE), strict=True):
            assert (new.steps, new.outputs, new.src) == (STEPS, old.outputs, old.src)
            np.testing.assert_array_equal(new.log_probs, old.log_probs)
            for kind in KINDS:
                np.testing.assert_array_equal(new.patterns[kind], old.patterns[kind])
            for row in ROWS:
                np.testing.assert_array_equal(new.aer[row], old.aer[row])
        again = emergence.read(folder / emergence.FILE)
        assert again.rows.equals(heads.rows)
        assert (again.digest, again.aligners) == (heads.digest, heads.aligners)


def test_snapshots_film_any_text(checkpoints: Path) -> None:
    folder = checkpoints / "reverse"
    models = [random_model("reverse", seed) for seed in range(2)]
    save(models[-1], folder)
    for step, model in enumerate(models):
        write_weights(model.network.state_dict(), folder / "snapshots" / f"{step:06d}.safetensors")
    kept = recording.of_model("reverse")
    assert isinstance(kept, Snapshots)
    history = kept.history("p p q")
    final = kept.final.run("p p q")
    assert history.target == final.output_text
    assert history.outputs[-1] == final.output_text
    rows = len(final.tgt_in)  # an answer that came to no end is closed
    np.testing.assert_allclose(
        history.pattern(1, "cross", 1, 0)[:rows], final.attention["cross"][1].pattern[0], atol=1e-5
    )
    first = kept.models[0].teacher_force("p p q", final.tgt_out.ids)
    known = of_task(task("reverse"), first)
    assert known is not None, "some of these letters are right by chance"
    sums = ROWS["writes"].sums(first, "cross", known)
    np.testing.assert_allclose(history.aer["writes"][0], sums.value, atol=1e-6)
    with pytest.raises(ValueError, match="single letter"):
        kept.history("a 1")


def test_nothing_recorded_is_no_error(checkpoints: Path) -> None:
    assert recording.of_model("reverse") is None


def test_what_is_damaged_or_foreign_is_told(
    run: Path, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(run, monkeypatch)
    file = checkpoints / "translate-en-fr" / "recording.npz"
    whole = file.read_bytes()
    for damaged in (b"", b"nonsense", whole[: len(whole) // 2]):
        file.write_bytes(damaged)
        with pytest.raises(CheckpointError, match=r"recording\.npz is not a recording"):
            recording.of_model("translate-en-fr")
    file.write_bytes(whole)
    (file.parent / "curve.json").write_text("{}")
    with pytest.raises(CheckpointError, match=r"curve\.json is not a curve"):
        recording.of_model("translate-en-fr")


def test_the_command_refuses_another_run(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (run / "settings.json").write_text(json.dumps({"config": {"d_model": 8}}))
    with pytest.raises(SystemExit, match="another shape"):
        make(run, monkeypatch)
    with pytest.raises(SystemExit, match="needed"):
        make(RUNS / "none", monkeypatch)
