"""Heads removed one by one: orders, points, files."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import numpy as np
import pytest

from headlight.model import Model
from headlight.model.analysis.heads.metrics import METRICS
from headlight.model.analysis.heads.table import HeadTable, from_totals
from headlight.model.analysis.heads.totals import of_lines
from headlight.model.analysis.interventions.evalset import eval_set, own_eval_set
from headlight.model.analysis.interventions.pruning import (
    ALL,
    Curve,
    Pruning,
    n_prunable,
    n_steps,
    orders,
    prune,
    read_pruning,
    spared,
)
from headlight.model.network.config import KINDS
from headlight.model.run.edits import Edits
from tests.model.builders import random_model

TEXTS = ["a b c", "q w e r t", "x y"]


@pytest.fixture(scope="module")
def tiny() -> Model:
    """One layer of two heads on either side."""
    return random_model(n_encoder_layers=1, n_decoder_layers=1)


@pytest.fixture(scope="module")
def atlas(tiny: Model) -> HeadTable:
    return from_totals(tiny, of_lines(tiny, TEXTS, METRICS), "three lines")


@pytest.fixture(scope="module")
def pruning(tiny: Model, atlas: HeadTable) -> Pruning:
    steps = prune(tiny, atlas, eval_set(tiny, 6), n_random=1)
    every = list(steps)
    assert len(every) == n_steps(tiny, 1)
    return every[-1]


def test_least_sensitive_first(atlas: HeadTable) -> None:
    for heads in (*KINDS, ALL):
        found = orders(atlas, heads, 2)
        assert list(found) == ["sensitivity", "random 0", "random 1"]
        chosen = atlas.heads(None if heads == ALL else heads)
        assert all(sorted(order) == sorted(chosen) for order in found.values())
        values = [atlas.value("sensitivity", head) for head in found["sensitivity"]]
        assert values == sorted(values)
        assert found == orders(atlas, heads, 2)


def test_a_curve_starts_whole_and_ends_with_no_head(tiny: Model, pruning: Pruning) -> None:
    assert [(one.heads, one.order) for one in pruning.curves] == [
        (heads, order) for heads in (*KINDS, ALL) for order in ("sensitivity", "random 0")
    ]
    for curve in pruning.curves:
        assert len(curve.loss) == len(curve.quality) == len(curve.removed) + 1
        assert curve.loss[0] == pytest.approx(pruning.curves[0].loss[0])
        decoded = curve.order == "sensitivity"
        assert (curve.quality[0] is not None) == decoded
        assert (curve.quality[-1] is not None) == decoded
    ends = {(one.heads, round(one.loss[-1] or 0.0, 4)) for one in pruning.curves}
    assert len(ends) == 4  # both orders end at the same place


def test_the_last_point_is_the_loss_without_the_kind(tiny: Model, pruning: Pruning) -> None:
    measure = eval_set(tiny, 6)
    off = Edits(ablate=frozenset(pruning.curves[0].removed))
    lost, tokens = 0.0, 0
    for source, (_, target) in zip(measure.sources, measure.targets, strict=True):
        trace = tiny.teacher_force(source, target, edits=off)
        lost -= float(trace.chosen_log_probs.sum())
        tokens += len(target)
    assert pruning.curves[0].loss[-1] == pytest.approx(lost / tokens, abs=1e-4)


def test_the_whole_model_is_its_own_best_answer(tiny: Model) -> None:
    measure = own_eval_set(tiny, [*TEXTS, "the cat"])
    assert measure.sources == tuple(TEXTS)
    assert measure.quality(tiny.translate(TEXTS)) == 1
    assert measure.quality(["", *tiny.translate(TEXTS)[1:]]) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="none of these lines"):
        own_eval_set(tiny, ["the cat"])


def test_how_many_heads_can_be_spared() -> None:
    heads = tuple(("cross", 0, h) for h in range(4))
    curve = Curve("cross", "sensitivity", heads, (1.0, 0.9, 1.05, 1.2, 1.0), (None,) * 5)
    assert n_prunable(curve, 0.1) == 2
    assert n_prunable(curve, 0.0) == 1
    assert n_prunable(curve, 1.0) == 4
    random = [
        Curve("cross", f"random {i}", heads, (1.0, *rest), (None,) * 5)
        for i, rest in enumerate([(2.0,) * 4, (1.0, 2.0, 2.0, 2.0), (1.0, 1.0, 1.0, 2.0)])
    ]
    found = spared(Pruning("m", "d", "w", "q", (curve, *random)), "cross", 0.1)
    assert (found.of, found.ranked, found.orders) == (4, 2, 3)
    assert (found.least, found.most) == (0, 3)
    assert found.mean == pytest.approx(4 / 3)
    assert found.deviation == pytest.approx(np.std([0, 1, 3], ddof=1))


def test_files(pruning: Pruning, tmp_path: Path) -> None:
    pruning.write(tmp_path / "p.json")
    assert read_pruning(tmp_path / "p.json") == pruning
    (tmp_path / "bad.json").write_text('{"curves": 3}')
    for name in ("bad.json", "missing.json"):
        with pytest.raises(ValueError, match="pruning curves"):
            read_pruning(tmp_path / name)


def test_sensitivity_of_other_weights_is_refused(atlas: HeadTable, tiny: Model) -> None:
    other = random_model(seed=5)
    with pytest.raises(ValueError, match="other weights"):
        next(prune(other, atlas, eval_set(other, 2)))
    without = from_totals(tiny, of_lines(tiny, TEXTS, []), "three lines")
    with pytest.raises(ValueError, match="sensitivity to heads is not known"):
        deque(prune(tiny, without, eval_set(tiny, 2)))
