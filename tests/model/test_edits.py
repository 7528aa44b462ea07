"""Each intervention has exactly the effect it names, on every shipped model and on random ones."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from headlight.model import KINDS, Edits, Model, Trace
from headlight.model.decoding import Stepper
from headlight.model.network.digest import digest
from tests.model.test_identities import CLOSE, EXACT, close, softmax

TARGET = [5, 9, 7, 8, 6, 2]
HEADS = [("encoder_self", 0, 1), ("decoder_self", 1, 0), ("cross", 0, 1)]


@pytest.fixture(scope="module")
def text(texts: tuple[str, ...]) -> str:
    return texts[1]


@pytest.fixture(scope="module")
def plain(any_model: Model, text: str) -> Trace:
    return any_model.teacher_force(text, TARGET, record_result=True)


def edited(any_model: Model, plain: Trace, **edits: Any) -> Trace:
    """The same text and target with edits, which leave no mark on the model."""
    trace = any_model.teacher_force(plain.source_text, TARGET, edits=Edits(**edits))
    assert digest(any_model.network) == any_model.digest
    assert trace.edits == Edits(**edits)
    assert np.abs(trace.log_probs - plain.log_probs).max() > 1e-4
    return trace


@pytest.mark.parametrize("head", HEADS)
def test_ablating_takes_one_result_away(
    any_model: Model, plain: Trace, head: tuple[str, int, int]
) -> None:
    kind, layer, h = head
    found = edited(any_model, plain, ablate={head}).attention[kind][layer]
    before = plain.attention[kind][layer]
    others = [i for i in range(any_model.config.n_heads) if i != h]
    assert not found.z[h].any()
    assert np.array_equal(found.z[others], before.z[others])
    assert np.array_equal(found.pattern, before.pattern)
    assert before.result is not None
    close(found.out, before.out - before.result[h])


@pytest.mark.parametrize("head", HEADS)
def test_ablating_to_a_mean_puts_it_in_every_row(
    any_model: Model, plain: Trace, head: tuple[str, int, int]
) -> None:
    kind, layer, h = head
    before = plain.attention[kind][layer]
    mean = before.z[h].mean(0)
    trace = edited(any_model, plain, ablate={head}, means={head: mean})
    found = trace.attention[kind][layer]
    assert np.array_equal(found.z[h], np.broadcast_to(mean, before.z[h].shape))
    others = [i for i in range(any_model.config.n_heads) if i != h]
    assert np.array_equal(found.z[others], before.z[others])


def test_a_mean_alone_changes_nothing(any_model: Model, plain: Trace) -> None:
    means = {HEADS[0]: [7.0] * any_model.config.d_head}
    trace = any_model.teacher_force(plain.source_text, TARGET, edits=Edits(means=means))
    assert np.array_equal(trace.log_probs, plain.log_probs)


@pytest.mark.parametrize("head", HEADS)
def test_uniform_heads_share_their_weight_evenly(
    any_model: Model, plain: Trace, head: tuple[str, int, int]
) -> None:
    kind, layer, h = head
    found = edited(any_model, plain, uniform={head}).attention[kind][layer]
    before = plain.attention[kind][layer]
    close(found.pattern[h], before.mask / before.mask.sum(-1, keepdims=True), EXACT)
    assert not found.pattern[h][~before.mask].any()
    close(found.z[h], found.pattern[h] @ before.v[h])
    others = [i for i in range(any_model.config.n_heads) if i != h]
    assert np.array_equal(found.pattern[others], before.pattern[others])
    close(found.z[others], before.z[others], EXACT)


@pytest.mark.parametrize("side", ["encoder", "decoder"])
def test_a_skipped_layer_is_passed_by(any_model: Model, plain: Trace, side: str) -> None:
    found = getattr(edited(any_model, plain, skip={(side, 0)}), side)
    before = getattr(plain, side)
    assert np.array_equal(found.layers[1].resid_pre, before.layers[0].resid_pre)
    if side == "encoder":  # what the skipped layer would have written is still recorded
        assert np.array_equal(found.layers[0].resid_post, before.layers[0].resid_post)
    last = len(before.layers) - 1
    found = getattr(edited(any_model, plain, skip={(side, last)}), side)
    norm = getattr(any_model.network, f"{side}_norm")
    expected = norm(torch.tensor(found.layers[last].resid_pre)).numpy()
    close(found.output, expected)


def test_without_the_causal_mask_everything_is_open(any_model: Model, plain: Trace) -> None:
    trace = edited(any_model, plain, causal_mask=False)
    for layer, record in enumerate(trace.attention["decoder_self"]):
        assert record.mask.all()
        close(record.pattern, softmax(record.raw_scores), EXACT)
        if layer == 0:
            assert np.array_equal(record.raw_scores, plain.attention["decoder_self"][0].raw_scores)
    other = [*TARGET[:4], 4, 2]
    changed = any_model.teacher_force(plain.source_text, other, edits=Edits(causal_mask=False))
    assert np.abs(changed.log_probs[0] - trace.log_probs[0]).max() > 1e-4


def test_without_the_causal_mask_every_step_reads_all_written_so_far(
    any_model: Model, text: str
) -> None:
    edits = Edits(causal_mask=False)
    trace = any_model.run(text, max_len=6, edits=edits)
    never = [any_model.config.pad_id, any_model.config.bos_id]
    for step in range(len(trace.tgt_out)):
        ids = trace.tgt_out.ids[: step + 1]
        seen = any_model.teacher_force(text, ids, edits=edits).log_probs[step].copy()
        if ids[-1] != any_model.config.eos_id:  # closing the target added a token on the right
            with torch.inference_mode():
                src, tgt = torch.tensor([trace.src.ids]), torch.tensor([trace.tgt_in.ids])
                logits = any_model.network(src, tgt[:, : step + 1], None, edits)
            seen = logits[0, -1].log_softmax(-1).numpy()
        seen[never] = -np.inf
        assert trace.tgt_out.ids[step] == seen.argmax()


def test_without_positions_order_is_lost(any_model: Model, plain: Trace) -> None:
    trace = edited(any_model, plain, positions=False)
    assert not trace.encoder.pos_embed.any()
    assert not trace.decoder.pos_embed.any()
    assert np.array_equal(trace.encoder.embed, plain.encoder.embed)
    with torch.inference_mode():
        src = torch.tensor([plain.src.ids])
        edits = Edits(positions=False)
        memory = any_model.network.encode(src, edits=edits).states[0].numpy()
        backwards = any_model.network.encode(src.flip(1), edits=edits).states[0].numpy()
    close(backwards[::-1], memory)


def test_without_scale_the_first_scores_grow_by_the_root_of_the_width(
    any_model: Model, plain: Trace
) -> None:
    trace = edited(any_model, plain, scale=False)
    for kind in KINDS:
        for record in trace.attention[kind]:
            close(record.raw_scores, record.q.astype(np.float64) @ record.k.transpose(0, 2, 1))
            close(record.pattern, softmax(record.attn_scores))
    first, before = (t.attention["encoder_self"][0].raw_scores for t in (trace, plain))
    close(first, before * any_model.config.d_head**0.5)


def test_without_cross_attention_the_source_does_not_matter(
    any_model: Model, plain: Trace, texts: tuple[str, ...]
) -> None:
    edits = Edits(cross_attention=False)
    trace = edited(any_model, plain, cross_attention=False)
    other = any_model.teacher_force(texts[2], TARGET, edits=edits)
    assert np.array_equal(trace.log_probs, other.log_probs)
    assert np.array_equal(trace.memory, plain.memory)
    for layer in trace.decoder.layers:
        assert layer.resid_mid_cross is not None
        if any_model.config.norm_first:
            assert np.array_equal(layer.resid_mid_cross, layer.resid_mid)


EDITS = {
    "ablate": Edits(ablate=set(HEADS)),
    "uniform": Edits(uniform=set(HEADS)),
    "skip": Edits(skip={("encoder", 1), ("decoder", 0)}),
    "positions": Edits(positions=False),
    "scale": Edits(scale=False),
    "cross_attention": Edits(cross_attention=False),
    "causal_mask": Edits(causal_mask=False),
}


@pytest.mark.parametrize("name", [name for name in EDITS if name != "causal_mask"])
def test_decoding_under_edits_gives_the_traced_rows(
    any_model: Model, texts: tuple[str, ...], name: str
) -> None:
    trace = any_model.run(texts[0], max_len=8, edits=EDITS[name])
    with torch.inference_mode():
        stepper = Stepper(any_model.network, torch.tensor([trace.src.ids]), EDITS[name])
        rows = [stepper.advance(torch.tensor([[token_id]]))[0] for token_id in trace.tgt_in.ids]
    assert stepper.cache is not None
    close(np.stack(rows), trace.log_probs)
    assert trace.tgt_out.ids == tuple(
        int(np.delete(row, [0, 1]).argmax()) + 2 for row in trace.log_probs
    )


@pytest.mark.parametrize("name", EDITS)
def test_a_batch_under_edits_is_each_text_alone(
    any_model: Model, texts: tuple[str, ...], name: str
) -> None:
    batch = any_model.run_many(texts[:2], max_len=5, edits=EDITS[name])
    for text, found in zip(texts, batch, strict=False):
        alone = any_model.run(text, max_len=5, edits=EDITS[name])
        assert found.tgt_out.ids == alone.tgt_out.ids
        close(found.log_probs, alone.log_probs, CLOSE)
        close(found.attention["cross"][0].pattern, alone.attention["cross"][0].pattern)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"ablate": {("cross", 0, 99)}}, "head 99 does not exist in cross: 0 to"),
        ({"ablate": {("cross", 0, -1)}}, "head -1 does not exist: .* count from 0"),
        ({"uniform": {("encoder_self", 99, 0)}}, "layer 99 does not exist in encoder_self: 0 to"),
        ({"uniform": {("decoder_self", "0", 0)}}, "layer '0' does not exist"),
        ({"ablate": {("self", 0, 0)}}, "unknown kind of attention 'self'; use encoder_self"),
        ({"skip": {("decoder", 99)}}, "layer 99 does not exist in decoder: 0 to"),
        ({"skip": {("cross", 0)}}, "unknown stack 'cross'; use encoder or decoder"),
        ({"means": {("cross", 0, 0): [1.0]}}, "the mean of head .* has 1 numbers, not"),
    ],
)
def test_edits_that_do_not_fit_are_refused(
    any_model: Model, texts: tuple[str, ...], edits: dict[str, Any], said: str
) -> None:
    for attempt in (
        lambda: any_model.run(texts[0], edits=Edits(**edits)),
        lambda: any_model.run_many(texts, edits=Edits(**edits)),
        lambda: any_model.teacher_force(texts[0], TARGET, edits=Edits(**edits)),
    ):
        with pytest.raises(ValueError, match=said):
            attempt()
    assert digest(any_model.network) == any_model.digest


@pytest.mark.parametrize("name", ["causal_mask", "positions", "scale", "cross_attention"])
@pytest.mark.parametrize("value", ["no", 0, None])
def test_switches_are_true_or_false(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name} must be True or False, not {value!r}"):
        Edits(**{name: value})


def test_plain_values_and_back() -> None:
    for edits in (
        Edits(),
        Edits(ablate=set(HEADS), means={HEADS[0]: [0.1, -2.5]}, skip={("encoder", 1)}),
        Edits(uniform={HEADS[1]}, causal_mask=False, positions=False, scale=False),
        Edits(cross_attention=False),
    ):
        assert Edits.from_dict(json.loads(json.dumps(edits.to_dict()))) == edits


def test_equal_edits_have_equal_keys() -> None:
    one = Edits(ablate=[("cross", 1, 3), ("cross", 0, 1)], means={("cross", 1, 3): [1, 2]})
    read: Any = json.loads('[[["cross", 0, 1], ["cross", 1, 3]], [[["cross", 1, 3], [1.0, 2.0]]]]')
    two = Edits(ablate=read[0], means=read[1])
    assert one == two
    assert hash(one) == hash(two)
    assert bool(one)
    assert not Edits()
    assert one.heads("ablate", "cross", 1) == [3]
    assert one.heads("uniform", "cross", 1) == []
