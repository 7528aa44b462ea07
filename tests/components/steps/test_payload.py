"""What the step view is given are the trace's own numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headlight.model import Model, Trace
from headlight.model.analysis.attribution.rollout import source_share
from headlight.model.decoding import Sampling
from headlight.viz.components.lens.payload import decode
from headlight.viz.components.steps import Branch, Comparison, encode_steps


@pytest.fixture(scope="module")
def trace(tiny: Model) -> Trace:
    return tiny.run("q w e r t y", prefix=[7, 8])


def told(tiny: Model, trace: Trace, **options: Any) -> dict[str, Any]:
    return decode(encode_steps(trace, tiny.tokenizer.piece, source_share(tiny, trace), **options))


def test_each_step_tells_what_was_written_and_how_probable_it_was(
    tiny: Model, trace: Trace
) -> None:
    steps = told(tiny, trace, forced=2)["steps"]
    np.testing.assert_allclose(steps["log_prob"], trace.chosen_log_probs, rtol=1e-6)
    np.testing.assert_allclose(steps["probability"], np.exp(trace.chosen_log_probs), rtol=1e-6)
    np.testing.assert_allclose(steps["source_share"], source_share(tiny, trace), rtol=1e-6)
    assert steps["forced"] == [0, 1]
    assert steps["finished"] == trace.finished
    assert steps["d_vocab"] == tiny.config.d_vocab


def test_candidates_carry_rank_and_probability_and_always_hold_what_was_written(
    tiny: Model, trace: Trace
) -> None:
    for t, found in enumerate(told(tiny, trace)["steps"]["candidates"]):
        row = trace.log_probs[t]
        assert trace.tgt_out.ids[t] in [one["id"] for one in found]
        for one in found:
            assert one["p"] == pytest.approx(float(np.exp(row[one["id"]])), rel=1e-5)
            assert one["rank"] == 1 + int((row > row[one["id"]]).sum())
            assert "drawn" not in one
        ranks = [one["rank"] for one in found]
        assert ranks == sorted(ranks)


def test_reshaped_probabilities_stand_beside_the_models_own(tiny: Model, trace: Trace) -> None:
    drawn = Sampling(temperature=0.5, top_k=3).distribution(trace.log_probs, never=(0, 1))
    steps = told(tiny, trace, drawn=drawn, never=(0, 1))["steps"]
    assert steps["reshaped"]
    for t, found in enumerate(steps["candidates"]):
        for one in found:
            assert one["drawn"] == pytest.approx(float(drawn[t, one["id"]]), rel=1e-5)
            assert one.get("never", False) == (one["id"] in (0, 1))
        assert sum(one["drawn"] > 0 for one in found) == 3


def test_only_the_decoders_attention_is_sent(tiny: Model, trace: Trace) -> None:
    blocks = told(tiny, trace)["traces"][0]["attention"]
    assert set(blocks) == {"decoder_self", "cross"}
    stored = blocks["cross"]["pattern"]
    for layer, record in enumerate(trace.attention["cross"]):
        np.testing.assert_allclose(stored[layer], record.pattern, atol=1e-5)


def test_forks_and_their_comparison_are_passed_on(tiny: Model, trace: Trace) -> None:
    total = float(trace.chosen_log_probs.sum())
    branches = [
        Branch((), 0, 0, trace.tgt_out, total, True),
        Branch((7, 8), 1, 1, trace.tgt_out, total, False),
    ]
    got = told(tiny, trace, branches=branches, current=(7, 8), comparison=Comparison((), 1, ()))
    assert [one["current"] for one in got["branches"]] == [False, True]
    assert [one["prefix"] for one in got["branches"]] == [[], [7, 8]]
    assert got["branches"][1]["log_prob"] == pytest.approx(total, rel=1e-6)
    assert got["comparison"] == {"other": [], "step": 1, "heads": []}


def test_only_what_was_forced_is_marked_forced(tiny: Model, trace: Trace) -> None:
    """A fork's text begins with tokens that the model chose; a fork of a fork has two marks."""
    branches = [
        Branch((), 0, 0, trace.tgt_out, 0.0, True),
        Branch((7, 8), 1, 1, trace.tgt_out, 0.0, True),
        Branch((7, 8, 9, 4), 2, 3, trace.tgt_out, 0.0, True),
        Branch((5,), 1, 0, trace.tgt_out, 0.0, True),
    ]
    got = told(tiny, trace, forced=4, branches=branches, current=(7, 8, 9, 4))
    assert [one["forced"] for one in got["branches"]] == [[], [1], [1, 3], [0]]
    assert got["steps"]["forced"] == [1, 3]


def test_other_numbers_have_another_identity(tiny: Model, trace: Trace) -> None:
    first, again = (told(tiny, trace, options={"said": ""})["id"] for _ in range(2))
    assert first == again
    assert told(tiny, trace, options={"said": "No."})["id"] != first
    assert told(tiny, tiny.run("q w e r t"))["id"] != first
