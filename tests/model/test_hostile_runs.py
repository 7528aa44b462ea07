"""Saved runs made to do harm: refused in words, before they cost memory or time."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from headlight.model import Edits, Model, Trace

MB = 1_000_000


@pytest.fixture(scope="module")
def parts(tiny: Model) -> dict[str, bytes]:
    """The parts of a small saved run, by name."""
    content = io.BytesIO()
    tiny.run("c a b", max_len=7).save(content)
    with zipfile.ZipFile(content) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as opened:
        for name, value in parts.items():
            opened.writestr(name, value)
    content.seek(0)
    return content


def array(value: Any) -> bytes:
    content = io.BytesIO()
    np.save(content, value)
    return content.getvalue()


def refused(content: io.BytesIO, **options: int) -> str:
    with pytest.raises(ValueError, match="not a run saved by Headlight, or it is damaged") as told:
        Trace.load(content, **options)
    return str(told.value)


def test_the_parts_make_a_run_again(parts: dict[str, bytes]) -> None:
    assert Trace.load(packed(parts)).source_text == "c a b"


def test_a_description_that_grows_when_parsed_is_never_parsed(parts: dict[str, bytes]) -> None:
    nested = np.frombuffer(b"[" + b"[]," * (4 * MB) + b"[]]", dtype=np.uint8)
    content = packed({**parts, "meta.npy": array(nested)})
    assert len(content.getvalue()) < MB
    tracemalloc.start()
    try:
        assert "its description has 12.0 MB; up to 2 MB are read" in refused(content)
        assert tracemalloc.get_traced_memory()[1] < 10 * MB
    finally:
        tracemalloc.stop()


def test_a_small_file_does_not_unpack_to_a_large_one(parts: dict[str, bytes]) -> None:
    content = packed({**parts, "logits.npy": array(np.zeros((8, 1_000_000), np.float32))})
    tracemalloc.start()
    try:
        assert "up to 20 MB are read" in refused(content, most=20 * MB)
        assert tracemalloc.get_traced_memory()[1] < 10 * MB
    finally:
        tracemalloc.stop()


def test_a_header_that_promises_more_than_there_is_allocates_nothing(
    parts: dict[str, bytes],
) -> None:
    small = array(np.zeros((4, 9), np.float32))
    forged = small.replace(b"(4, 9), }" + b" " * 10, b"(400000, 90000), }".ljust(19))
    assert forged != small
    assert len(forged) == len(small)
    content = packed({**parts, "logits.npy": forged})
    tracemalloc.start()
    try:
        assert "is not as large as its header says" in refused(content)
        assert tracemalloc.get_traced_memory()[1] < 10 * MB
    finally:
        tracemalloc.stop()


def test_a_vocabulary_of_forty_million_entries_is_refused_by_its_header(
    parts: dict[str, bytes],
) -> None:
    """160 MB in a file of less than one, and several times that to check its numbers."""
    small = array(np.zeros((4, 9), np.float32))
    forged = small.replace(b"(4, 9), }" + b" " * 10, b"(1, 40000000), }".ljust(19))
    assert len(forged) == len(small)
    content = packed({**parts, "log_probs.npy": forged})
    assert "log_probs has 40,000,000 entries along an axis" in refused(content)


def test_checking_a_large_vocabulary_takes_little_beside_the_run_itself(tiny: Model) -> None:
    trace = tiny.run("c a b", max_len=7)
    n = 300_000
    wide = np.full((len(trace.tgt_in), n), -np.log(n), np.float32)
    content = changed(trace, lambda t: replace(t, log_probs=wide))
    tracemalloc.start()
    try:
        assert Trace.load(content).log_probs.shape == wide.shape
        assert tracemalloc.get_traced_memory()[1] < 2 * wide.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (4, 9), }",  # no line's end
        b"{'descr': '<f4', 'fortran_order': False, 'shape': ((((((((",  # tokenize.TokenError
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (4 9), }",  # SyntaxError
        b"\xff\xfe\x00",
    ],
)
def test_headers_that_make_numpy_raise_other_errors(parts: dict[str, bytes], header: bytes) -> None:
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(144)
    assert "log_norm" in refused(packed({**parts, "log_norm.npy": content}))


def test_only_numpys_own_packing_is_read(parts: dict[str, bytes]) -> None:
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        assert "packed in a way" in refused(packed(parts, method))


def test_flipped_bits_raise_the_documented_error_and_no_other(parts: dict[str, bytes]) -> None:
    """Stored without packing, so that most flips reach a header or an array."""
    draw = random.Random(7)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        whole = packed(parts, method).getvalue()
        noticed = 0
        for _ in range(250):
            damaged = bytearray(whole)
            for _ in range(draw.choice((1, 1, 4, 32))):
                damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
            try:
                Trace.load(io.BytesIO(bytes(damaged)))
            except ValueError:
                noticed += 1
        assert noticed > 200


def changed(trace: Trace, change: Callable[[Trace], Trace]) -> io.BytesIO:
    content = io.BytesIO()
    change(trace).save(content)
    content.seek(0)
    return content


def _pattern(trace: Trace, **values: Any) -> Trace:
    first, *others = trace.attention["cross"]
    attention = {**trace.attention, "cross": (replace(first, **values), *others)}
    return replace(trace, attention=attention)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: _pattern(t, kept=t.attention["cross"][0].pattern * 0.5), "not to 1"),
        (lambda t: _pattern(t, kept=-t.attention["cross"][0].pattern), "below 0"),
        (lambda t: replace(t, log_probs=t.log_probs + 9), "above 0"),
        (lambda t: replace(t, log_probs=t.log_probs - 1), "do not sum to 1"),
        (lambda t: replace(t, log_probs=t.log_probs[None]), ""),
        (lambda t: replace(t, log_probs=np.zeros_like(t.log_probs)[..., None]), ""),
        (lambda t: replace(t, src=replace(t.src, ids=(2**70, *t.src.ids[1:]))), "src"),
    ],
)
def test_impossible_numbers_are_refused(
    tiny: Model, change: Callable[[Trace], Trace], said: str
) -> None:
    assert said in refused(changed(tiny.run("c a b", max_len=7), change))


@pytest.mark.parametrize("empty", ["src", "tgt_in", "no heads"])
def test_nothing_at_all_is_refused(parts: dict[str, bytes], empty: str) -> None:
    """Every array cut to no source, no target, or no heads; the description as well."""
    meta = json.loads(np.load(io.BytesIO(parts["meta.npy"])).tobytes())
    arrays = {
        name.removesuffix(".npy"): np.load(io.BytesIO(content))
        for name, content in parts.items()
        if name != "meta.npy"
    }
    for name, values in arrays.items():
        n_src, n_tgt = len(meta["src"]["ids"]), len(meta["tgt_in"]["ids"])
        if empty == "no heads" and values.ndim == 3:
            arrays[name] = values[:0]
        elif empty != "no heads":
            cut = n_src if empty == "src" else n_tgt
            for axis, n in enumerate(values.shape):
                if n == cut:
                    values = np.take(values, [], axis)
            arrays[name] = values
    if empty != "no heads":
        for name in ("src",) if empty == "src" else ("tgt_in", "tgt_out", "predicted"):
            one = meta[name]
            meta[name] = {**{key: [] for key in one}, "text": ""}
        meta["forced"] = 0
    forged = {f"{name}.npy": array(values) for name, values in arrays.items()}
    forged["meta.npy"] = array(np.frombuffer(json.dumps(meta).encode(), np.uint8))
    refused(packed(forged))


def test_a_run_under_edits_may_have_empty_rows(tiny: Model) -> None:
    trace = tiny.run("c a b", max_len=7, edits=Edits(uniform={("cross", 0, 1)}))
    assert Trace.load(changed(trace, lambda one: one)).edits == trace.edits
