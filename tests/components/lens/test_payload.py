"""The bytes that go to the browser hold the trace's numbers, and little else."""

from __future__ import annotations

import dataclasses
import json
import struct

import numpy as np
import pytest

from headlight.model.network.config import KINDS
from headlight.model.run.trace import Trace
from headlight.viz.components.lens.payload import decode, encode, encode_scores, trace_id
from tests.components.lens.synthetic import build_trace


def test_weights_masks_and_norms_come_back(trace: Trace) -> None:
    attention = decode(encode(trace))["traces"][0]["attention"]
    assert list(attention) == list(KINDS)
    for kind in KINDS:
        block = attention[kind]
        for layer, record in enumerate(trace.attention[kind]):
            assert np.abs(block["pattern"][layer] - record.pattern).max() <= 1e-5
            np.testing.assert_array_equal(block["value_norm"][layer], record.value_norm)
            np.testing.assert_array_equal(block["mask"], record.mask)


def test_masked_cells_stay_exactly_zero(trace: Trace) -> None:
    block = decode(encode(trace))["traces"][0]["attention"]["decoder_self"]
    assert (block["pattern"][:, :, ~block["mask"]] == 0).all()
    assert (~block["mask"]).sum() == 9 * 8 / 2


def test_tokens_and_texts_come_back(trace: Trace) -> None:
    shown = decode(encode(trace))["traces"][0]
    assert shown["source"] == "the cat <script> unlikely sat ."
    assert shown["output"] == trace.output_text
    assert shown["src"]["pieces"] == list(trace.src.pieces)
    assert shown["tgt_in"]["surfaces"][0] == "<bos>"
    assert shown["tgt_out"]["words"] == list(trace.tgt_out.words)


def test_scores_come_back_exactly(trace: Trace) -> None:
    (entry,) = decode(encode_scores(trace, "cross", 1))["scores"]
    assert (entry["kind"], entry["layer"]) == ("cross", 1)
    np.testing.assert_array_equal(entry["raw_scores"][0], trace.attention["cross"][1].raw_scores)


def test_a_file_may_hold_every_score(trace: Trace) -> None:
    entries = decode(encode(trace, scores=True))["scores"]
    assert [(e["kind"], e["layer"]) for e in entries] == [
        (kind, layer) for kind in KINDS for layer in range(trace.n_layers(kind))
    ]
    for e in entries:
        expected = trace.attention[e["kind"]][e["layer"]].raw_scores
        np.testing.assert_array_equal(e["raw_scores"][0], expected)


def test_two_traces_of_different_length(trace: Trace) -> None:
    other = build_trace(["a", "b"], ["c"], seed=1)
    traces = decode(encode(trace, other))["traces"]
    assert [t["source"] for t in traces] == [trace.source_text, "a b"]
    pattern = traces[1]["attention"]["cross"]["pattern"]
    expected = np.stack([record.pattern for record in other.attention["cross"]])
    assert np.abs(pattern - expected).max() <= 1e-5


def test_traces_of_different_models_are_refused(trace: Trace) -> None:
    with pytest.raises(ValueError, match=r"compare traces of the same model"):
        encode(trace, build_trace(["a"], ["b"], heads=2))


def test_at_most_2_1_bytes_a_weight_at_128_tokens() -> None:
    words = [f"token{i}" for i in range(127)]
    trace = build_trace(words, words, encoder_layers=4, decoder_layers=4, heads=8)
    weights = sum(record.pattern.size for kind in KINDS for record in trace.attention[kind])
    assert weights == 3 * 4 * 8 * 128 * 128
    assert len(encode(trace)) / weights <= 2.1


def test_options_pass_and_do_not_change_the_identity(trace: Trace) -> None:
    plain, given = (decode(encode(trace, options=o)) for o in (None, {"selection": {"head": 3}}))
    assert given["selection"] == {"head": 3}
    assert (
        plain["id"]
        == given["id"]
        == trace_id(trace)
        == decode(encode_scores(trace, "cross", 0))["id"]
    )


def test_another_number_is_another_identity(trace: Trace) -> None:
    first = trace.attention["cross"][0]
    changed = dataclasses.replace(first, kept=np.roll(first.pattern, 1, axis=-1))
    attention = {**trace.attention, "cross": (changed, *trace.attention["cross"][1:])}
    assert trace_id(dataclasses.replace(trace, attention=attention)) != trace_id(trace)


def test_a_model_without_cross_attention_blocks_leaves_the_kind_out() -> None:
    trace = build_trace(["a", "b"], ["c"], encoder_layers=0, decoder_layers=1)
    assert list(decode(encode(trace))["traces"][0]["attention"]) == ["decoder_self", "cross"]


def test_blocks_are_aligned_for_typed_arrays(trace: Trace) -> None:
    data = encode(trace)
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    offsets = [
        block[name]
        for block in header["traces"][0]["attention"].values()
        for name in ("pattern", "value_norm")
    ]
    assert [at % 4 for at in (length, *offsets)] == [0] * (1 + len(offsets))
