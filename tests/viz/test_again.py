"""What waits in the queue holds no run: it makes it again, as it was, when its turn comes."""

from __future__ import annotations

import gc
from collections import deque
from typing import Any
from weakref import WeakSet, ref

import numpy as np
import pytest

from headlight.model import Edits, Trace
from headlight.model.analysis.attribution.sources import sources
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.metrics import KL
from headlight.model.analysis.interventions.patching import cells, patching_map
from headlight.model.analysis.interventions.path import path_map
from headlight.model.analysis.interventions.steering import sweep
from headlight.viz import runtime
from headlight.viz.runtime.jobs import Jobs
from headlight.viz.runtime.limits import Limits
from headlight.viz.runtime.turns import Turns
from tests.model.builders import random_model

LONG = 20.0


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(Turns(share=0.1), Limits())


def test_work_in_the_queue_holds_no_run_and_makes_it_again(jobs: Jobs) -> None:
    model = random_model()
    first, second = model.run("c a b d", max_len=6), model.run("c a b", max_len=6)
    compared = compare(model, first, second, row=0, metric=KL)
    specs = [
        runtime.explaining(model, first),
        runtime.patching(model, compared, "blocks"),
        runtime.patching(model, compared, "paths", ("encoder_self", 0, 1)),
    ]
    known = sources(model, first)
    maps = [
        deque(one, maxlen=1).pop()
        for one in (
            patching_map(model, compared, cells(model, compared, "blocks")),
            path_map(model, compared, ("encoder_self", 0, 1)),
        )
    ]
    held_by = [ref(first), ref(second)]
    del first, second, compared
    gc.collect()
    assert [one() for one in held_by] == [None, None]
    found = [jobs.submit(one.title, one.steps(), one.total) for one in specs]
    assert all(one.wait(LONG) for one in found)
    for method, scores in known.scores.items():
        assert np.array_equal(scores, found[0].latest.scores[method]), method
    for one, job in zip(maps, found[1:], strict=True):
        assert np.array_equal(one.values, job.latest.values)


@pytest.mark.parametrize("what", ["measuring", "sources", "patching", "steering"])
def test_no_run_is_held_between_two_steps(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what may be large: others of that kind compute meanwhile."""
    model, made, init = random_model(), WeakSet[Trace](), Trace.__init__

    def noted(self: Trace, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        made.add(self)

    first, second = model.run("c a b d", max_len=6), model.run("c a b", max_len=6)
    compared = compare(model, first, second, row=0, metric=KL)
    direction = np.ones(model.config.d_model, np.float32)
    where = runtime.Where("decoder", 0, None, Edits())
    monkeypatch.setattr("headlight.viz.runtime.specs.STEP_CELLS", 1)
    monkeypatch.setattr("headlight.model.analysis.interventions.patching.CELLS", 5 * 6**2)
    spec = {
        "measuring": runtime.measuring(model, "c a b\nd e f", "two lines"),
        "sources": runtime.explaining(model, first),
        "patching": runtime.patching(model, compared, "heads"),
        "steering": runtime.steering(model, "c a b", direction, where, (-1.0, 0.0)),
    }[what]
    del first, second, compared
    gc.collect()
    monkeypatch.setattr(Trace, "__init__", noted)
    steps = spec.steps()
    for _ in range(2):
        next(steps)
        gc.collect()
        assert [repr(one) for one in made] == []


def test_what_is_remembered_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model()
    trace = model.run("c a b", max_len=6)
    later = runtime.again(model, trace)
    monkeypatch.setattr(model, "run", None)
    assert later() is trace


def test_an_output_that_was_cut_off_is_made_again_as_it_was() -> None:
    model = random_model()
    trace = next(
        one for one in (model.run("c a b", max_len=n) for n in range(2, 9)) if not one.finished
    )
    ids, log_probs = trace.tgt_out.ids, trace.log_probs.copy()
    later = runtime.again(model, trace)
    del trace
    gc.collect()
    assert later().tgt_out.ids == ids
    assert np.array_equal(later().log_probs, log_probs)


def test_steering_keeps_what_is_shown_of_its_runs(jobs: Jobs) -> None:
    model = random_model()
    direction = np.ones(model.config.d_model, np.float32)
    spec = runtime.steering(
        model, "c a b", direction, runtime.Where("decoder", 0, None, Edits()), (-1.0, 0.0)
    )
    job = jobs.submit(spec.title, spec.steps(), spec.total)
    assert job.wait(LONG)
    runs = list(sweep(model, "c a b", direction, "decoder", 0, (-1.0, 0.0)))
    written = [(one.c, one.tokens.ids) for one in job.latest]
    assert written == [(one.c, one.trace.tgt_out.ids) for one in runs]
    assert job.nbytes < sum(one.trace.nbytes for one in runs) / 4
