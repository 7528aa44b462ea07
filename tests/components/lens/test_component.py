"""The Streamlit side of the lens: what it sends, what it returns, what it does when asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from headlight.model.run.trace import Trace
from headlight.viz.components.lens import lens_payload
from headlight.viz.components.lens.payload import decode, encoded, trace_id


def app() -> None:
    from headlight.viz.components.lens import lens
    from tests.components.lens.synthetic import build_trace

    trace = build_trace(["the", "cat"], ["le", "chat"])
    lens(trace, selection={"kind": "encoder_self", "layer": 2, "head": 1})


def run() -> Any:
    tester = AppTest.from_function(app, default_timeout=60)
    tester.run()
    assert not tester.exception
    return tester


def test_the_lens_is_mounted_with_the_traces_numbers() -> None:
    tester = run()
    mounted = [element.proto for element in tester.get("bidi_component")]
    assert len(mounted) == 1
    sent = decode(mounted[0].bytes)
    assert sent["traces"][0]["source"] == "the cat"
    assert sent["selection"] == {"kind": "encoder_self", "layer": 2, "head": 1}
    assert set(sent["palette"]["kinds"]) == {"encoder_self", "decoder_self", "cross"}
    assert "scores" not in sent, "not before they are asked for"
    assert len(mounted[0].js_content) + len(mounted[0].css_content) < 1000, "not the whole program"


def test_scores_are_sent_when_asked_for_and_nothing_twice(trace: Trace) -> None:
    wanted = {"kind": "cross", "layer": 1, "id": trace_id(trace)}
    sent = decode(lens_payload(trace, wanted=wanted))
    (block,) = sent["scores"]
    np.testing.assert_array_equal(block["raw_scores"][0], trace.attention["cross"][1].raw_scores)
    assert sent["id"] == trace_id(trace)
    assert "traces" not in sent
    assert "palette" in sent


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "cross",
        {},
        {"kind": "cross"},
        {"kind": "cross", "layer": 9},
        {"kind": "x", "layer": 0},
        {"kind": "cross", "layer": 1},
        {"kind": "cross", "layer": 1, "id": "of another text"},
    ],
)
def test_a_strange_request_gets_the_traces(trace: Trace, wanted: Any) -> None:
    if isinstance(wanted, dict) and wanted.get("layer") != 1:
        wanted["id"] = trace_id(trace)
    assert lens_payload(trace, wanted=wanted) == lens_payload(trace)


def test_a_trace_is_encoded_once(trace: Trace, second: Trace) -> None:
    header, body = encoded(trace)
    assert encoded(trace)[1] is body
    assert encoded(trace, second)[0]["id"] != header["id"]
    assert len(encoded(trace, second)[0]["traces"]) == 2
    assert encoded(trace)[0] == header


def test_follow_is_passed_on(trace: Trace) -> None:
    assert decode(lens_payload(trace, follow=True))["follow"] is True
    assert decode(lens_payload(trace))["follow"] is False


def test_a_second_sentence_is_offered_where_it_can_be_run(trace: Trace) -> None:
    assert "compare" not in decode(lens_payload(trace))
    sent = decode(lens_payload(trace, compare=trace, second="the dog"))
    assert sent["compare"] == "the dog"
    assert len(sent["traces"]) == 2


def test_a_notebook_needs_no_streamlit() -> None:
    code = (
        "import sys, viz.components.lens as lens; lens.html; sys.exit('streamlit' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3])
    assert ran.returncode == 0
