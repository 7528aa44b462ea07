"""A training is its seed: run twice, or stopped and resumed, it gives the same bits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from headlight.model.run.vocabularies import characters
from headlight.model.tasks import Recipe
from headlight.model.training.train import train
from tests.model.builders import files
from tests.model.training.small import RECIPE, rows, stop_at, trainer, weights


@pytest.mark.parametrize(
    "recipe",
    [RECIPE, replace(RECIPE, muon=True), replace(RECIPE, muon=True, labels=(3,))],
    ids=["adam", "muon", "labels"],
)
def test_stopped_and_resumed_is_unbroken_to_the_last_bit(tmp_path: Path, recipe: Recipe) -> None:
    train(trainer(recipe=recipe), tmp_path / "whole")
    for step in (7, 15):  # stopped twice, each time going on in a new trainer
        with pytest.raises(KeyboardInterrupt):
            train(trainer(recipe=recipe), tmp_path / "parts", on_progress=stop_at(step))
        assert int(load_file(tmp_path / "parts" / "state.safetensors")["step"]) == step
        assert not (tmp_path / "parts" / "model.safetensors").exists()
    train(trainer(recipe=recipe), tmp_path / "parts")
    assert weights(tmp_path / "parts") == weights(tmp_path / "whole")
    steps = [[row["step"] for row in rows(tmp_path / name)] for name in ("whole", "parts")]
    assert steps[0] == steps[1] == [10, 12, 20, 24]


def test_the_seed_decides(unbroken: Path, tmp_path: Path) -> None:
    train(trainer(), tmp_path / "again")
    train(trainer(seed=1), tmp_path / "other")
    assert weights(tmp_path / "again") == weights(unbroken)
    assert weights(tmp_path / "other") != weights(unbroken)


def test_a_run_with_other_settings_is_not_mixed_in(unbroken: Path) -> None:
    before = files(unbroken)
    for other in (trainer(seed=1), trainer(recipe=replace(RECIPE, peak_rate=1e-3))):
        with pytest.raises(ValueError, match=r"holds a run with other settings\. Remove it, or"):
            train(other, unbroken)
    assert files(unbroken) == before


def test_a_run_with_another_vocabulary_is_not_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(3))
    other = trainer()
    other.tokenizer = characters("zyxwvutsrqponmlkjihgfedcba")
    with pytest.raises(ValueError, match="holds a run with other settings"):
        train(other, tmp_path)


def test_a_run_is_made_longer_on_its_plateau_only(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(14))  # the way down begins after 14.4
    train(trainer(recipe=replace(RECIPE, steps=30)), tmp_path)
    assert rows(tmp_path)[-1]["step"] == 30
    whole = tmp_path / "whole"
    train(trainer(recipe=replace(RECIPE, steps=30)), whole)
    last = "snapshots/000030.safetensors"
    assert weights(tmp_path)[last] == weights(whole)[last]
    for steps in (24, 40):
        with pytest.raises(ValueError, match="holds a run with other settings"):
            train(trainer(recipe=replace(RECIPE, steps=steps)), tmp_path)


def test_the_clock_goes_on_after_a_stop(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(13))
    curve = tmp_path / "curve.jsonl"
    kept = [{**row, "seconds": 1_000.0} for row in rows(tmp_path)]
    curve.write_text("".join(json.dumps(row) + "\n" for row in kept))
    train(trainer(), tmp_path)
    assert [row["seconds"] >= 1_000 for row in rows(tmp_path)] == [True] * 4


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_cut_state_is_refused_by_name(tmp_path: Path, share: float) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(3))
    state = tmp_path / "state.safetensors"
    content = state.read_bytes()
    state.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ValueError, match=r"state\.safetensors is damaged.*Remove it") as error:
        train(trainer(), tmp_path)
    assert str(state) in str(error.value)
    state.write_bytes(content)
    train(trainer(), tmp_path)
    assert (tmp_path / "model.safetensors").exists()


def test_a_curve_cut_in_the_middle_of_a_line_goes_on(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(13))
    curve = tmp_path / "curve.jsonl"
    curve.write_text(curve.read_text() + '{"step": 1')
    train(trainer(), tmp_path)
    assert [row["step"] for row in rows(tmp_path)] == [10, 12, 20, 24]
