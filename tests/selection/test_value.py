"""The table of parameters, and addresses read and written by it, hostile ones as well."""

from __future__ import annotations

import math
import random
import string
from threading import Thread, get_ident, local
from types import SimpleNamespace
from urllib.parse import parse_qsl, quote, urlencode

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from headlight.viz.selection import running
from headlight.viz.selection.session import Session, coupled
from headlight.viz.selection.table import BY_NAME, PARAMETERS
from headlight.viz.selection.value import Selection, either, number_of, parse

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE heads; --",
    "\x00\x01",
    "‮evil",
    "-1",
    "1e999",
    "nan",
    "inf",
    "0x10",
    "１２",
    "1_000",
    "9" * 400,
    "x" * 50_000,
    "a,b,,c" * 1000,
    "-",
    "--",
    "%",
    "None",
    "{}",
]


def test_a_book_is_no_value_and_the_one_before_stays() -> None:
    here = Session()
    here.change({"text": "kept", "layer": "2"})
    here.change({"text": "x" * 10_000_000, "layer": "1"})
    assert (here.value["text"], here.value["layer"]) == ("kept", "1")
    assert here.refused == {"text": 10_000_000}
    here.report({"changes": {"compare": ["y" * 100_001, 1]}})
    assert "compare" not in here.value
    assert here.refused["compare"] == 100_001


@pytest.mark.parametrize(
    "report",
    [
        {"changes": {"layer": ["1", math.inf]}},
        {"changes": {"layer": 5, "head": ["1"], "kind": {"a": 1}}},
        {"back": {"n": math.inf, "query": "layer=1", "path": "explore"}},
        {"back": {"n": math.nan}, "given": -math.inf},
        {"late": {"n": 1, "page": [], "query": 3}},
        {"changes": []},
    ],
)
def test_a_report_that_makes_no_sense_changes_nothing(report: dict[str, object]) -> None:
    here = Session()
    here.report(report)
    assert not dict(here.value)
    assert here.seen == 0


def ignored(query: str) -> list[tuple[str, str]]:
    return [(one.name, one.allowed) for one in parse(query)[1]]


def test_every_row_is_whole() -> None:
    assert len(BY_NAME) == len(PARAMETERS), "two rows have the same name"
    for row in PARAMETERS:
        assert row.words, row.name
        assert row.pages, row.name
        if row.options and row.type == "choice":
            assert row.default in row.options
        if row.type in ("number", "whole") and row.default:
            assert row.low <= number_of(row.default) <= row.high
    names = [row.lens for row in PARAMETERS if row.lens]
    assert len(names) == len(set(names))


def test_a_query_is_read_by_the_table_and_written_in_its_order() -> None:
    values, wrong = parse("head=2&text=h+e%20a&utm_source=mail&layer=1&model=reverse&m=norm")
    assert not wrong
    chosen = Selection(values)
    assert dict(chosen) == {
        "model": "reverse",
        "text": "h e a",
        "layer": "1",
        "head": "2",
        "m": "norm",
    }
    assert chosen.query("explore") == "model=reverse&text=h+e+a&layer=1&head=2&m=norm"
    assert chosen.query("heads") == "model=reverse&text=h+e+a"
    assert (chosen["seed"], chosen["kind"], chosen["query"]) == ("0", "cross", "")


def test_what_was_written_is_read_back() -> None:
    random.seed(7)
    alphabet = string.printable + "éß漢\U0001f600<>&=+%#"
    for _ in range(200):
        text = "".join(random.choices(alphabet, k=random.randrange(1, 40)))
        chosen = Selection({"model": "reverse", "text": text, "compare": text, "layer": "3"})
        assert dict(parse(chosen.query("explore"))[0]) == dict(chosen)


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_values_are_taken_out_or_kept_as_text(said: str) -> None:
    for name, row in BY_NAME.items():
        values, wrong = parse(urlencode({name: said}, errors="replace"))
        value = values.get(name)
        if row.options or row.type == "switch":
            assert (value is None) == (wrong != []), name
        if row.type in ("number", "whole") and value is not None:
            assert row.low <= float(value) <= row.high
            assert math.isfinite(float(value))
        assert all(one.name == name and one.allowed for one in wrong)
    told = {one.name for name in BY_NAME for one in parse(urlencode({name: "x" + said}))[1]}
    assert {"view", "temperature", "seed", "pin", "present"} <= told


def test_what_cannot_be_used_says_what_could_be() -> None:
    assert ignored("view=best&beam=2.5&th=7&pin=a-b&present=please&top_p=0") == [
        ("present", "1 or 0"),
        ("pin", "row-column"),
        ("th", "0 to 1"),
        ("view", "steps, strategies or forcing"),
        ("top_p", "above 0, up to 1"),
        ("beam", "a whole number from 1 to 32"),
    ]


def test_switches_of_earlier_versions_are_edits_now() -> None:
    said = {
        "off_cross_0=H1&off_cross_0=H3": "ablate.cross.0.1~ablate.cross.0.3",
        "off=cross.0.1,cross.1.2": "ablate.cross.0.1~ablate.cross.1.2",
        "silenced_by=mean&off=cross.0.1": "mean.cross.0.1",
        "edits=off.scale&break=mask,scale&skip=decoder-1": (
            "off.scale~off.causal_mask~skip.decoder.1"
        ),
        "break=uniform&kind=cross&layer=0&head=2": "uniform.cross.0.2",
        "break=uniform": None,
        "break=&skip=none&off=": None,
    }
    for query, edits in said.items():
        values, wrong = parse(query)
        assert not wrong
        assert values.get("edits") == edits
    assert parse("live_positions=false")[0] == {"live_positions": "0"}


def test_a_query_too_long_or_of_too_many_parts_is_no_link() -> None:
    assert parse("&".join(["layer=1"] * 50_000))[0] == {"layer": "1"}
    assert parse("text=" + "x" * 10**6)[0]["text"].strip("x") == ""


def test_defaults_are_left_out_but_an_empty_text_is_not() -> None:
    chosen = Selection().replace({"seed": "0", "noise_at": "", "text": "", "kind": "cross"})
    assert dict(chosen) == {"text": "", "kind": "cross"}
    assert dict(parse(chosen.query("inside"))[0]) == {"text": "", "kind": "cross"}


def test_another_model_or_text_takes_its_positions_along() -> None:
    chosen = Selection({"model": "a", "text": "x", "layer": "1", "query": "3", "step": "2"})
    assert dict(chosen.replace({"text": "x"})) == dict(chosen)
    assert dict(chosen.replace({"text": "y"})) == {"model": "a", "text": "y", "layer": "1"}
    moved = chosen.replace({"text": "y", "query": "0"})
    assert moved.chosen("query") == "0"
    assert moved.chosen("step") is None


def test_a_pinned_cell_is_the_query_and_the_key() -> None:
    here = Session()
    here.change({"pin": "3-2"})
    assert (here.value["query"], here.value["key"]) == ("3", "2")
    here.change({"query": "1"})
    assert here.value["pin"] == "1-2"
    here.change({"kind": "cross"})
    assert here.value["pin"] == "1-2", "it is that kind already"
    here.change({"kind": "decoder_self"})
    assert [here.value.chosen(name) for name in ("pin", "query", "key")] == [None] * 3
    words = Selection({"u": "words", "pin": "0-1"})
    assert coupled(words, ["pin"], "cross").chosen("query") is None, "places of words are others"


def test_the_browser_reports_each_change_once() -> None:
    here = Session(pages=("explore", "decode"))
    report = {"changes": {"layer": ["2", 1], "head": ["5", 2], "rubbish": ["1", 2]}}
    here.report(report)
    assert (here.value["layer"], here.value["head"], here.seen) == ("2", "5", 2)
    here.change({"layer": "0"})
    here.report(report)
    assert here.value["layer"] == "0"
    here.report({"changes": {"head": [None, 3]}})
    assert here.value.chosen("head") is None


def test_back_restores_all_that_its_page_uses() -> None:
    here = Session(pages=("explore", "decode", "inside"), page="inside")
    here.change({"model": "reverse", "text": "a b", "layer": "1", "seed": "4", "section": "break"})
    back = {"back": {"query": "model=sort&text=c+d&seed=2", "path": "/base/decode", "n": 1}}
    here.report(back | {"changes": {"step": ["3", 2]}})
    assert here.page == "decode"
    chosen = dict(here.value)
    assert chosen == {"model": "sort", "text": "c d", "seed": "2", "section": "break", "step": "3"}
    here.report({"back": {"query": "", "path": "/", "n": 3}, "changes": {}})
    assert here.page == "explore"
    assert here.value.chosen("text") is None


def test_what_back_led_to_is_restored_once() -> None:
    """By Streamlit's own run, or by the browser's report where that run did not hear of it."""
    here = Session(pages=("explore",))
    here.change({"layer": "2"})
    here.restore("layer=1")
    here.restored = "layer=1"
    here.change({"head": "3"})  # a person went on before the report has come
    back = {"query": "layer=1", "path": "/", "n": 1}
    here.report({"back": back})
    assert dict(here.value) == {"layer": "1", "head": "3"}
    assert (here.seen, here.undrawn) == (1, False)
    here.report({"back": back | {"n": 2}})
    assert dict(here.value) == {"layer": "1"}
    assert here.undrawn, "the page shows something else"


def test_a_run_that_another_has_replaced_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Session()
    monkeypatch.setattr(running, "session", lambda: here)
    here.run = get_ident()
    running.settle(layer=1)
    here.run = -1  # another thread's
    for change in (running.settle, running.update):
        with pytest.raises(StopException):
            change(layer=2)
    with pytest.raises(StopException):
        running.adopt("explore", "layer=2")
    assert dict(here.value) == {"layer": "1"}


def test_a_run_looks_once_at_what_was_reported_and_ends_where_another_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, looked, now = Session(), list[int](), local()
    state: dict[str, object] = {"_selection": here}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(Session, "report", lambda _, report: looked.append(report))
    monkeypatch.setattr(
        running, "get_script_run_ctx", lambda **_: SimpleNamespace(cursors=now.cursors)
    )

    def run(report: int) -> None:
        now.cursors, state["address"] = {}, {"report": report}
        for _ in range(3):
            assert running.session() is here
        running.settle(layer=report)

    run(1)
    run(2)
    newer = Thread(target=run, args=(3,))
    newer.start()
    newer.join()
    assert looked == [1, 2, 3]
    with pytest.raises(StopException):
        running.settle(layer=4)
    assert dict(here.value) == {"layer": "3"}


def test_a_new_session_goes_on_where_its_page_was() -> None:
    """Streamlit begins it with the address of long ago, and with what the page reported then."""
    session = Session(pages=("explore",))
    session.take("model=reverse&head=1", whole=True)
    session.report({"to": "the one before", "changes": {"head": ["7", 9]}})
    assert (session.value["head"], session.seen, session.undrawn) == ("1", 0, False)
    shows = {"query": "model=sort&head=3&class=BCDF", "n": 10}
    session.report({"to": session.name, "shows": shows, "changes": {}})
    assert dict(session.value) == {"model": "sort", "head": "3", "class": "BCDF"}
    assert (session.seen, session.undrawn) == (10, True)
    session.report({"to": session.name, "shows": {**shows, "query": "", "n": 11}})
    assert session.value["head"] == "3", "it has gone on already"


def test_back_to_an_entry_that_was_left_too_early_leads_to_what_was_selected() -> None:
    here = Session(page="explore", pages=("explore", "decode"))
    here.change({"layer": "1"})
    here.leave("decode")
    here.report({"late": {"page": "explore", "query": "layer=0", "n": 1}})
    here.report({"late": {"page": "<b>", "query": "layer=0", "n": 2}})
    here.leave("explore")
    here.restore("layer=0")
    assert here.value["layer"] == "1"
    here.restore("layer=0")
    assert here.value["layer"] == "0", "an earlier entry"


def test_an_entry_that_was_left_too_early_may_be_told_of_after_back() -> None:
    here = Session(page="explore", pages=("explore", "decode"))
    here.change({"layer": "1"})
    here.leave("decode")
    here.leave("explore")
    here.restore("layer=0")
    here.restored = "layer=0"
    back = {"path": "/", "query": "layer=0", "n": 2}
    here.report({"late": {"page": "explore", "query": "layer=0", "n": 1}, "back": back})
    assert here.value["layer"] == "1"
    assert here.undrawn


def test_a_page_that_was_left_again_has_no_late_entry() -> None:
    here = Session(page="explore", pages=("explore", "decode"))
    here.change({"layer": "1"})
    here.leave("decode")
    here.report({"late": {"page": "explore", "query": "layer=0", "n": 1}})
    for page in ("explore", "decode", "explore"):
        here.leave(page)
    here.restore("layer=0")
    assert here.value["layer"] == "0"


@pytest.mark.parametrize("report", [None, 3, "x", [], {"back": 1}, {"changes": None}, {"shows": 1}])
def test_a_broken_report_changes_nothing(report: object) -> None:
    here = Session()
    here.change({"layer": "1"})
    here.report(report)
    assert dict(here.value) == {"layer": "1"}


def test_a_name_without_a_row_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="add its row"):
        Selection().replace({"colour": "red"})
    with pytest.raises(KeyError, match="add its row"):
        Selection()["colour"]


def test_choices_in_words() -> None:
    assert either(["0", "1", "2"]) == "0 to 2"
    assert either(["a"]) == "a"
    assert either(["a", "b", "c"]) == "a, b or c"
    assert either([str(10 + i) for i in range(9)]) == "10, 11, 12, 13, 14, 15 or one of 3 others"
    assert parse_qsl(Selection({"text": quote("a&b")}).query("explore")) == [("text", "a%26b")]
