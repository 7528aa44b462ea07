"""Inputs that nobody thought of: whatever is given, the answer is a result or a `ValueError`.

`make fuzz` tries many more (HEADLIGHT_FUZZ=900 of a kind); the tests alone a few.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import headlight
from headlight.model import CheckpointError, Edits, Model, Trace
from headlight.model.checkpoints.folder import CONFIG, TOKENIZER, WEIGHTS
from headlight.model.decoding import Beam, Given, Hypothesis, Sampling
from headlight.viz.markdown import APART, plain, short
from headlight.viz.page.own_text import own_lines
from headlight.viz.runtime.limits import Limits
from headlight.viz.selection.table import PARAMETERS
from headlight.viz.selection.value import parse
from tests.model.builders import random_model
from tests.viz.page import run as open_page

F = TypeVar("F", bound=Callable[..., None])


N = int(os.environ.get("HEADLIGHT_FUZZ", "10"))
"""Inputs of each kind; the slow kinds take a part of it."""


def some(share: float = 1.0) -> Callable[[F], F]:
    return settings(
        max_examples=max(5, int(N * share)),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def told(error: Exception) -> None:
    assert str(error)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.just([]),
    st.just({}),
)
ANY = st.recursive(ODD, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner), max_leaves=6)
TEXT = st.one_of(
    st.text(max_size=40),
    st.text("abc xyz", max_size=40),
    st.text(st.characters(), max_size=5).map(lambda text: text * 500),
    ANY,
)
IDS = st.one_of(st.lists(st.integers(-3, 2**70), max_size=6), st.lists(ODD, max_size=3), TEXT)


@pytest.fixture(scope="module")
def model() -> Model:
    return random_model()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("checkpoint") / "mine"
    headlight.save(random_model(), made)
    return made


@pytest.fixture(scope="module")
def saved(model: Model) -> bytes:
    content = io.BytesIO()
    model.run("c a b", max_len=6).save(content)
    return content.getvalue()


@some(2)
@given(text=TEXT, max_len=st.one_of(st.integers(-2, 8), ANY), prefix=IDS)
def test_run(model: Model, text: Any, max_len: Any, prefix: Any) -> None:
    try:
        trace = model.run(text, max_len=max_len, prefix=prefix)
    except ValueError as error:
        told(error)
    else:
        assert trace.src.text == text
        assert np.isfinite(trace.log_probs).all()


@some(2)
@given(text=TEXT, target=IDS)
def test_teacher_force(model: Model, text: Any, target: Any) -> None:
    try:
        trace = model.teacher_force(text, target)
    except ValueError as error:
        told(error)
    else:
        assert trace.tgt_out.ids[-1] == model.config.eos_id


@some()
@given(texts=st.one_of(st.lists(TEXT, max_size=3), ANY))
def test_run_many(model: Model, texts: Any) -> None:
    try:
        traces = model.run_many(texts, max_len=4)
    except ValueError as error:
        told(error)
    else:
        assert len(traces) == len(texts)


@some(2)
@given(
    make=st.sampled_from(
        [
            lambda a, b, c: Beam(a, b, c),
            lambda a, b, c: Sampling(temperature=a, top_k=b, seed=c),
            lambda a, b, c: Given(Hypothesis(a, b, c), "x"),
        ]
    ),
    a=ANY,
    b=ANY,
    c=ANY,
)
def test_strategies(model: Model, make: Any, a: Any, b: Any, c: Any) -> None:
    try:
        trace = model.run("c a", strategy=make(a, b, c), max_len=4)
    except ValueError as error:
        told(error)
    else:
        assert len(trace.tgt_out)


HEAD = st.tuples(st.sampled_from(["cross", "encoder_self", "typo", 1]), st.integers(-1, 9), ODD)


@some(2)
@given(
    name=st.sampled_from(["ablate", "uniform", "skip", "means", "causal_mask", "scale", "cut"]),
    value=st.one_of(st.lists(HEAD, max_size=3), ANY),
)
def test_edits(model: Model, name: str, value: Any) -> None:
    try:
        edits = Edits(**{name: value})
        trace = model.run("c a", edits=edits, max_len=3)
    except ValueError as error:
        told(error)
    else:
        assert hash(trace.edits) == hash(edits)


@some(8)
@given(
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=20),
    cut=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_damaged_runs(saved: bytes, flips: list[tuple[float, int]], cut: float) -> None:
    content = bytearray(saved)
    for place, change in flips:
        content[int(place * (len(content) - 1))] ^= change
    try:
        trace = Trace.load(io.BytesIO(bytes(content[: int(cut * len(content))])))
    except ValueError as error:
        told(error)
    else:
        assert len(trace.tgt_out)


@some(4)
@given(name=st.sampled_from(["src", "tgt_out", "model", "forced", "edits", "format"]), value=ANY)
def test_runs_with_another_description(saved: bytes, name: str, value: Any) -> None:
    with np.load(io.BytesIO(saved)) as stored:
        arrays = {key: stored[key] for key in stored.files}
    meta = json.loads(arrays["meta"].tobytes())
    try:
        meta[name] = json.loads(json.dumps(value, default=str))
    except ValueError:
        return
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    content = io.BytesIO()
    np.savez(content, **arrays)
    content.seek(0)
    try:
        Trace.load(content)
    except ValueError as error:
        told(error)


@some()
@given(file=st.sampled_from([CONFIG, TOKENIZER]), name=st.integers(0, 20), value=ANY)
def test_checkpoint_folders(folder: Path, file: str, name: int, value: Any) -> None:
    whole = (folder / file).read_text()
    values = json.loads(whole)
    inner = values["model"] if file == CONFIG and name % 2 else values
    key = sorted(inner)[name % len(inner)]
    try:
        inner[key] = json.loads(json.dumps(value, default=str))
        (folder / file).write_text(json.dumps(values))
        headlight.load(folder)
    except CheckpointError as error:
        told(error)
    finally:
        (folder / file).write_text(whole)


@some()
@given(place=st.floats(0, 1), change=st.integers(1, 255), cut=st.floats(0, 1))
def test_damaged_weights(folder: Path, place: float, change: int, cut: float) -> None:
    whole = (folder / WEIGHTS).read_bytes()
    content = bytearray(whole)
    content[int(place**4 * (len(content) - 1))] ^= change  # mostly in the header
    try:
        (folder / WEIGHTS).write_bytes(content if cut < 0.5 else content[: int(cut * len(content))])
        headlight.load(folder)
    except CheckpointError as error:
        told(error)
    finally:
        (folder / WEIGHTS).write_bytes(whole)


@some(10)
@given(text=st.text(max_size=60))
def test_plain_text(text: str) -> None:
    said = plain(text).replace(APART, "").replace("\u2068", "").replace("\u2069", "")
    said = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), said)
    kept = text.encode("utf-8", "replace").decode()
    kept = kept.replace("\u2068", "").replace("\u2069", "")
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", said) == kept
    assert "\n" not in short(text)


@some(5)
@given(content=st.binary(max_size=300), lines=st.integers(1, 5), longest=st.integers(1, 50))
def test_own_files(content: bytes, lines: int, longest: int) -> None:
    limits = Limits(upload_lines=lines, upload_line_characters=longest)
    try:
        found, _ = own_lines(content, limits)
    except ValueError as error:
        told(error)
    else:
        assert len(found) <= lines
        assert all(len(line) <= longest for line in found)


NAMES = st.sampled_from([one.name for one in PARAMETERS])
SAID = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["-1", "1e999", "nan", "٣", "0x1", "1_0", "true", "cross", "2**70", "," * 9]),
    st.integers(-(2**70), 2**70).map(str),
)


@some(20)
@given(pairs=st.lists(st.tuples(NAMES, SAID), max_size=6), rest=st.text(max_size=12))
def test_addresses(pairs: list[tuple[str, str]], rest: str) -> None:
    values, ignored = parse(urlencode(pairs, errors="replace") + "&" + rest)
    assert all(name in values or name for name in (one.name for one in ignored))
    again, none = parse(urlencode(values))
    assert (again, none) == (values, [])


@some(0.1)
@given(
    page=st.sampled_from(["explore", "decode", "heads", "inside", "learn", "training"]),
    asked=st.dictionaries(NAMES.filter(lambda name: name != "model"), SAID, max_size=4),
    typed=st.text(st.characters(codec="utf-8"), max_size=30),
)
def test_pages(page: str, asked: dict[str, str], typed: str) -> None:
    """An odd address, then an odd text in the field: no exception, and something on the page."""
    tester = open_page(page, **asked)
    field = next(one for one in tester.text_input if one.label == "Source text")
    field.set_value(typed)
    tester.run()
    assert not tester.exception
