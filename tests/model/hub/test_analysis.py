"""What the pages compute, on every family: each number follows from the model's real arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headlight
from headlight.model import AnySource, Edits, Model, Sound, Trace
from headlight.model.analysis.attribution.direct import attribute
from headlight.model.analysis.attribution.saliency import gradient_times_input, leave_one_out
from headlight.model.analysis.stream.logit_lens import logit_lens
from headlight.model.analysis.walk import Cell, Place, recompute, walk
from headlight.model.network.config import KINDS
from headlight.viz.explain import explain
from tests.model.hub.folders import FOLDERS, write, write_words

TEXT, TARGET = "w3 w4 w5 w6 w7", [8, 9, 10, 11]
NOISE = np.random.default_rng(0).normal(size=9_000).astype(np.float32) / 10


@pytest.fixture(scope="module", params=FOLDERS)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A tiny random model of each family, opened as anybody would."""
    folder: Path = tmp_path_factory.mktemp("hub")
    write(request.param, folder)
    write_words(folder)
    return headlight.load(folder)


def source(model: Model, text: str = TEXT) -> AnySource:
    """A text, or a sound as long as it, for what hears."""
    return text if model.reads == "text" else Sound(NOISE[: 200 * len(text)], 16_000)


@pytest.fixture(scope="module")
def trace(model: Model) -> Trace:
    return model.teacher_force(source(model), TARGET)


def near(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, atol=2e-4, rtol=2e-4)


def test_every_step_of_a_walk_is_recomputed(model: Model, trace: Trace) -> None:
    for kind in KINDS:
        last = trace.n_layers(kind) - 1
        for layer, head, query, key in ((0, 0, 1, 0), (last, trace.heads(kind) - 1, 3, 2)):
            cell = Cell(kind, layer, head, query, key)
            steps = walk(model, trace, cell)
            assert len({step.key for step in steps}) == len(steps)
            for step in steps:
                near(recompute(step), step.output.values)
                assert explain(Place(model, trace, cell), step).sentence.endswith(".")
                for code in step.code:
                    assert code.read().text


def test_a_walk_names_what_the_family_does(model: Model, trace: Trace) -> None:
    config = model.config
    keys = {step.key for step in walk(model, trace, Cell("decoder_self", 0, 0, 2, 1))}
    assert ("scale" in keys) == (config.attention_scale is None)
    assert ("position-bias" in keys) == (config.position == "relative")
    assert ("mlp-gate" in keys) == config.gated
    assert ("query-norm" in keys) == config.norm_first
    assert ("query-final-norm" in keys) == config.has_final_norm


def test_the_logit_lens_ends_in_the_models_own_words(model: Model, trace: Trace) -> None:
    near(logit_lens(model, trace).log_probs[-1], trace.log_probs)


def test_shares_of_a_logit_sum_to_it(model: Model, trace: Trace) -> None:
    for row, token in ((0, 5), (3, 11)):
        total = sum(share.value for share in attribute(model, trace, row, token))
        assert total == pytest.approx(float(trace.logits[row, token]), abs=2e-3)
        difference = sum(share.value for share in attribute(model, trace, row, token, 7))
        expected = float(trace.logits[row, token] - trace.logits[row, 7])
        assert difference == pytest.approx(expected, abs=2e-3)


def test_sources_by_gradient_and_by_leaving_out(model: Model, trace: Trace) -> None:
    assert np.isfinite(gradient_times_input(model, trace)).all()
    lost = leave_one_out(model, trace, [(0,), (1, 2), ()])
    assert np.abs(lost[:, 0]).max() > 1e-3
    near(lost[:, 2], 0)


def test_decoding_is_the_traced_pass(model: Model) -> None:
    for strategy in (None, "beam"):
        trace = model.run(source(model), strategy=strategy, max_len=8)
        again = model.teacher_force(source(model), trace.tgt_out.ids)
        near(again.log_probs[: len(trace.tgt_out)], trace.log_probs)
    two = [source(model), source(model, "w9 w10")]
    for one, given in zip(model.run_many(two, max_len=8), two, strict=True):
        alone = model.run(given, strategy="greedy", max_len=8)
        assert one.tgt_out.ids == alone.tgt_out.ids
        near(one.log_probs, alone.log_probs)
        for kind in KINDS:
            near(one.attention[kind][0].pattern, alone.attention[kind][0].pattern)


def test_edits_act_in_decoding_as_in_the_trace(model: Model) -> None:
    edits = Edits(ablate={("cross", 0, 1), ("encoder_self", 1, 0)}, skip={("decoder", 1)})
    trace = model.run(source(model), edits=edits, max_len=6)
    assert not trace.attention["cross"][0].z[1].any()
    again = model.teacher_force(source(model), trace.tgt_out.ids, edits=edits)
    near(again.log_probs[: len(trace.tgt_out)], trace.log_probs)


def test_hooks_act_in_decoding_as_in_the_trace(model: Model) -> None:
    block: Any = model.network.decoder[0].cross_attention
    plain = model.run(source(model), strategy="greedy", max_len=6)
    handle = block.register_forward_hook(lambda module, args, out: -3 * out)
    try:
        hooked = model.run(source(model), strategy="greedy", max_len=6)
        again = model.decode(model.read(source(model)), strategy="greedy", max_len=6)
    finally:
        handle.remove()
    assert np.abs(hooked.logits[0] - plain.logits[0]).max() > 1e-3
    assert again.log_prob == pytest.approx(float(hooked.chosen_log_probs.sum()), abs=1e-2)


def test_a_saved_run_comes_back(trace: Trace, tmp_path: Path) -> None:
    trace.save(tmp_path / "run.npz")
    found = Trace.load(tmp_path / "run.npz")
    for name, array in trace.to_arrays().items():
        assert np.array_equal(found.to_arrays()[name], array), name
