"""The Streamlit side of the lens: what it sends, what it returns, what it does when asked."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from headlight.model.run.trace import Trace
from headlight.viz.lens import lens_payload
from headlight.viz.lens.assets import FOLDER, PARTS, script
from headlight.viz.lens.component import _scores, _selected, asked_to_compare
from headlight.viz.lens.payload import decode


def app() -> None:
    import streamlit as st

    from headlight.viz.lens import lens
    from tests.lens.synthetic import build_trace

    trace = build_trace(["the", "cat"], ["le", "chat"])
    st.session_state.told = lens(trace, selection={"kind": "encoder_self", "layer": 2, "head": 1})


def run(**query: str) -> Any:
    tester = AppTest.from_function(app, default_timeout=60)
    for name, value in query.items():
        tester.query_params[name] = value
    tester.run()
    assert not tester.exception
    return tester


def test_the_lens_is_mounted_with_the_traces_numbers() -> None:
    tester = run()
    mounted = [element.proto for element in tester.get("bidi_component")]
    assert len(mounted) == 2
    sent = decode(mounted[0].bytes)
    assert sent["traces"][0]["source"] == "the cat"
    assert sent["selection"] == {"kind": "encoder_self", "layer": 2, "head": 1}
    assert set(sent["palette"]["kinds"]) == {"encoder_self", "decoder_self", "cross"}
    assert not mounted[1].bytes, "no scores before they are asked for"


def test_it_returns_where_it_starts() -> None:
    told = run().session_state.told
    assert (told.kind, told.layer, told.head, told.row) == ("encoder_self", 2, 1, None)


def test_the_address_wins_over_the_start() -> None:
    told = run(kind="cross", layer="1", head="3").session_state.told
    assert (told.kind, told.layer, told.head) == ("cross", 1, 3)


def test_a_bad_address_is_brought_inside() -> None:
    told = run(kind="nonsense", layer="77", head="x").session_state.told
    assert (told.kind, told.layer, told.head) == ("cross", 1, 0)


def test_what_the_browser_reports_wins(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.query_params", {"kind": "cross", "layer": "0"})
    reported = {"kind": "decoder_self", "layer": 1, "head": 2, "pin": {"row": 3, "col": 1}}
    told = _selected(reported, None, trace)
    assert (told.kind, told.layer, told.head, told.row, told.column) == ("decoder_self", 1, 2, 3, 1)


def test_scores_are_sent_when_asked_for(trace: Trace) -> None:
    data = _scores({"kind": "cross", "layer": 1}, trace, None)
    assert data is not None
    sent = decode(data)["scores"][0]["raw_scores"][0]
    np.testing.assert_array_equal(sent, trace.attention["cross"][1].raw_scores)


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "cross",
        {},
        {"kind": "cross"},
        {"kind": "cross", "layer": 9},
        {"kind": "x", "layer": 0},
    ],
)
def test_a_strange_request_gets_nothing(trace: Trace, wanted: Any) -> None:
    assert _scores(wanted, trace, None) is None


def test_follow_is_passed_on(trace: Trace) -> None:
    assert decode(lens_payload(trace, follow=True))["follow"] is True
    assert decode(lens_payload(trace))["follow"] is False


def test_a_second_sentence_is_offered_where_it_can_be_run(
    trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "compare" not in decode(lens_payload(trace))
    sent = decode(lens_payload(trace, compare=trace, second="the dog"))
    assert sent["compare"] == "the dog"
    assert len(sent["traces"]) == 2
    monkeypatch.setattr("streamlit.query_params", {"compare": " from the link "})
    monkeypatch.setattr("streamlit.session_state", {})
    assert asked_to_compare() == "from the link"
    monkeypatch.setattr("streamlit.session_state", {"lens": {"compare": ""}})
    assert asked_to_compare() == "", "what the lens asked for wins, nothing included"


def test_every_javascript_file_is_part_of_the_lens() -> None:
    files = {file.stem for file in (FOLDER / "js").glob("*.js")}
    assert files == {*PARTS, "streamlit", "standalone"}
    assert "</script" not in script("standalone"), "it would end the page's script"


def test_javascript_writes_no_markup_and_asks_no_network() -> None:
    text = script("streamlit") + script("standalone")
    for forbidden in ("innerHTML", "insertAdjacentHTML", "document.write", "fetch(", "eval("):
        assert forbidden not in text
    addresses = text.replace("http://www.w3.org/2000/svg", "")
    assert "http://" not in addresses
    assert "https://" not in addresses


def test_a_notebook_needs_no_streamlit() -> None:
    code = "import sys; import viz.lens; assert viz.lens.html; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parents[1]).returncode == 0
