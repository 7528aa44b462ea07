"""A trace of a target that is known already: exactly its tokens, the numbers of decoding."""

from __future__ import annotations

import numpy as np

from headlight.model import Model
from headlight.model.decoding import Beam, Given, Hypothesis


def test_the_trace_holds_exactly_what_was_given(tiny: Model) -> None:
    given = Given(Hypothesis((9, 8, 7), 0.0, False), "a node")
    trace = tiny.run("a b c", strategy=given)
    assert trace.tgt_out.ids == (9, 8, 7)
    assert not trace.finished
    assert trace.strategy == "a node"
    closed = tiny.teacher_force("a b c", (9, 8, 7))
    np.testing.assert_allclose(trace.log_probs, closed.log_probs[:3], atol=1e-5)


def test_a_search_that_was_done_is_traced_without_doing_it_again(any_model: Model) -> None:
    assert any_model.task is not None
    text = any_model.task.examples[0].text
    beam = Beam(3)
    found = any_model.decode(any_model.read(text), strategy=beam)
    trace = any_model.run(text, strategy=Given(found, beam.label))
    again = any_model.run(text, strategy=beam)
    assert trace.tgt_out == again.tgt_out
    assert (trace.finished, trace.strategy) == (again.finished, again.strategy)
    np.testing.assert_array_equal(trace.log_probs, again.log_probs)
