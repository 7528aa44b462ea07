"""Interventions on checkpoints of other families: against `transformers`, and their identities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import headlight
from headlight.model import KINDS, Edits, Model, Trace
from headlight.model.analysis.interventions import path
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.metrics import LOG_PROB
from headlight.model.analysis.interventions.noise import noised
from headlight.model.analysis.interventions.patching import MAPS, cells, patch, patching_map
from headlight.model.decoding import Stepper
from tests.model.hub import edited
from tests.model.hub.folders import FOLDERS, write, write_words
from tests.model.interventions import by_hooks
from tests.model.interventions.test_identities import NAMES, changes, every, neutral, value

FAMILIES = [name for name in FOLDERS if name != "whisper"]
OTHERS = ["read-digits", "hear-digits"]
TARGET = [8, 9, 10, 11, 12]


@pytest.fixture(scope="module", params=FAMILIES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(our model, theirs) of one folder."""
    folder: Path = tmp_path_factory.mktemp("hub")
    theirs = write(request.param, folder)
    write_words(folder)
    return headlight.load(folder), theirs


@pytest.fixture(scope="module", params=[*FAMILIES, *OTHERS])
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Model, Trace, Trace]:
    """A model of another family or of pictures and sounds, and two runs of one target."""
    if request.param in OTHERS:
        model = headlight.load(request.param)
        assert model.task is not None
        one, two = (example.source for example in model.task.examples[:2])
        target = [5, 6, 7, 8, model.config.eos_id]
        return model, model.teacher_force(one, target), model.teacher_force(two, target)
    folder: Path = tmp_path_factory.mktemp("hub")
    write(request.param, folder)
    write_words(folder)
    model = headlight.load(folder)
    first = model.teacher_force("w3 w4 w5 w6 w7", TARGET)
    return model, first, model.teacher_force("w13 w14 w15 w16 w17", TARGET)


def again(model: Model, trace: Trace, edits: Edits) -> Trace:
    return model.teacher_force(trace.source, trace.tgt_out.ids, edits=edits)


def near(found: Any, expected: Any, tolerance: float = 2e-4) -> None:
    np.testing.assert_allclose(found, expected, atol=tolerance, rtol=tolerance)


def test_each_edit_is_what_transformers_computes_under_it(pair: tuple[Model, Any]) -> None:
    model, theirs = pair
    here = model.teacher_force("w3 w4 w5 w6 w7", TARGET)
    there = model.teacher_force("w13 w14 w15 w16 w17", TARGET)
    src, tgt = (torch.tensor([tokens.ids]) for tokens in (here.src, here.tgt_in))
    made = changes(here, there)
    made["heads off"] = Edits(ablate={("cross", 1, 0), ("encoder_self", 2, 3)})
    depth = model.config.n_decoder_layers  # behind the last layer there is no module to hook
    made["steer"] = Edits(steer=[one for one in made["steer"].steer if one[1] < depth])
    kept = made["stream"].patch
    made["stream"] = Edits(patch=[one for one in kept if one[0][0] == "resid_pre"])
    near(here.logits, edited.logits(theirs, src, tgt, Edits())[0], 1e-3)
    for name, edits in made.items():
        found = again(model, here, edits).logits
        expected = edited.logits(theirs, src, tgt, edits)[0].numpy()
        np.testing.assert_allclose(found, expected, atol=1e-3, rtol=1e-3, err_msg=name)
        assert np.abs(found - here.logits).max() > 1e-3, name


def test_what_changes_nothing_changes_nothing_to_the_bit(runs: tuple[Model, Trace, Trace]) -> None:
    model, here, _ = runs
    before = here.to_arrays()
    for name, edits in neutral(here).items():
        assert edits
        found = again(model, here, edits).to_arrays()
        for place, array in before.items():
            np.testing.assert_array_equal(found[place], array, err_msg=f"{name}: {place}")
    assert {place[0] for place in every(here)} >= {"z", "out", "mlp_out", "resid_pre"}


@pytest.mark.parametrize("slug", OTHERS)
def test_pictures_and_sounds_by_forward_hooks(slug: str) -> None:
    model = headlight.load(slug)
    assert model.task is not None
    short = sorted((e.source for e in model.task.examples), key=lambda s: len(model.read(s)))
    target = [5, 6, 7, 8, model.config.eos_id]
    here, there = (model.teacher_force(source, target) for source in short[:2])
    for name, edits in changes(here, there).items():
        found = again(model, here, edits).log_probs
        expected = by_hooks.log_probs(model, here, edits).numpy()
        np.testing.assert_allclose(found, expected, atol=2e-4, rtol=2e-4, err_msg=name)
        assert np.abs(found - here.log_probs).max() > 1e-4, name


@pytest.mark.parametrize("name", NAMES)
def test_decoding_with_and_without_a_cache_agree_and_cut_edges_are_zero(
    runs: tuple[Model, Trace, Trace], name: str
) -> None:
    model, here, there = runs
    edits = changes(here, there)[name]
    trace = model.run(here.source, max_len=6, edits=edits)
    with torch.inference_mode():
        source = model.source([here.src])
        for cached in (True, False):
            stepper = Stepper(model.network, source, edits, cached=cached)
            rows = [stepper.advance(torch.tensor([[one]]))[0] for one in trace.tgt_in.ids]
            near(np.stack(rows), trace.log_probs, 5e-4)
    cut = 0
    for kind in KINDS:
        for layer, record in enumerate(again(model, here, edits).attention[kind]):
            if record.cut is not None:
                assert not record.pattern[record.cut].any()
                cut += int(record.cut.sum())
            open_ = record.mask if record.cut is None else record.mask & ~record.cut
            left = np.broadcast_to(np.any(open_, -1), record.pattern.shape[:2])
            near(record.pattern.sum(-1)[left], 1.0, 1e-5)
            assert layer < model.config.n_layers(kind)
    assert (cut > 0) == (name in ("edge", "column", "row", "many"))


def test_all_heads_patched_are_the_block(runs: tuple[Model, Trace, Trace]) -> None:
    model, here, there = runs
    for kind in KINDS:
        n = min(len(here.queries(kind)), len(there.queries(kind)))
        record = there.attention[kind][1]
        heads = {("z", kind, 1, h): record.z[h, :n] for h in range(here.heads(kind))}
        block = {("out", kind, 1): record.out[:n]}
        one, two = (again(model, here, Edits(patch=given)) for given in (heads, block))
        near(one.log_probs, two.log_probs, 1e-3)
        assert kind == "decoder_self" or np.abs(one.log_probs - here.log_probs).max() > 1e-5


def test_maps_paths_and_noise_are_runs_made_one_by_one(runs: tuple[Model, Trace, Trace]) -> None:
    model, here, there = runs
    token = int(np.abs(there.logits[2] - here.logits[2]).argmax())
    both = compare(model, here, there, 2, metric=LOG_PROB, token=token)
    for which in MAPS:
        chosen = cells(model, both, which)
        some = chosen[:: max(1, len(chosen) // 4)]
        (*_, found) = patching_map(model, both, some, at_once=3)
        for cell, measured in zip(some, found.values, strict=True):
            one = again(model, here, patch(both, cell))
            assert measured == pytest.approx(float(one.log_probs[2, token]), abs=1e-3)
    sender = ("encoder_self", 0, 0)
    receiver = path.downstream(model, sender)[-1]
    (*_, found) = path.path_map(model, both, sender, [receiver])
    one = again(model, here, path.path_edits(model, both, sender, receiver))
    assert found.values[0] == pytest.approx(float(one.log_probs[2, token]), abs=1e-3)
    loud = noised(model, here, [1])
    clean = Edits(patch={("resid_pre", "encoder", 0): value(here, ("resid_pre", "encoder", 0))})
    np.testing.assert_array_equal(again(model, here, loud.edits | clean).logits, here.logits)
    assert np.abs(loud.logits - here.logits).max() > 1e-4
