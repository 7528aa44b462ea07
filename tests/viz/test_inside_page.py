"""The page inside a head, without a browser: every section, every kind, and odd addresses."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

import headlight
from headlight.viz import markdown
from headlight.viz.glossary import glossed
from headlight.viz.views.inside import SECTIONS
from headlight.viz.views.inside.breaking import SWITCHES
from tests.viz.page import address, run


def words(tester: Any) -> str:
    return " ".join(element.value for element in (*tester.markdown, *tester.caption, *tester.info))


@pytest.mark.parametrize("section", list(SECTIONS))
def test_each_section_opens_by_its_address(section: str) -> None:
    tester = run("inside", section=section)
    assert glossed(SECTIONS[section].LOOK) in words(tester)
    assert not tester.warning


@pytest.mark.parametrize("kind", headlight.KINDS)
def test_all_steps_of_each_kind_are_drawn_for_the_cell_of_the_address(kind: str) -> None:
    tester = run("inside", kind=kind, layer="1", head="2", query="2", key="1", stages="all")
    said = words(tester)
    trace = headlight.load("reverse").run("h e a d")
    weight = trace.attention[kind][1].pattern[2, 2, 1]
    assert markdown.plain(f"{weight:.3f}") in said
    assert "The attention weights" in said
    assert len(tester.get("bidi_component")) > 20


def test_only_the_heart_is_computed_at_first() -> None:
    assert 8 <= len(run("inside").get("bidi_component")) <= 12


@pytest.mark.parametrize(
    "query",
    [
        {"section": "nonsense"},
        {"kind": "x", "layer": "99", "head": "-1", "query": "1000", "key": "abc"},
        {"section": "break", "edits": "off.causal_mask~nonsense~skip.decoder.77"},
        {"section": "layers", "row": "99", "token": "12345", "against": "x"},
        {"section": "words", "dims": "7", "find": "<b>*zzz*", "span": "9"},
    ],
)
def test_a_bad_address_falls_back(query: dict[str, str]) -> None:
    run("inside", **query)


def test_breaking_marks_what_changes() -> None:
    tester = run("inside", section="break", edits="off.cross_attention~off.causal_mask")
    plain = headlight.load("reverse").run("h e a d")
    edited = headlight.load("reverse").run(
        "h e a d", edits=headlight.Edits(cross_attention=False, causal_mask=False)
    )
    said = words(tester)
    assert plain.tgt_out.ids != edited.tgt_out.ids
    assert ":orange-background[" in said
    assert "This is the last step" in said


def test_switches_that_there_are_not_are_passed_over() -> None:
    """As a browser that lies would have them."""
    tester = run("inside", section="break")
    (switches,) = (one for one in tester.button_group if one.key == "break")
    states = WidgetStates()
    state = states.widgets.add(id=switches.proto.id)
    state.string_array_value.data.extend(["learn", SWITCHES["scale"][0]])
    tester._run(states)
    assert not tester.exception
    assert address(tester)["edits"] == "off.scale"


def test_nothing_broken_is_the_same_text() -> None:
    said = words(run("inside", section="break"))
    assert ":orange-background[" not in said
    assert "Nothing is broken yet" in said


def test_a_search_names_the_nearest_tokens() -> None:
    assert "Nearest to “h”" in words(run("inside", section="words", find="h"))
    assert "No token contains" in words(run("inside", section="words", find="zzz"))


def report() -> None:
    from headlight.model.analysis.interventions.damage import Damage
    from headlight.viz.views.inside.breaking import _report

    examples = (("a *b*", "b a", "x"),)
    _report(Damage(200, 200, 180, 50, 40, 0.5, 1.75, examples))
    _report(Damage(200, 200, None, None, 40, 0.5, 1.75, ()))


def test_the_damage_is_told_in_shares_and_nats() -> None:
    tester = AppTest.from_function(report, default_timeout=60).run()
    assert not tester.exception
    told = [(metric.label, metric.value, metric.delta) for metric in tester.metric]
    assert ("Exactly right, broken", "25.0%", "-65.0%") in told
    assert ("Outputs unchanged", "20.0%", "") in told
    assert told.count(("Loss, broken", "1.750 nats", "+1.250")) == 2
    assert r"a \*b\*" in " ".join(element.value for element in tester.markdown)
