"""The bytes that go to the browser hold the trace's numbers, and little else."""

from __future__ import annotations

import dataclasses
import json
import struct
from dataclasses import replace

import numpy as np
import pytest

import headlight
from headlight.model import Sound
from headlight.model.network.config import KINDS
from headlight.model.network.front_shapes import MelShape
from headlight.model.run.speech import read_speech
from headlight.model.run.trace import Trace
from headlight.viz.components.lens.component import lens_payload
from headlight.viz.components.lens.payload import decode, encode, encode_scores, trace_id
from headlight.viz.components.wire import FULL, token_header, unpack
from tests.components.lens.synthetic import build_trace

MASK = np.ones((1_500, 1_500), bool)


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


def test_a_weight_in_a_closed_cell_travels(trace: Trace) -> None:
    """None has one; if one had, it would be seen."""
    first, *others = trace.attention["decoder_self"]
    wrong = dataclasses.replace(first, kept=first.pattern[..., ::-1])
    attention = {**trace.attention, "decoder_self": (wrong, *others)}
    sent = decode(encode(replace(trace, attention=attention)))["traces"][0]["attention"]
    found = sent["decoder_self"]["pattern"][0]
    assert np.abs(found - first.pattern[..., ::-1]).max() <= 1e-5


def test_tokens_and_texts_come_back(trace: Trace) -> None:
    shown = decode(encode(trace))["traces"][0]
    assert shown["source"] == "the cat <script> unlikely sat ."
    assert shown["output"] == trace.output_text
    assert shown["src"]["pieces"] == list(trace.src.pieces)
    assert shown["tgt_in"]["surfaces"][0] == "<bos>"
    assert shown["tgt_out"]["words"] == list(trace.tgt_out.words)


def test_what_is_read_next_is_sent_once() -> None:
    trace = headlight.load("translate-en-fr").run("The cat's friend is here.")
    sent = decode(encode(trace))["traces"][0]
    read, last = sent["tgt_in"], sent["tgt_out"]["last"]
    for name, values in json.loads(json.dumps(token_header(trace.tgt_out))).items():
        assert [*read[name][1:], last[name]] == values


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


def test_two_models_of_other_shapes_stand_side_by_side(trace: Trace) -> None:
    other = build_trace(["a"], ["b"], encoder_layers=1, heads=2)
    shown = decode(encode(trace, other, scores=True))
    first, second = (one["attention"]["encoder_self"]["pattern"] for one in shown["traces"])
    assert (first.shape[:2], second.shape[:2]) == ((trace.n_layers("encoder_self"), 4), (1, 2))
    entry = next(e for e in shown["scores"] if (e["kind"], e["layer"]) == ("encoder_self", 1))
    last = other.attention["encoder_self"][0].raw_scores
    np.testing.assert_array_equal(entry["raw_scores"][1], last)


@pytest.fixture(scope="module")
def long() -> Trace:
    words = [f"w{i}" for i in range(150)]
    return build_trace(words, words[:90], heads=8)


def test_of_a_long_text_layers_come_one_by_one(long: Trace) -> None:
    data = lens_payload(long)
    assert len(data) < 0.4 * len(encode(long))
    shown = decode(data)["traces"][0]["attention"]
    assert all(block["pattern"] is None for block in shown.values())
    for kind in KINDS:
        wanted = {"kind": kind, "layer": 1, "what": "pattern", "id": trace_id(long)}
        header, start = unpack(answer := lens_payload(long, wanted=wanted))
        assert "traces" not in header
        (layer,) = header["layers"]
        expected = long.attention[kind][1].pattern
        stored = np.frombuffer(answer, "<u2", expected.size, start + layer["offsets"][0])
        assert np.abs(stored.reshape(expected.shape) / FULL - expected).max() <= 1e-5


def test_thumbnails_and_measures_are_those_of_the_weights(long: Trace) -> None:
    data = lens_payload(long)
    header, start = unpack(data)
    block = header["traces"][0]["attention"]["cross"]
    (h, w), n = (block["small"]["h"], block["small"]["w"]), block["layers"] * block["heads"]
    small = np.frombuffer(data, "<u2", n * h * w, start + block["small"]["at"]).reshape(n, h, w)
    weights = long.attention["cross"][1].pattern[3]
    assert (h, w) == (64, 64)
    for i, j in ((0, 0), (10, 20), (63, 63)):  # as shared/raster.js pools: floor(i · h / rows)
        rows = [r for r in range(weights.shape[0]) if r * h // weights.shape[0] == i]
        columns = [c for c in range(weights.shape[1]) if c * w // weights.shape[1] == j]
        assert small[8 + 3, i, j] == round(float(weights[np.ix_(rows, columns)].max()) * FULL)
    found = np.frombuffer(data, "<f4", n * 7, start + block["measures"]).reshape(n, 7)[8 + 3]
    entropy = -(weights * np.log(np.maximum(weights, 1e-30))).sum(-1).mean()
    row, column = np.unravel_index(weights.argmax(), weights.shape)
    peaks = weights.max(-1).mean()
    expected = [entropy, found[1], weights[:, 0].mean(), peaks, row, column, weights.max()]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_long_sound_is_pooled_and_its_rows_still_total_1() -> None:
    sound = Sound(np.sin(np.arange(16_000) / 9).astype(np.float32), 16_000)
    source = read_speech(sound, MelShape(80))
    trace = build_trace([], ["c", "d"], heads=2, encoder_layers=1, decoder_layers=1)
    weights = np.random.default_rng(0).dirichlet(np.ones(1_500), (2, 3)).astype(np.float32)
    cross = replace(trace.attention["cross"][0], kept=weights, k=np.zeros((2, 1_500, 2)))
    own = replace(trace.attention["encoder_self"][0], kept=None, q=cross.k, k=cross.k, mask=MASK)
    attention = {**trace.attention, "cross": (cross,), "encoder_self": (own,)}
    trace = replace(trace, src=source, attention=attention, alignment_heads=((0, 1),))
    shown = decode(encode(trace))["traces"][0]
    assert (shown["pooled"], shown["followers"]) == (True, [[0, 1]])
    assert shown["src"]["pieces"][:2] == ["0.0 s", "0.1 s"]
    assert shown["src"]["pieces"][-1] == "after 1.00 s"
    assert shown["src"]["words"] == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, -1]  # four together, but silence
    assert shown["src"]["surfaces"][8:] == ["0.80–1.00 s", "", "after 1.00 s"]
    found = shown["attention"]["cross"]["pattern"][0]
    assert found.shape == (2, 3, 11)
    np.testing.assert_allclose(found[..., 3], weights[..., 15:20].sum(-1), atol=1e-5)
    np.testing.assert_allclose(found.sum(-1), 1, atol=1e-4)
    encoder = shown["attention"]["encoder_self"]["pattern"][0]
    np.testing.assert_allclose(encoder[0, 2], [5 / 1_500] * 10 + [1_450 / 1_500], atol=1e-5)
    assert decode(lens_payload(trace))["traces"][0]["attention"]["encoder_self"]["pattern"] is None


def test_at_most_1_8_bytes_a_weight_at_128_tokens() -> None:
    """The half of a causal map that nothing attends to does not travel."""
    words = [f"token{i}" for i in range(127)]
    trace = build_trace(words, words, encoder_layers=4, decoder_layers=4, heads=8)
    weights = sum(record.pattern.size for kind in KINDS for record in trace.attention[kind])
    assert weights == 3 * 4 * 8 * 128 * 128
    assert len(encode(trace)) / weights <= 1.8


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
