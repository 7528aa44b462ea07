"""Patching maps, path patching, noise and steering, against runs made one by one or by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import headlight
from headlight.model import Edits, Model, Trace
from headlight.model.analysis import weights
from headlight.model.analysis.interventions import path, steering
from headlight.model.analysis.interventions.aligned import pairs
from headlight.model.analysis.interventions.comparison import Comparison, compare, opposite
from headlight.model.analysis.interventions.metrics import KL, LOG_PROB, LOGIT, Metric
from headlight.model.analysis.interventions.noise import noise, noised
from headlight.model.analysis.interventions.patching import (
    MAPS,
    Cell,
    PatchingMap,
    brought,
    cells,
    patch,
    patching_map,
)
from headlight.model.network.front_shapes import TokensShape
from tests.model.builders import random_model
from tests.model.test_identities import close, softmax

TARGET = [5, 9, 7, 8, 6, 2]


@pytest.fixture(scope="module")
def compared(any_model: Model, texts: tuple[str, ...]) -> Comparison:
    into, source = (any_model.teacher_force(text, TARGET) for text in texts[1:])
    return compare(any_model, into, source, 2, metric=LOG_PROB, token=9)


@pytest.fixture(scope="module")
def cats() -> tuple[Model, Trace, Trace]:
    model = headlight.load("translate-en-fr")
    one, many = model.run("The cat is black."), model.run("The cats are black.")
    assert one.output_text.startswith("Le chat")
    assert many.output_text.startswith("Les chats")
    return model, one, many


def last(found: Any) -> PatchingMap:
    return [*found][-1]


@pytest.mark.parametrize("which", MAPS)
def test_a_map_is_its_patches_one_by_one(
    any_model: Model, compared: Comparison, which: str
) -> None:
    chosen = cells(any_model, compared, which)
    some = chosen[:: max(1, len(chosen) // 5)]
    found = last(patching_map(any_model, compared, some, at_once=3))
    assert found.done == len(some)
    for cell, value in zip(some, found.values, strict=True):
        edits = patch(compared, cell)
        one = any_model.teacher_force(compared.into.source_text, TARGET, edits=edits)
        assert value == pytest.approx(one.log_probs[2, 9], abs=2e-4)
    base, goal = compared.into.log_probs[2, 9], compared.source.log_probs[2, 9]
    close(found.shares, (found.values - base) / (goal - base), 1e-3)


def test_cells_name_the_whole_network(any_model: Model, compared: Comparison) -> None:
    config, n = any_model.config, len(compared.src_pairs)
    layers = config.n_encoder_layers, config.n_decoder_layers
    assert len(cells(any_model, compared, "heads")) == config.n_heads * (layers[0] + 2 * layers[1])
    assert len(cells(any_model, compared, "blocks")) == 2 * layers[0] + 3 * layers[1]
    assert len(cells(any_model, compared, "stream")) == layers[0] * n + layers[1] * 3


def test_what_is_the_same_in_both_runs_moves_nothing_at_all(
    any_model: Model, compared: Comparison
) -> None:
    """Both read the same target, so below the first cross-attention the decoders are the same."""
    chosen = [Cell("out", "decoder_self", 0), Cell("resid_pre", "decoder", 0, None, 1)]
    assert not last(patching_map(any_model, compared, chosen)).shares.any()


def test_the_whole_difference_moves_all_the_way(cats: tuple[Model, Trace, Trace]) -> None:
    model, one, many = cats
    both = compare(model, one, many, 0)
    everything = [Cell("resid_pre", "encoder", 0, None, i) for i in both.src_pairs]
    again = model.teacher_force(one.source_text, one.tgt_out.ids, edits=patch(both, *everything))
    assert np.array_equal(again.logits[0], many.logits[0])
    found = last(patching_map(model, both, cells(model, both, "stream")))
    assert found.share(Cell("resid_pre", "encoder", 0, None, 1)) == pytest.approx(1, abs=0.25)
    assert abs(found.share(Cell("resid_pre", "encoder", 0, None, 3))) < 0.05
    back = opposite(model, both)
    assert (back.metric.token, back.metric.against) == (both.metric.against, both.metric.token)
    assert (back.into, back.source) == (many, one)


def test_metrics_by_hand(cats: tuple[Model, Trace, Trace]) -> None:
    _, one, many = cats
    both = torch.tensor(np.stack([one.logits[0], many.logits[0]]))
    a, b = int(many.logits[0].argmax()), int(one.logits[0].argmax())
    p, q = many.probs[0].astype(np.float64), one.log_probs[0].astype(np.float64)
    expected = {
        LOG_PROB: [one.log_probs[0, a], many.log_probs[0, a]],
        LOGIT: [t.logits[0, a] - t.logits[0, b] for t in (one, many)],
        KL: [-(p * (np.log(p) - q)).sum(), 0.0],
    }
    for name, values in expected.items():
        found = Metric(name, a, b).of(both, both[1])
        close(found.numpy(), np.array(values), 1e-4)


def test_words_are_paired_by_word(cats: tuple[Model, Trace, Trace]) -> None:
    model, _, _ = cats
    one = model.read("The cat sleeps unbelievably in the garden.")  # in four pieces
    many = model.read("The cats sleep quickly in the garden.")
    assert one.pieces[3:7] == ("▁un", "bel", "iev", "ably")
    rest = {first: first - 3 for first in range(6, 12)}
    assert pairs(one, many, "word") == {0: 0, 1: 1, 2: 2, **rest}
    assert pairs(one, many, "position") == {i: i for i in range(9)}
    assert pairs(one, many, {1: 5}) == {1: 5}
    inserted = model.read("The old cat sleeps unbelievably in the garden.")
    assert pairs(one, inserted, "word")[1] == 2
    for wrong, said in (
        ({12: 0}, "Position 12 cannot be paired with 0"),
        ("sound", "not by 'sound'"),
    ):
        with pytest.raises(ValueError, match=said):
            pairs(one, many, wrong)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"row": 99}, "row 99 does not exist"),
        ({"row": 3, "align_target": {0: 0}}, "Row 3 answers to no row"),
        ({"row": 0, "metric": "taste"}, "There is no metric “taste”. There are: log_prob"),
        ({"row": 0, "token": 7, "against": 7}, "the same token most probable"),
    ],
)
def test_comparisons_that_make_no_sense_are_refused(
    cats: tuple[Model, Trace, Trace], given: dict[str, Any], said: str
) -> None:
    model, one, many = cats
    with pytest.raises(ValueError, match=said):
        compare(model, one, many, **given)


def test_two_runs_that_agree_are_refused(cats: tuple[Model, Trace, Trace]) -> None:
    model, one, many = cats
    with pytest.raises(ValueError, match="there is nothing that a patch could bring"):
        compare(model, one, one, 0, metric=LOG_PROB)
    with pytest.raises(ValueError, match="There is no map “cells”"):
        cells(model, compare(model, one, many, 0), "cells")


def test_noise_is_measured_in_what_the_encoder_reads() -> None:
    """Not in the decoder's table, where the source has one of its own."""
    model = random_model(front=TokensShape(30))
    front: Any = model.network.front
    front.embedding.weight.mul_(5)
    (added,) = noise(model, model.run("a b c"), [1]).steer
    table = front.embedding.weight.numpy()
    assert added[3] == pytest.approx(3 * table.std() * model.config.d_model**0.5)


def test_noise_is_an_edit_of_the_run_and_can_be_patched_away(
    cats: tuple[Model, Trace, Trace],
) -> None:
    model, one, _ = cats
    loud = noised(model, one, [1], seed=3)
    assert loud.tgt_out.ids == one.tgt_out.ids
    moved = loud.encoder.layers[0].resid_pre - one.encoder.layers[0].resid_pre
    assert not moved[[0, 2, 3, 4, 5]].any()
    size = 3 * weights.embedding(model).std() * model.config.d_model**0.5
    assert moved[1].std() == pytest.approx(size, rel=0.2)
    both = compare(model, loud, one, 1, metric=LOG_PROB, token=one.tgt_out.ids[1])
    cell = Cell("resid_pre", "encoder", 0, None, 1)
    assert last(patching_map(model, both, [cell])).share(cell) == pytest.approx(1, abs=1e-4)
    with pytest.raises(ValueError, match="Noise needs positions of the source, 0 to 5"):
        noised(model, one, [6])


def test_a_path_by_hand(tiny: Model) -> None:
    """From a head of decoder self-attention to one of the cross-attention right behind it."""
    into = tiny.teacher_force("a b c d", [5, 9, 7, 2])
    source = tiny.teacher_force("a b c d", [6, 8, 7, 2])
    both = compare(tiny, into, source, 2, metric=LOG_PROB, token=9)
    found = last(path.path_map(tiny, both, ("decoder_self", 0, 1), [("cross", 0, 0)]))

    own, cross = (weights.attention(tiny, kind, 0) for kind in ("decoder_self", "cross"))
    norm, width = weights.norm(tiny, "decoder", 0, "cross"), tiny.config.d_head
    moved = source.attention["decoder_self"][0].z[1] - into.attention["decoder_self"][0].z[1]
    mid = into.decoder.layers[0].resid_mid + moved @ own.w_o[width : 2 * width]
    centred = mid - mid.mean(-1, keepdims=True)
    read = centred / np.sqrt(mid.var(-1, keepdims=True) + norm.epsilon) * norm.gamma + norm.beta
    record = into.attention["cross"][0]
    q = read @ cross.w["q"][:, 0] + cross.b["q"][0]
    z = softmax(q @ record.k[0].T / width**0.5) @ record.v[0]
    edits = Edits(patch={("z", "cross", 0, 0): z})
    expected = tiny.teacher_force("a b c d", [5, 9, 7, 2], edits=edits).log_probs[2, 9]
    assert found.values[0] == pytest.approx(expected, abs=1e-5)
    assert abs(found.values[0] - found.base) > 1e-6


def test_paths_only_lead_forward(tiny: Model) -> None:
    assert ("cross", 0, 1) in path.downstream(tiny, ("decoder_self", 0, 0))
    assert ("decoder_self", 0, 1) not in path.downstream(tiny, ("decoder_self", 0, 0))
    hears = path.downstream(tiny, ("encoder_self", 1, 0))
    assert {kind for kind, _, _ in hears} == {"encoder_self", "cross"}
    assert {layer for kind, layer, _ in hears if kind == "encoder_self"} == {2}
    into, source = tiny.teacher_force("a b", TARGET), tiny.teacher_force("c d", TARGET)
    both = compare(tiny, into, source, 1, metric=LOG_PROB, token=9)
    with pytest.raises(ValueError, match="Head cross L0 H0 comes before, or beside, head cross L0"):
        next(path.path_map(tiny, both, ("cross", 0, 1), [("cross", 0, 0)]))
    with pytest.raises(ValueError, match="hears by q, k and v"):
        next(path.path_map(tiny, both, ("cross", 0, 1), inputs=["w"]))


def test_a_path_from_a_head_that_does_not_differ_moves_nothing(tiny: Model) -> None:
    into, source = tiny.teacher_force("a b", TARGET), tiny.teacher_force("c d", TARGET)
    both = compare(tiny, into, source, 1, metric=LOG_PROB, token=9)
    found = last(path.path_map(tiny, both, ("decoder_self", 0, 1)))  # the same target: the same z
    close(found.shares, np.zeros(found.done), 1e-3)


def test_directions(cats: tuple[Model, Trace, Trace]) -> None:
    model, one, many = cats
    found = steering.difference(many, one, "encoder", 1, [1])
    close(found, many.encoder.layers[1].resid_pre[1] - one.encoder.layers[1].resid_pre[1])
    end = steering.difference(many, one, "decoder", 3)
    outputs = (trace.decoder.layers[2].resid_post.mean(0) for trace in (many, one))
    close(end, next(outputs) - next(outputs))
    table = weights.embedding(model)
    close(steering.unembedding(model, 7, 9), table[7] - table[9])
    result = model.teacher_force(one.source_text, one.tgt_out.ids, record_result=True)
    block = result.attention["cross"][2].result
    assert block is not None
    close(steering.head_output(model, one, ("cross", 2, 6)), block[6].mean(0), 1e-4)
    norms = np.linalg.norm(one.encoder.layers[1].resid_pre, axis=-1)
    assert steering.reach(one, "encoder", 1) == pytest.approx(float(norms.mean()), rel=1e-5)
    for wrong, said in (
        (("encoder", 9, None), "layer 9 does not exist"),
        (("middle", 0, None), "unknown stack 'middle'"),
        (("encoder", 0, [40]), "positions .40. are not all there"),
    ):
        with pytest.raises(ValueError, match=said):
            steering.difference(one, many, *wrong)


def test_steering_towards_a_token_makes_it_more_probable(cats: tuple[Model, Trace, Trace]) -> None:
    model, one, many = cats
    token, against = many.tgt_out.ids[0], one.tgt_out.ids[0]
    direction = steering.unembedding(model, token, against)
    found = [*steering.sweep(model, one.source_text, direction, "decoder", 3, [0.0, 4.0, 40.0])]
    assert [one.c for one in found] == [0.0, 4.0, 40.0]
    assert found[0].trace.tgt_out.ids == one.tgt_out.ids
    gaps = [s.trace.logits[0, token] - s.trace.logits[0, against] for s in found]
    assert gaps[0] < gaps[1] < gaps[2]
    assert found[2].trace.tgt_out.ids[0] == token
    assert found[2].trace.edits == Edits(steer=[("decoder", 3, None, 40.0, direction)])


def test_a_run_that_was_patched_can_be_patched_there_again(tiny: Model) -> None:
    """The new value takes the place of the old one; the other changes stay."""
    one, other, third = (tiny.teacher_force(text, TARGET) for text in ("a b c", "c b a", "a c c"))
    cell, cut = Cell("z", "encoder_self", 0, 1), Edits(ablate=[("cross", 0, 0)])
    first = patch(compare(tiny, one, other, 2, metric=LOG_PROB, token=9), cell)
    own = tiny.teacher_force("a b c", TARGET, edits=first | cut)
    found = compare(tiny, own, third, 2, metric=LOG_PROB, token=9)
    with pytest.raises(ValueError, match="two different values"):
        own.edits | brought(found, cell)
    assert patch(found, cell) == cut | brought(found, cell)
    shown = last(patching_map(tiny, found, [cell]))
    again = tiny.teacher_force("a b c", TARGET, edits=cut | brought(found, cell))
    assert shown.values[0] == pytest.approx(again.log_probs[2, 9], abs=2e-4)
