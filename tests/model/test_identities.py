"""What must hold between the numbers of a trace, on every shipped model and on random ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from headlight.model import KINDS, AttentionRecord, Model, Trace
from headlight.model.decoding import Stepper
from headlight.model.network.digest import digest
from headlight.model.run.arrays import Array
from headlight.model.run.edits import Edits
from headlight.model.run.records import block_path

EXACT = 1e-6
CLOSE = 1e-5


def close(found: Array, expected: Array, tolerance: float = CLOSE) -> None:
    """Equal within `tolerance`, absolute for small numbers and relative for large ones."""
    np.testing.assert_allclose(found, expected, atol=tolerance, rtol=tolerance)


def blocks(trace: Trace) -> Iterator[tuple[str, int, AttentionRecord]]:
    """Every attention block of a trace."""
    for kind in KINDS:
        for layer, record in enumerate(trace.attention[kind]):
            yield kind, layer, record


def softmax(scores: Array) -> Array:
    """In double precision, along the last axis."""
    weights = np.exp(scores.astype(np.float64) - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def same_numbers(found: Trace, expected: Trace, tolerance: float) -> None:
    """Two traces hold the same arrays, to `tolerance` of the largest number in each."""
    ours, theirs = found.to_arrays(), expected.to_arrays()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        scale = max(1.0, float(np.abs(array).max()))  # a sum of large numbers rounds by their size
        np.testing.assert_allclose(
            array, theirs[name], atol=tolerance * scale, rtol=tolerance, err_msg=name
        )


def test_shapes_and_kinds(any_model: Model, trace: Trace) -> None:
    config, n_src, n_tgt = any_model.config, len(trace.src), len(trace.tgt_out)
    sizes = {
        "encoder_self": (n_src, n_src),
        "decoder_self": (n_tgt, n_tgt),
        "cross": (n_tgt, n_src),
    }
    for kind, (n_query, n_key) in sizes.items():
        assert trace.n_layers(kind) == config.n_layers(kind)
        for record in trace.attention[kind]:
            assert record.pattern.shape == (config.n_heads, n_query, n_key)
            assert record.pattern.dtype == np.float32
            assert record.q.shape == (config.n_heads, n_query, config.d_head)
            assert record.k.shape == record.v.shape == (config.n_heads, n_key, config.d_head)
    assert trace.log_probs.shape == (n_tgt, config.d_vocab)
    assert trace.tgt_in.ids == (config.bos_id, *trace.tgt_out.ids[:-1])


def test_rows_sum_to_one_and_masked_cells_are_zero(trace: Trace) -> None:
    masked = 0
    for _, _, record in blocks(trace):
        close(record.pattern.sum(-1), np.ones(record.pattern.shape[:2]), EXACT)
        closed = np.broadcast_to(~record.mask, record.pattern.shape)
        assert (record.pattern[closed] == 0.0).all()
        assert np.isneginf(record.attn_scores[closed]).all()
        assert np.isfinite(record.raw_scores).all()
        assert (record.attn_scores[~closed] == record.raw_scores[~closed]).all()
        masked += int(closed.sum())
    assert masked > 0


def test_masks_are_causal_in_the_decoder_and_open_elsewhere(trace: Trace) -> None:
    for kind, _, record in blocks(trace):
        expected = np.ones(record.mask.shape, bool)
        assert (record.mask == (np.tril(expected) if kind == "decoder_self" else expected)).all()


def test_patterns_are_the_softmax_of_the_scores(trace: Trace) -> None:
    for _, _, record in blocks(trace):
        close(record.pattern, softmax(record.attn_scores), EXACT)


def test_scores_and_outputs_follow_from_queries_keys_and_values(
    any_model: Model, trace: Trace
) -> None:
    for _, _, record in blocks(trace):
        q, k = record.q.astype(np.float64), record.k.astype(np.float64)
        close(record.raw_scores, q @ k.transpose(0, 2, 1) / any_model.config.d_head**0.5)
        close(record.z, record.pattern.astype(np.float64) @ record.v)


def test_queries_keys_and_values_are_projections_of_what_the_block_reads(
    any_model: Model, trace: Trace
) -> None:
    config, weights = any_model.config, any_model.network.state_dict()
    for kind, i, record in blocks(trace):
        layer = (trace.encoder if kind == "encoder_self" else trace.decoder).layers[i]
        name = block_path(kind, i).replace(".self", ".self_attention")
        name = name.replace(".cross", ".cross_attention") + ".in_proj"
        if config.norm_first:
            reads = layer.ln2_out if kind == "cross" else layer.ln1_out
        else:
            reads = layer.resid_mid if kind == "cross" else layer.resid_pre
        sources = (reads, *[trace.memory if kind == "cross" else reads] * 2)
        w = weights[f"{name}.weight"].numpy().reshape(3, config.d_model, config.d_model)
        b = weights[f"{name}.bias"].numpy().reshape(3, config.d_model)
        for part, x, found in zip(range(3), sources, (record.q, record.k, record.v), strict=True):
            flat = x.astype(np.float64) @ w[part].T + b[part]
            heads = flat.reshape(len(x), config.n_heads, config.d_head).transpose(1, 0, 2)
            close(found, heads)


def test_results_of_heads_and_bias_sum_to_the_output(any_model: Model, trace: Trace) -> None:
    weights = any_model.network.state_dict()
    for kind, i, record in blocks(trace):
        name = block_path(kind, i).replace(".self", ".self_attention")
        name = name.replace(".cross", ".cross_attention") + ".out_proj"
        bias = weights[f"{name}.bias"].numpy()
        assert record.result is not None
        close(record.result.sum(0) + bias, record.out)
        w_o = weights[f"{name}.weight"].numpy()
        per_head = w_o.reshape(len(w_o), len(record.v), -1).transpose(1, 2, 0)
        close(record.value_norm, np.linalg.norm(record.v @ per_head, axis=-1))
        close(record.norm_weighted, record.pattern * record.value_norm[:, None])


def test_the_stream_adds_up(any_model: Model, trace: Trace) -> None:
    first = any_model.config.norm_first
    for side, kind in (("encoder", "encoder_self"), ("decoder", "decoder_self")):
        stack = trace.encoder if side == "encoder" else trace.decoder
        stream = stack.embed + stack.pos_embed
        for i, layer in enumerate(stack.layers):
            close(layer.resid_pre, stream)
            network = getattr(any_model.network, side)[i]
            steps = [(trace.attention[kind][i].out, layer.resid_mid, network.around_self)]
            if side == "decoder":
                assert layer.resid_mid_cross is not None
                out = trace.attention["cross"][i].out
                steps.append((out, layer.resid_mid_cross, network.around_cross))
            steps.append((layer.mlp_out, layer.resid_post, network.around_mlp))
            for out, after, around in steps:
                total = stream + out
                normed = around.norm(torch.from_numpy(total)).numpy()
                close(after, total if first else normed)
                stream = after
            assert (layer.mlp_post == np.maximum(layer.mlp_pre, 0)).all()
        if not first:
            assert (stack.output == stream).all()


def test_probabilities_follow_from_the_last_stream(any_model: Model, trace: Trace) -> None:
    embedding = any_model.network.embedding.weight.numpy()
    close(trace.logits, trace.decoder.output.astype(np.float64) @ embedding.T)
    close(trace.probs, softmax(trace.logits))
    close(trace.probs.sum(-1), np.ones(len(trace.probs)))
    assert trace.predicted.ids == tuple(trace.logits.argmax(-1))


def test_a_greedy_run_writes_the_most_probable_tokens(any_model: Model, trace: Trace) -> None:
    allowed = trace.log_probs.copy()
    allowed[:, [any_model.config.pad_id, any_model.config.bos_id]] = -np.inf
    assert trace.tgt_out.ids == tuple(allowed.argmax(-1))
    assert trace.finished == (trace.tgt_out.ids[-1] == any_model.config.eos_id)


def test_a_later_target_token_changes_no_earlier_row(any_model: Model, texts: tuple[str]) -> None:
    ids = [5, 9, 7, 8, 6]
    other = [5, 9, 7, 4, 4]  # differs from the fourth on, which is read in row 4
    one, two = (any_model.teacher_force(texts[0], target) for target in (ids, other))
    assert one.log_probs.shape == two.log_probs.shape
    close(one.log_probs[:4], two.log_probs[:4], EXACT)
    assert np.abs(one.log_probs[4:] - two.log_probs[4:]).max() > 1e-3
    for kind, layer, record in blocks(one):
        rows = slice(None) if kind == "encoder_self" else slice(0, 4)
        close(record.pattern[:, rows], two.attention[kind][layer].pattern[:, rows], EXACT)


def test_cached_uncached_and_teacher_forced_rows_agree(any_model: Model, trace: Trace) -> None:
    ids = [any_model.config.bos_id, *trace.tgt_out.ids[:-1]]
    for cached in (True, False):
        with torch.inference_mode():
            src = torch.tensor([trace.src.ids])
            stepper = Stepper(any_model.network, src, Edits(), cached=cached)
            rows = [stepper.advance(torch.tensor([[token_id]]))[0] for token_id in ids]
        close(np.stack(rows), trace.log_probs)


def test_decoding_gives_the_traced_tokens_and_their_score(any_model: Model, trace: Trace) -> None:
    hypothesis = any_model.decode(any_model.read(trace.source_text))
    assert hypothesis.ids == trace.tgt_out.ids
    assert hypothesis.finished == trace.finished
    assert hypothesis.log_prob == pytest.approx(float(trace.chosen_log_probs.sum()), abs=1e-3)


def test_run_many_is_run(any_model: Model, texts: tuple[str, ...]) -> None:
    batch = any_model.run_many(texts, max_len=30)
    assert [one.source_text for one in batch] == list(texts)
    for text, found in zip(texts, batch, strict=True):
        alone = any_model.run(text, max_len=30)
        assert found.tgt_out == alone.tgt_out
        same_numbers(found, alone, CLOSE)


def test_recording_results_changes_nothing(any_model: Model, trace: Trace) -> None:
    plain = any_model.run(trace.source_text)
    arrays = trace.to_arrays()
    for name, array in plain.to_arrays().items():
        assert np.array_equal(array, arrays[name]), name
    assert all(record.result is None for _, _, record in blocks(plain))


def test_teacher_forcing_the_output_gives_the_run(any_model: Model, trace: Trace) -> None:
    forced = any_model.teacher_force(trace.source_text, trace.tgt_out.ids)
    n = len(trace.tgt_out)  # an output cut off by its limit is closed: one row more
    assert len(forced.tgt_out) == n + (not trace.finished)
    close(forced.log_probs[:n], trace.log_probs)
    for kind, layer, record in blocks(trace):
        n_query, n_key = record.mask.shape
        close(forced.attention[kind][layer].pattern[:, :n_query, :n_key], record.pattern)
    assert (forced.strategy, forced.forced) == ("teacher forcing", len(forced.tgt_out))


def test_traces_are_frozen_and_leave_no_mark(any_model: Model, trace: Trace) -> None:
    assert not any(array.flags.writeable for array in trace.to_arrays().values())
    with pytest.raises(ValueError, match="read-only"):
        trace.attention["cross"][0].pattern[0, 0, 0] = 1.0
    assert digest(any_model.network) == any_model.digest == trace.digest
