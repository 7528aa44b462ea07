"""What a finished run leaves in its folder, and what of it is shipped."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import headlight
from headlight.model.tasks import TASKS
from headlight.model.training.publish import publish, thin
from headlight.model.training.train import N_SNAPSHOTS, snapshot_steps, train
from headlight.model.training.trainer import Progress
from tests.model.builders import files
from tests.model.training.small import CONFIG, RECIPE, rows, stop_at, trainer


def test_a_finished_run_has_its_model_snapshots_and_curve(unbroken: Path) -> None:
    loaded = headlight.load(unbroken)
    assert (loaded.slug, loaded.config) == ("reverse", CONFIG)
    found = sorted(path.name for path in (unbroken / "snapshots").iterdir())
    assert found == [f"{step:06d}.safetensors" for step in snapshot_steps(RECIPE)]
    last = load_file(unbroken / "snapshots" / "000024.safetensors")
    assert torch.equal(last["embedding.weight"].float(), loaded.network.embedding.weight)
    untrained = load_file(unbroken / "snapshots" / "000000.safetensors")
    torch.manual_seed(0)
    fresh = trainer().network.embedding.weight
    assert torch.equal(untrained["embedding.weight"], fresh.detach().half())
    first, *_, end = rows(unbroken)
    assert end["loss"] < first["loss"]
    assert end["accuracy"] >= 0
    assert [("seconds" in row, row["step"] % 12 == 0) for row in rows(unbroken)] == [
        (True, False),
        (True, True),
        (True, False),
        (True, True),
    ]


def test_a_curve_holds_means_since_its_last_point(tmp_path: Path) -> None:
    seen: list[Progress] = []
    train(trainer(), tmp_path, on_progress=seen.append)
    assert [one.step for one in seen] == list(range(1, 25))
    for row, part in zip(rows(tmp_path), (slice(10), slice(10, 12), slice(12, 20)), strict=False):
        losses = [one.loss for one in seen[part]]
        assert row["loss"] == pytest.approx(sum(losses) / len(losses), abs=1e-4)
    first = rows(tmp_path)[0]
    assert first["accuracy"] == pytest.approx(sum(p.accuracy for p in seen[:10]) / 10, abs=1e-4)


@pytest.mark.parametrize("one", TASKS, ids=lambda one: one.slug)
def test_snapshots_grow_from_the_untrained_model_to_the_last_step(one: object) -> None:
    recipe = one.recipe  # type: ignore[attr-defined]
    steps = snapshot_steps(recipe)
    assert steps[0] == 0
    assert steps[-1] == recipe.steps
    assert list(steps) == sorted(set(steps))
    assert len(steps) >= N_SNAPSHOTS
    assert max(b / a for a, b in pairwise(steps[1:])) < 3, "roughly logarithmic"


def test_a_finished_run_is_published(unbroken: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shipped"
    (folder / "snapshots").mkdir(parents=True)
    (folder / "snapshots" / "000099.safetensors").write_bytes(b"of an earlier run")
    (folder / "card.md").write_text("written by hand")
    publish(unbroken, folder, with_snapshots=True)
    assert headlight.load(folder).digest == headlight.load(unbroken).digest
    curve = json.loads((folder / "curve.json").read_text())
    assert curve["recipe"]["steps"] == 24
    assert curve["seed"] == 0
    assert [point["step"] for point in curve["points"]] == [10, 12, 20, 24]
    kept = {name for name in files(folder) if name.startswith("snapshots/")}
    assert kept == {f"snapshots/{step:06d}.safetensors" for step in snapshot_steps(RECIPE)}
    assert (folder / "card.md").read_text() == "written by hand"
    publish(unbroken, tmp_path / "without", with_snapshots=False)
    assert not (tmp_path / "without" / "snapshots").exists()


def test_an_unfinished_run_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path / "run", on_progress=stop_at(3))
    for run in (tmp_path / "run", tmp_path / "nothing"):
        with pytest.raises(ValueError, match="holds no finished run: `headlight train"):
            publish(run, tmp_path / "shipped", with_snapshots=True)
    assert not (tmp_path / "shipped").exists()


def test_a_long_curve_is_thinned_without_losing_its_measures() -> None:
    plain = {"loss": 1.0, "accuracy": 0.0, "seconds": 1.0}
    points: list[dict[str, float]] = [{"step": n, **plain} for n in range(5_000)]
    for n in (17, 1_234, 4_999):
        points[n]["bleu"] = float(n)
    kept = thin(points)
    assert len(kept) < 450
    assert kept[:20] == points[:20]
    assert [point["bleu"] for point in kept if "bleu" in point] == [17.0, 1234.0, 4999.0]
    assert thin(points[:90]) == points[:90]
    assert thin(points[:4_995])[-1] == points[4_994], "the end, measured or not"
    assert len(thin(points[200:999])) < 450
