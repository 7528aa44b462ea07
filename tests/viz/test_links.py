"""Links with parts that no page can use: the page is there, and one sentence names the part."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from headlight.viz.markdown import plain
from headlight.viz.page import background
from headlight.viz.page.link_notice import sentence
from headlight.viz.selection import Ignored
from headlight.viz.selection.export import files
from headlight.viz.selection.table import param
from tests.viz.page import address, run

WEB = Path(__file__).parents[2] / "viz/web"
HOSTILE = "<img src=x onerror=alert(1)> **[a](b)** " + "x" * 10_000


def said(tester: Any) -> str:
    """The one sentence about the link; empty when there is none."""
    (*found,) = [one.value for one in tester.warning if one.value.startswith("Ignored")]
    assert len(found) <= 1
    return "".join(found).replace("\\", "")


BAD = [
    ("decode", {"beam": "2.5"}, "“beam=2.5” (a whole number from 1 to 32)"),
    ("decode", {"beam": "abc", "strategy": "beam"}, "“beam=abc” (a whole number from 1 to 32)"),
    ("decode", {"beam": "1e300", "strategy": "beam"}, "“beam=1e300”"),
    ("decode", {"n_best": "4", "beam": "3"}, "“n_best=4” (a whole number from 1 to 3)"),
    ("decode", {"temperature": "nan", "strategy": "sampling"}, "“temperature=nan” (0.01 to 10)"),
    ("decode", {"top_p": "-1", "strategy": "sampling"}, "“top_p=-1” (above 0, up to 1)"),
    ("decode", {"seed": "inf", "strategy": "sampling"}, "“seed=inf”"),
    ("decode", {"strategy": "best"}, "“strategy=best” (greedy, sampling or beam)"),
    ("decode", {"view": "top"}, "“view=top” (steps, strategies or forcing)"),
    ("decode", {"step": "99"}, "“step=99” (0 to 4)"),
    ("decode", {"layer": "9", "head": "-1"}, "“layer=9” (0 to 1); “head=-1” (0 to 3)"),
    ("decode", {"forced": "1-x"}, "“forced=1-x” (these are not token ids)"),
    ("explore", {"kind": "x", "layer": "9"}, "“kind=x” (encoder_self, decoder_self or cross)"),
    ("explore", {"head": "4"}, "“head=4” (0 to 3)"),
    ("explore", {"m": "weight", "pin": "7-1"}, "“m=weight” (weights, raw, masked or norm)"),
    ("explore", {"pin": "7-1"}, "“pin=7-1” (row-column, up to 4-4)"),
    ("explore", {"present": "please"}, "“present=please” (1 or 0)"),
    ("explore", {"model": "babel"}, "“model=babel”"),
    ("inside", {"section": "deep", "layer": "7"}, "“section=deep” (follow, matrices, places, "),
    ("inside", {"query": "50"}, "“query=50” (0 to 4)"),
    ("inside", {"section": "break", "break": "mask,door"}, "“edits=off.causal_mask~door” (edits "),
    ("heads", {"part": "Map of heads"}, "“part=Map of heads” (map, lab, pruning, sources or "),
    ("heads", {"part": "lab", "off_cross_7": "H0"}, "“edits=ablate.cross.7.0” (edits that this "),
    ("heads", {"part": "search", "above": "2", "far": "-1"}, "“far=-1” (a whole number from 0 to"),
    ("learn", {"lesson": "eleven"}, "“lesson=eleven” (context, similarity, "),
    ("learn", {"learn": "predict", "turn": "-3"}, "“turn=-3” (a whole number from 0 to 999,999)"),
    ("training", {"training": "soon"}, "“training=soon” (recorded or live)"),
    ("training", {"training": "live", "live_heads": "3"}, "“live_heads=3” (1, 2, 4 or 8)"),
    ("training", {"training": "live", "live_positions": "?"}, "“live_positions=?” (1 or 0)"),
    ("training", {"layer": "9", "train_step": "soon"}, "“layer=9”"),
]


@pytest.mark.parametrize(("path", "query", "part"), BAD)
def test_a_part_that_cannot_be_used_is_named(path: str, query: dict[str, str], part: str) -> None:
    tester = run(path, **query)
    told = said(tester)
    assert part in told
    assert told.endswith("Using defaults.")
    tester.run()
    assert said(tester) == told, "it stays until it is read"
    tester.button(key="close-link-notice").click().run()
    assert not tester.exception
    assert said(tester) == ""


GOOD: list[tuple[str, dict[str, str]]] = [
    ("decode", {"strategy": "beam", "beam": "32", "n_best": "32", "penalty": "0", "step": "4"}),
    ("decode", {"strategy": "sampling", "temperature": "0.01", "top_p": "1", "seed": "7"}),
    ("decode", {"view": "forcing", "target": "a b", "over": "head", "layer": "1", "head": "3"}),
    ("explore", {"kind": "cross", "layer": "1", "head": "3", "m": "norm", "pin": "4-", "th": "1"}),
    ("heads", {"part": "lab", "off_cross_1": "H3", "silenced_by": "zero"}),
    ("learn", {"lesson": "writing", "turn": "12", "force": "a b"}),
    ("training", {"kind": "cross", "layer": "1", "head": "0", "train_step": "10"}),
]


@pytest.mark.parametrize(("path", "query"), GOOD)
def test_a_good_link_is_followed_in_silence(path: str, query: dict[str, str]) -> None:
    assert said(run(path, **query)) == ""


NAMES = {
    "decode": "view strategy target temperature top_k top_p seed beam penalty n_best forced path "
    "step over kind layer head",
    "explore": "kind layer head m h u sp r sc so th pin present compare",
    "inside": "section kind layer head query key stages break skip row token against dims find",
    "heads": "part measure on off_cross_0 silenced_by way written seek seek_kind seek_head far",
    "learn": "learn lesson game turn force present",
    "training": "training film kind layer head train_step train_versus live_task live_heads",
}


@pytest.mark.parametrize("path", NAMES)
def test_hostile_values_are_shortened_and_shown_as_text(path: str) -> None:
    tester = run(path, **dict.fromkeys(NAMES[path].split(), HOSTILE))
    (shown,) = [one.value for one in tester.warning if one.value.startswith("Ignored")]
    assert len(shown) < 1200
    assert plain("<img src=x onerror=alert(1)> **[a](b)") in shown
    assert shown.count("<img") == shown.count(r"\<img") == min(4, shown.count("“"))


def test_a_hostile_text_leaves_the_page_on_its_feet() -> None:
    tester = run("explore", text=HOSTILE)
    (shown,) = [one.value for one in tester.warning]
    assert len(shown) < 1200
    assert "Still showing" in shown


def test_the_sentence_names_four_parts_and_counts_the_others() -> None:
    parts = [Ignored(name, "9", "0 to 1") for name in "abcdef"]
    assert sentence(parts[:1]) == ("Ignored from this link: “a=9” (0 to 1). Using defaults.")
    assert "“d=9” (0 to 1); 2 more. " in sentence(parts)
    assert "“e=9”" not in sentence(parts)


def test_what_another_model_lacks_is_no_fault_of_a_link() -> None:
    tester = run("inside", model="translate-en-fr", text="A cat.", head="7")
    tester.selectbox(key="model").set_value("reverse").run()
    assert "head" not in address(tester)
    assert said(tester) == ""


def test_the_browser_reads_the_same_table() -> None:
    for path, text in files().items():
        command = "python -m headlight.viz.selection.export"
        assert path.read_text("utf-8") == text, f"run `{command}` and `npm run build`"


def test_what_the_step_view_can_shade_is_what_a_link_can_ask_for() -> None:
    overs = re.search(r"const OVERS = \{(.*?)\}", (WEB / "steps/player.js").read_text("utf-8"))
    assert overs is not None
    assert tuple(re.findall(r"(\w+):", overs[1])) == param("over").options


def test_options_that_were_refused_start_as_usual() -> None:
    tester = run("decode", strategy="sampling", top_p="-1", temperature="2")
    assert any("Shown: sampling, temperature 2, seed 0." in one.value for one in tester.caption)
    assert "top_p" not in address(tester)


HEADS = [
    ("map", "measure", "selectbox", "entropy"),
    ("map", "on", "button_group", "sentence"),
    ("sources", "way", "selectbox", "rollout_above"),
    ("sources", "written", "button_group", "2"),
    ("search", "seek", "selectbox", "word"),
    ("search", "seek_head", "selectbox", "1-2"),
    ("search", "seek_kind", "selectbox", "decoder_self"),
    ("search", "far", "number_input", 7),
]


@pytest.mark.parametrize(("part", "name", "widget", "value"), HEADS)
def test_a_choice_among_heads_is_a_short_name_that_brings_it_back(
    part: str, name: str, widget: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "MOMENT", 60.0)  # what is computed is shown at once
    tester = run("heads", part=part)
    getattr(tester, widget)(key=name).set_value(value).run()
    assert not tester.exception
    assert address(tester)[name] == str(value)
    again = run("heads", part=part, **{name: str(value)})
    assert getattr(again, widget)(key=name).value == value
    assert said(again) == ""
