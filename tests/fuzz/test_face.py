"""Inputs that nobody thought of: whatever is given, the answer is a result or a `ValueError`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import strategies as st

from headlight.model import Edits, Model
from headlight.model.decoding import Beam, Given, Hypothesis, Sampling
from headlight.viz.markdown import APART, plain, short
from headlight.viz.page.own_text import own_lines
from headlight.viz.runtime.limits import Limits
from headlight.viz.selection.session import Session
from headlight.viz.selection.table import PARAMETERS
from headlight.viz.selection.value import parse
from tests.fuzz.inputs import ANY, IDS, JSON, ODD, TEXT, told, tried
from tests.model.builders import random_model


@pytest.fixture(scope="module")
def model() -> Model:
    return random_model()


@tried(2, text=TEXT, max_len=st.one_of(st.integers(-2, 8), ANY), prefix=IDS)
def test_run(model: Model, text: Any, max_len: Any, prefix: Any) -> None:
    try:
        trace = model.run(text, max_len=max_len, prefix=prefix)
    except ValueError as error:
        told(error)
    else:
        assert trace.src.text == text
        assert np.isfinite(trace.log_probs).all()


@tried(2, text=TEXT, target=IDS)
def test_teacher_force(model: Model, text: Any, target: Any) -> None:
    try:
        trace = model.teacher_force(text, target)
    except ValueError as error:
        told(error)
    else:
        assert trace.tgt_out.ids[-1] == model.config.eos_id


@tried(1, texts=st.one_of(st.lists(TEXT, max_size=3), ANY))
def test_run_many(model: Model, texts: Any) -> None:
    try:
        traces = model.run_many(texts, max_len=4)
    except ValueError as error:
        told(error)
    else:
        assert len(traces) == len(texts)


@tried(
    2,
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


@tried(
    2,
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


@tried(10, text=st.text(max_size=60))
def test_plain_text(text: str) -> None:
    said = plain(text).replace(APART, "").replace("\u2068", "").replace("\u2069", "")
    said = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), said)
    kept = text.encode("utf-8", "replace").decode()
    kept = kept.replace("\u2068", "").replace("\u2069", "")
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", said) == kept
    assert "\n" not in short(text)


@tried(5, content=st.binary(max_size=300), lines=st.integers(1, 5), longest=st.integers(1, 50))
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


@tried(20, pairs=st.lists(st.tuples(NAMES, SAID), max_size=6), rest=st.text(max_size=12))
def test_addresses(pairs: list[tuple[str, str]], rest: str) -> None:
    values, ignored = parse(urlencode(pairs, errors="replace") + "&" + rest)
    assert {one.name for one in ignored} <= {one.name for one in PARAMETERS}
    again, none = parse(urlencode(values))
    assert (again, none) == (values, [])


NUMBERED = st.tuples(JSON, st.floats() | st.integers(-3, 2**70)).map(list)


@tried(
    8,
    back=JSON | st.fixed_dictionaries({"n": st.floats(), "query": st.text(), "path": st.text()}),
    changes=JSON | st.dictionaries(NAMES, NUMBERED | JSON, max_size=4),
    given_=JSON,
)
def test_reports_of_the_browser(back: Any, changes: Any, given_: Any) -> None:
    here = Session()
    here.report({"back": back, "changes": changes, "given": given_})
    for name in here.value:
        assert isinstance(here.value[name], str)
    again, _ = parse(here.value.query("explore"))
    assert set(again) <= set(here.value)
