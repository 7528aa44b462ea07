"""What the pictures inside a head are given: the trace's numbers, shapes and names."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from headlight.model import KINDS, Model, Trace
from headlight.model.analysis.walk import Cell, Part, walk
from headlight.model.analysis.walk.blocks import BLOCKS, drawable
from headlight.model.run.arrays import Array
from headlight.viz import theme
from headlight.viz.components.head_anatomy.payload import (
    linked_payload,
    picker_payload,
    places_payload,
    step_payload,
)
from headlight.viz.labels import token_names
from tests.model.builders import random_model


@pytest.fixture(scope="module")
def model() -> Model:
    return random_model()


@pytest.fixture(scope="module")
def trace(model: Model) -> Trace:
    return model.run("c a b", max_len=6)


def read(data: bytes) -> dict[str, Any]:
    """The header, with arrays in place of offsets."""
    (length,) = struct.unpack_from("<I", data)
    header: dict[str, Any] = json.loads(data[4 : 4 + length])
    for part in header["parts"]:
        n = int(np.prod(part["shape"]))
        values = np.frombuffer(data, "<f4", n, 4 + length + part.pop("offset"))
        part["values"] = values.reshape(part["shape"])
    return header


def part(header: dict[str, Any], name: str) -> Array:
    values: Array = next(p["values"] for p in header["parts"] if p["id"] == name)
    return values


@pytest.mark.parametrize("kind", KINDS)
def test_linked_matrices_are_those_of_the_head(trace: Trace, kind: str) -> None:
    header = read(linked_payload(trace, Cell(kind, 1, 1, 2, 0)))
    record = trace.attention[kind][1]
    np.testing.assert_array_equal(part(header, "q"), record.q[1])
    np.testing.assert_array_equal(part(header, "k"), record.k[1].T)
    np.testing.assert_array_equal(part(header, "v"), record.v[1])
    np.testing.assert_array_equal(part(header, "z"), record.z[1])
    np.testing.assert_array_equal(part(header, "scaled"), record.raw_scores[1])
    np.testing.assert_array_equal(part(header, "masked"), record.attn_scores[1])
    np.testing.assert_array_equal(part(header, "pattern"), record.pattern[1])
    np.testing.assert_allclose(
        part(header, "scores"),
        record.raw_scores[1] * record.q.shape[-1] ** 0.5,
        rtol=1e-4,
        atol=1e-5,
    )
    assert header["cell"] == {"query": 2, "key": 0}


def test_a_step_carries_its_arrays_names_and_code(model: Model, trace: Trace) -> None:
    cell = Cell("cross", 0, 0, 1, 2)
    step = next(s for s in walk(model, trace, cell) if s.key == "weights")
    header = read(step_payload(step, "cross", trace.src))
    drawn = header["parts"][-1]
    np.testing.assert_array_equal(drawn["values"], trace.attention["cross"][0].pattern[0, 1])
    assert (drawn["low"], drawn["high"], drawn["at"]) == (0, 1, 2)
    assert drawn["columns"] == token_names(trace.src)
    assert header["code"][0]["text"].startswith("pattern = ")
    assert header["palette"]["kinds"]["weight"] == theme.KIND_COLOURS["cross"]


def test_scales_of_signed_numbers_are_symmetric_and_hold_every_number(
    model: Model, trace: Trace
) -> None:
    for step in walk(model, trace, Cell("decoder_self", 1, 0, 0, 1)):
        for drawn in read(step_payload(step, "decoder_self", trace.tgt_in))["parts"]:
            values = drawn["values"][np.isfinite(drawn["values"])]
            assert drawn["low"] <= values.min() <= values.max() <= drawn["high"]
            assert drawn["low"] in (0, -drawn["high"])


def test_large_arrays_are_drawn_by_the_largest_of_each_block() -> None:
    values = np.zeros((300, 100), np.float32)
    values[299, 99], values[0, 0], values[1, 0] = -9, 2, -1
    assert drawable(values, named=True) is values
    drawn = drawable(values)
    assert drawn.shape == (BLOCKS, BLOCKS)
    assert drawn[-1, -1] == -9
    assert drawn[0, 0] == 2
    assert np.count_nonzero(drawn) == 2


def test_the_picker_hides_masked_cells(trace: Trace) -> None:
    header = read(picker_payload(trace, Cell("decoder_self", 0, 0, 1, 1), "choose"))
    record = trace.attention["decoder_self"][0]
    np.testing.assert_array_equal(np.isneginf(part(header, "pattern")), ~record.mask)
    shown = part(header, "pattern")[record.mask]
    np.testing.assert_array_equal(shown, record.pattern[0][record.mask])


def test_the_drawing_has_the_shapes_of_the_run(model: Model, trace: Trace) -> None:
    shapes = read(places_payload(trace, "cross", norm_first=True, entry={}))["shapes"]
    n_src, n_tgt, heads = len(trace.src), len(trace.tgt_in), model.config.n_heads
    assert shapes["cross"]["pattern"] == f"[{heads}, {n_tgt}, {n_src}]"
    assert shapes["cross"]["q"] == f"[{heads}, {n_tgt}, {model.config.d_head}]"
    assert shapes["encoder_self"]["k"] == f"[{heads}, {n_src}, {model.config.d_head}]"
    assert shapes["memory"] == f"[{n_src}, {model.config.d_model}]"
    assert shapes["logits"] == f"[{n_tgt}, {model.config.d_vocab}]"


def test_roles_can_be_read_on_both_pages() -> None:
    def light(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for colour in theme.ROLE_COLOURS.values():
        for ground in (theme.LIGHT, theme.DARK):
            low, high = sorted((light(colour), light(ground)))
            assert (high + 0.05) / (low + 0.05) >= 3


def test_what_has_names_is_drawn_cell_by_cell(model: Model, trace: Trace) -> None:
    values = np.zeros((200, 200), np.float32)
    parts = (
        Part("named", values, ("a", "b"), rows=("t",) * 200),
        Part("unnamed", values, ("a", "b"), "parameter"),
    )
    step = replace(walk(model, trace, Cell("cross", 0, 0, 0, 0))[0], inputs=parts)
    named, unnamed, *_ = read(step_payload(step, "cross", trace.src))["parts"]
    assert (named["shape"], named["pooled"]) == ([200, 200], False)
    assert (unnamed["shape"], unnamed["pooled"]) == ([BLOCKS, BLOCKS], True)
    assert unnamed["full"] == [200, 200]
