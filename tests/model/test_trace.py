from __future__ import annotations

import io
import json
import pickle
import random
from dataclasses import FrozenInstanceError, asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headlight.model import Edits, Model, Trace
from headlight.model.run.records import block_path
from headlight.model.run.tokens import Tokens
from tests.model.builders import Trap

TEXT = "c a b"


@pytest.fixture(scope="module")
def one(tiny: Model) -> Trace:
    return tiny.run(
        TEXT, max_len=7, edits=Edits(ablate={("cross", 1, 0)}, means={("cross", 1, 0): [0.1] * 8})
    )


@pytest.fixture
def saved(one: Trace, tmp_path: Path) -> Path:
    one.save(tmp_path / "run.npz")
    return tmp_path / "run.npz"


def test_a_saved_trace_is_exactly_the_same(any_model: Model, trace: Trace, tmp_path: Path) -> None:
    trace.save(tmp_path / "run.npz")
    again = Trace.load(tmp_path / "run.npz")
    ours, theirs = trace.to_arrays(), again.to_arrays()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert array.dtype == theirs[name].dtype
        assert np.array_equal(array, theirs[name]), name
        assert not theirs[name].flags.writeable
    for name in ("model", "digest", "src", "tgt_in", "tgt_out", "predicted"):
        assert getattr(again, name) == getattr(trace, name), name
    for name in ("strategy", "forced", "finished", "edits", "output_text", "source_text"):
        assert getattr(again, name) == getattr(trace, name), name


def test_edits_and_prefix_come_back(tiny: Model, one: Trace, saved: Path) -> None:
    assert Trace.load(str(saved)).edits == one.edits != Edits()
    forced = tiny.run(TEXT, prefix="b", max_len=4)
    buffer = io.BytesIO()
    forced.save(buffer)
    buffer.seek(0)
    again = Trace.load(buffer)
    assert (again.forced, again.finished) == (1, forced.finished)
    assert again.attention["cross"][0].result is None


def test_the_views_of_a_trace(one: Trace) -> None:
    assert one.memory is one.encoder.output
    assert one.queries("encoder_self") is one.keys("encoder_self") is one.keys("cross") is one.src
    assert one.queries("decoder_self") is one.keys("decoder_self") is one.queries("cross")
    assert one.queries("cross") is one.tgt_in
    assert (one.n_layers("encoder_self"), one.n_layers("cross"), one.n_heads) == (3, 2, 2)
    rows = [one.log_probs[t, i] for t, i in enumerate(one.tgt_out.ids)]
    assert one.chosen_log_probs.tolist() == rows
    assert block_path("encoder_self", 0) == "encoder.0.self"
    assert block_path("decoder_self", 1) == "decoder.1.self"
    assert block_path("cross", 1) == "decoder.1.cross"


def test_a_trace_is_frozen(one: Trace) -> None:
    with pytest.raises(FrozenInstanceError):
        one.model = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        one.src.text = "other"  # type: ignore[misc]


def test_tokens_from_plain_lists(one: Trace) -> None:
    assert Tokens.from_dict(json.loads(json.dumps(asdict(one.src)))) == one.src


def refused(file: Path) -> str:
    """The sentence with which a file is refused; it names the file."""
    with pytest.raises(ValueError, match="not a run saved by Headlight, or it is damaged") as e:
        Trace.load(file)
    assert str(file) in str(e.value)
    return str(e.value)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_truncated_files_are_refused(saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * share)])
    refused(saved)


def test_damaged_bytes_are_noticed(one: Trace, saved: Path, tmp_path: Path) -> None:
    content, draw, noticed = saved.read_bytes(), random.Random(0), 0
    file = tmp_path / "damaged.npz"
    for _ in range(150):
        damaged = bytearray(content)
        damaged[draw.randrange(len(damaged))] ^= draw.randrange(1, 256)
        file.write_bytes(damaged)
        try:
            again = Trace.load(file)
        except ValueError as error:
            assert str(file) in str(error)  # noqa: PT017
            noticed += 1
        else:  # a byte that does not count, such as a date
            assert again.tgt_out == one.tgt_out
            assert np.array_equal(again.log_probs, one.log_probs)
    assert noticed > 100


def test_other_files_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.npz"
    for content in (b"", b"hello", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b'{"format": 1}'):
        file.write_bytes(content)
        refused(file)
    with file.open("wb") as opened:
        np.save(opened, np.zeros(3))
    refused(file)
    np.savez(file, weights=np.zeros(3))
    assert "meta" in refused(file)


def forge(
    saved: Path, change: dict[str, Any], without: str | tuple[str, ...] = "", **arrays: Any
) -> None:
    """Rewrite a saved trace with other contents."""
    with np.load(saved) as stored:
        found = {n: stored[n] for n in stored.files if not without or not n.startswith(without)}
    meta = {**json.loads(found["meta"].tobytes()), **change}
    header = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    np.savez(saved, **{**found, "meta": header, **arrays})


def test_a_rewritten_file_still_loads(one: Trace, saved: Path) -> None:
    forge(saved, {})
    assert np.array_equal(Trace.load(saved).log_probs, one.log_probs)


@pytest.mark.parametrize(
    ("change", "without", "said"),
    [
        ({"format": 3}, "", "format 3, this version reads up to 2"),
        ({"src": {}}, "", "text"),
        ({"src": None}, "", ""),
        ({"edits": {"ablated": []}}, "", "ablated"),
        ({}, "decoder.1.cross.k", "decoder.1.cross.k"),
        ({}, "log_probs", "log_probs"),
        ({}, "encoder.embed", "encoder.embed"),
        ({}, "decoder.0", ""),
        ({}, "decoder", ""),
        ({}, ("encoder.0", "encoder.1", "encoder.2"), "there are no layers of encoder_self"),
        ({"forced": 8}, "", "forced is 8, of"),
        ({"forced": None}, "", "forced is None"),
        ({"model": 7}, "", "must be names"),
        ({"edits": {"means": [[["cross", 0, 0], [10**400]]]}}, "", "too large"),
    ],
)
def test_foreign_contents_are_refused(
    saved: Path, change: dict[str, Any], without: str | tuple[str, ...], said: str
) -> None:
    forge(saved, change, without)
    assert said in refused(saved)


def test_parts_that_do_not_fit_are_refused(one: Trace, saved: Path) -> None:
    original = saved.read_bytes()
    for name, array in {
        "log_probs": one.log_probs[:-1],
        "log_norm": one.log_norm[:-1],
        "decoder.1.cross.pattern": one.attention["cross"][1].pattern[:, :-1],
        "encoder.2.self.scale": one.attention["encoder_self"][2].scale[None],
        "decoder.0.self.v": one.attention["decoder_self"][0].v[:, 1:],
        "encoder.0.self.mask": one.attention["encoder_self"][0].mask[:2],
        "decoder.1.mlp_post": one.decoder.layers[1].mlp_post[1:],
        "encoder.output": one.encoder.output[1:],
    }.items():
        saved.write_bytes(original)
        forge(saved, {}, "", **{name: array})
        assert name in refused(saved)
    for name, array in {
        "decoder.0.cross.pattern": np.full_like(one.attention["cross"][0].pattern, np.nan),
        "log_probs": one.log_probs.astype(np.complex64),
        "encoder.0.self.mask": one.attention["encoder_self"][0].mask.astype(np.float32),
    }.items():
        saved.write_bytes(original)
        forge(saved, {}, "", **{name: array})
        assert name in refused(saved)
    saved.write_bytes(original)
    forge(saved, {"tgt_in": asdict(one.src)})
    assert "differ in length" in refused(saved)


@pytest.mark.parametrize(
    "change",
    [
        {"ids": [6, 4, 10_000, 2]},
        {"ids": [6, 4, -1, 2]},
        {"ids": [6, 4, "5", 2]},
        {"pieces": ["c", "a"]},
        {"pieces": ["c", "a", None, "<eos>"]},
        {"spans": [[0, 1], [2, 3], [4, 99], [5, 5]]},
        {"spans": [[0, 1]]},
        {"words": [0, 1, "2", -1]},
        {"special": []},
        {"text": 7},
    ],
    ids=str,
)
def test_tokens_that_are_none_are_refused(one: Trace, saved: Path, change: dict[str, Any]) -> None:
    forge(saved, {"src": {**asdict(one.src), **change}})
    refused(saved)


def test_no_pickle_is_read(saved: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    objects = np.array([Trap(mark)], dtype=object)
    forge(saved, {}, log_norm=objects)
    assert "log_norm is not an array of float32" in refused(saved)
    saved.write_bytes(pickle.dumps(Trap(mark)))
    refused(saved)
    assert not mark.exists()
    pickle.loads(pickle.dumps(Trap(mark)))
    assert mark.exists(), "the trap itself works"
