"""What a run wrote, written again: also where the run was cut off before its end."""

from __future__ import annotations

import numpy as np
import pytest

import headlight
from headlight.model import Edits
from headlight.model.analysis.interventions import path
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.metrics import LOG_PROB
from headlight.model.analysis.interventions.noise import noised
from headlight.model.analysis.interventions.same_tokens import same_tokens


@pytest.mark.parametrize("max_len", [None, 2])
def test_the_same_rows_come_again(max_len: int | None) -> None:
    model = headlight.load("reverse")
    trace = model.run("c a b", max_len=max_len)
    assert trace.finished == (max_len is None)
    again = model.run(trace.source, strategy=same_tokens(trace))
    assert again.tgt_out.ids == trace.tgt_out.ids
    assert again.finished == trace.finished
    np.testing.assert_array_equal(again.log_probs, trace.log_probs)
    noisy = noised(model, trace, [0])
    assert noisy.tgt_out.ids == trace.tgt_out.ids
    assert noisy.log_probs.shape == trace.log_probs.shape
    assert not np.array_equal(noisy.log_probs, trace.log_probs)


def test_paths_work_in_a_run_that_was_cut_off() -> None:
    model = headlight.load("reverse")
    into = model.run("c a b", max_len=2)
    compared = compare(model, into, model.run("b a c"), 0, metric=LOG_PROB)
    sender = ("encoder_self", 0, 0)
    receiver = path.downstream(model, sender)[-1]
    edits = path.path_edits(model, compared, sender, receiver)
    after = model.run(into.source, strategy=same_tokens(into), edits=edits)
    assert after.log_probs.shape == into.log_probs.shape
    assert edits != Edits()
