"""Heads over a training, and trainings with several seeds: what is told is what was computed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyarrow import compute

from headlight.model import KINDS, save
from headlight.model.analysis.alignment.links import of_task
from headlight.model.analysis.heads.badges import Badge
from headlight.model.analysis.heads.metrics import Sample, get_metric
from headlight.model.analysis.heads.table import HeadTable
from headlight.model.checkpoints.folder import read_folder, write_weights
from headlight.model.training import emergence, seeds
from headlight.model.training.emergence import Aligner, Emergence, follow, read, sentences
from headlight.model.training.recording import snapshot_files
from headlight.model.training.seeds import Run, recurring, table, write_table
from tests.model.builders import random_model

STEPS = (0, 5, 40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three snapshots of a small random model."""
    place = tmp_path_factory.mktemp("run")
    models = [random_model("reverse", seed) for seed in range(len(STEPS))]
    save(models[-1], place)
    for step, model in zip(STEPS, models, strict=True):
        write_weights(model.network.state_dict(), place / "snapshots" / f"{step:06d}.safetensors")
    return place


@pytest.fixture(scope="module")
def followed(folder: Path) -> Emergence:
    return follow(folder, snapshot_files(folder), n=6)


def test_every_number_is_that_of_the_snapshot(folder: Path, followed: Emergence) -> None:
    assert followed.steps == STEPS
    assert followed.digest == read_folder(folder).digest
    assert followed.what == "6 fresh inputs"
    for i, file in enumerate(snapshot_files(folder).values()):
        model = read_folder(folder, file)
        samples = []
        for source, target, _ in sentences(model, None, 6)[0]:
            trace = model.teacher_force(source, target)
            samples.append(Sample(trace, of_task(model.task, trace)))
        for slug in ("aer", "aer_shifted", "entropy"):
            metric = get_metric(slug)
            for kind in metric.kinds:
                parts = metric.batch(None, samples, kind)
                whole = sum(p.total for p in parts) / sum(p.count for p in parts)
                np.testing.assert_allclose(followed.grid(slug, kind)[i], whole, atol=1e-6)
    assert np.isnan(followed.baseline("previous", "cross", "uniform"))
    assert followed.baseline("entropy_share", "cross", "uniform") == pytest.approx(1)


@pytest.mark.parametrize(("kept", "step", "said"), [(5, 40, 5), (5, 50, 50), (None, 40, 40)])
def test_an_aligner_is_one_since_the_step_that_was_kept(
    followed: Emergence, kept: int | None, step: int, said: int
) -> None:
    """Where it was one at the end of the steps before, and still is at the first one after."""
    old, new = (
        Aligner("writes", 1, 0, 0.2, 0.01, 0.5, kept),
        Aligner("writes", 1, 0, 0.1, 0, 0, step),
    )
    last = followed.rows.filter(compute.equal(followed.rows["step"], 40))
    later = Emergence("digest", "6 fresh inputs", (new,), last)
    whole = replace(followed, aligners=(old,)).followed_by(later)
    assert whole.aligners == (replace(new, step=said),)
    assert whole.rows.equals(followed.rows)
    other = replace(later, aligners=(replace(new, head=1),))
    with pytest.raises(ValueError, match="L1 H1 aligns best now, no longer L1 H0"):
        replace(followed, aligners=(old,)).followed_by(other)
    none = replace(other, aligners=(replace(new, head=1, step=None),))
    assert replace(followed, aligners=(old,)).followed_by(none).aligners == none.aligners


def test_of_heads_that_align_as_well_the_known_one_is_the_best(
    folder: Path, followed: Emergence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HeadTable, "value", lambda *_: 0.25)
    last = {40: snapshot_files(folder)[40]}
    (first, *_), known = follow(folder, last, n=2).aligners, Aligner("writes", 1, 1, 0, 0, 0, 5)
    assert (first.layer, first.head) == (0, 0)
    before = replace(followed, aligners=(known, replace(known, row="reads")))
    (one, *_) = follow(folder, last, n=2, before=before).aligners
    assert (one.layer, one.head) == (1, 1)


def test_an_aligner_is_one_from_the_step_since_which_it_has_the_badge(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen on the even sentences and told of the odd ones, at every step."""
    loose = Badge("aligner", "aer", at_most=2.0, kinds=("cross",))
    monkeypatch.setattr(
        emergence, "BADGES", (loose, replace(loose, slug="aer_shifted", at_most=-1))
    )
    found = follow(folder, snapshot_files(folder), n=6)
    writes, reads = found.aligners
    assert (writes.row, writes.step) == ("writes", 0)
    assert (reads.row, reads.step) == ("reads", None)
    model = read_folder(folder)
    errors = []
    for half in (slice(0, None, 2), slice(1, None, 2)):
        total, count = np.zeros(()), np.zeros(())
        for source, target, _ in sentences(model, None, 6)[0][half]:
            trace = model.teacher_force(source, target)
            sums = get_metric("aer").sums(trace, "cross", of_task(model.task, trace))
            total, count = total + np.asarray(sums.total), count + np.asarray(sums.count)
        errors.append(total / count)
    best = np.unravel_index(errors[0].argmin(), errors[0].shape)
    assert (writes.layer, writes.head) == tuple(map(int, best))
    assert writes.error == pytest.approx(errors[1][best])


def test_the_table_comes_back_from_its_file(followed: Emergence, tmp_path: Path) -> None:
    file = tmp_path / "heads.parquet"
    followed.write(file)
    back = read(file)
    assert (back.digest, back.what, back.aligners) == (
        *(followed.digest, followed.what, followed.aligners),
    )
    for kind in KINDS:
        np.testing.assert_array_equal(back.grid("entropy", kind), followed.grid("entropy", kind))
    frame = back.to_pandas()
    assert sorted(frame.step.unique()) == list(STEPS)
    assert {"head", "mean of layer", "diagonal", "uniform"} == set(frame.row)
    file.write_bytes(b"PAR1 nonsense")
    with pytest.raises(ValueError, match="does not hold heads of a training"):
        read(file)


def test_the_table_of_seeds_says_what_recurs(followed: Emergence, tmp_path: Path) -> None:
    def run(seed: int, writes: tuple[int, int | None], reads: tuple[int, int | None]) -> Run:
        aligners = tuple(
            Aligner(row, layer, 3, 0.125, 0.01, 0.9, step)
            for row, (layer, step) in (("writes", writes), ("reads", reads))
        )
        heads = replace(followed, aligners=aligners)
        return Run("reverse", seed, tmp_path, heads, 2500, 90.0, ("exact", 1.0))

    runs = [run(0, (1, 60), (0, 200)), run(1, (1, 112), (0, None)), Run("sort", 0, tmp_path)]
    lines = list(table(runs))
    assert lines[2] == (
        "| reverse | 0 | 2,500 | 1.5 | exact 1.000 | L1 H3 | 0.125 ± 0.010 | 60 "
        "| L0 H3 | 0.125 ± 0.010 | 200 |"
    )
    assert lines[3].endswith("| L0 H3 | 0.125 ± 0.010 | – |")
    (said,) = recurring(runs)
    assert said == (
        "**reverse**, 2 trainings: the word written is aligned in 2 of 2 (layer 1 in 2), since "
        "step 60 to 112; the word read is aligned in 1 of 2 (layer 0 in 1), since step 200."
    )
    file = tmp_path / "seeds.md"
    file.write_text(f"before\n{seeds.START}\nold\n{seeds.END}\nafter\n")
    write_table(lines, file)
    assert "old" not in file.read_text()
    assert lines[2] in file.read_text()
    file.write_text("no marks")
    with pytest.raises(ValueError, match="does not have the marks"):
        write_table(lines, file)


def test_seed_0_is_the_shipped_training_where_it_is_the_same(tmp_path: Path) -> None:
    assert seeds.place("reverse", 1, tmp_path) == tmp_path / "reverse-1"
    assert seeds.place(seeds.SMALL, 0, tmp_path) == tmp_path / "small-translator-0"
    assert seeds.look("reverse", 1, tmp_path).heads is None
    with pytest.raises(SystemExit, match="There is no “haiku”"):
        seeds.main(["haiku"])
