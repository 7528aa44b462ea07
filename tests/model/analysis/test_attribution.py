"""The parts of a logit sum to it, whatever the norm order, the row, the token and the edits."""

from __future__ import annotations

import pytest

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.attribution.direct import attribute
from headlight.model.analysis.attribution.rollout import contributions
from tests.model.builders import random_model


def test_the_parts_sum_to_the_logit(any_model: Model, trace: Trace) -> None:
    for row in range(len(trace.tgt_out)):
        best = int(trace.logits[row].argmax())
        for token in (best, trace.tgt_out.ids[row], 7):
            shares = attribute(any_model, trace, row, token)
            total = sum(share.value for share in shares)
            assert total == pytest.approx(float(trace.logits[row, token]), rel=1e-4, abs=1e-3)


def test_the_parts_of_a_difference_sum_to_it(any_model: Model, trace: Trace) -> None:
    first, second = (int(i) for i in trace.logits[1].argsort()[::-1][:2])
    total = sum(share.value for share in attribute(any_model, trace, 1, first, against=second))
    expected = float(trace.logits[1, first] - trace.logits[1, second])
    assert total == pytest.approx(expected, rel=1e-4, abs=1e-3)


def test_every_head_block_and_bias_is_named_once(any_model: Model, trace: Trace) -> None:
    shares = attribute(any_model, trace, 0, 4)
    config = any_model.config
    names = [share.name for share in shares]
    assert len(set(names)) == len(names)
    n, heads = config.n_decoder_layers, config.n_heads
    count = {group: sum(s.group == group for s in shares) for group in {s.group for s in shares}}
    norms = 1 if config.norm_first else 3 * n
    expected = {"decoder_self": n * heads, "cross": n * heads, "mlp": n, "embedding": 2}
    assert count == {**expected, "bias": 3 * n + norms}


@pytest.mark.parametrize(
    "edits",
    [
        Edits(skip=frozenset({("decoder", 0)})),
        Edits(cross_attention=False),
        Edits(positions=False, scale=False),
        Edits(ablate=frozenset({("cross", 1, 1)})),
        Edits(cut={("cross", 1, None, None, 0)}, set={("decoder_self", 0, 0, 1): [0.5, 0.5]}),
        Edits(patch={("z", "cross", 0, 1, 1): [0.5] * 8}),
    ],
)
def test_edited_runs_add_up_as_well(tiny: Model, edits: Edits) -> None:
    trace = tiny.run("a b c", edits=edits)
    total = sum(share.value for share in attribute(tiny, trace, 1, 6))
    assert total == pytest.approx(float(trace.logits[1, 6]), rel=1e-4, abs=1e-4)


def test_what_is_not_there_is_refused(tiny: Model) -> None:
    trace = tiny.run("a b")
    with pytest.raises(ValueError, match="row 99"):
        attribute(tiny, trace, 99, 4)
    with pytest.raises(ValueError, match="token 9999"):
        attribute(tiny, trace, 0, 4, against=9999)
    with pytest.raises(ValueError, match="another model"):
        attribute(random_model(seed=5), trace, 0, 4)


@pytest.mark.parametrize(
    "edits",
    [
        Edits(steer=[("decoder", 1, None, 1.0, [1.0] * 16)]),
        Edits(patch={("out", "cross", 0, 1): [1.0] * 16}),
    ],
)
def test_a_stream_with_something_put_in_is_not_taken_apart(tiny: Model, edits: Edits) -> None:
    trace = tiny.run("a b c", edits=edits)
    with pytest.raises(ValueError, match="patched or steered"):
        attribute(tiny, trace, 0, trace.tgt_out.ids[0])
    with pytest.raises(ValueError, match="put in from elsewhere"):
        contributions(tiny, trace)
