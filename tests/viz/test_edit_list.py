"""One list of edits for every page: in the address, shown, undone, and harmless in any link."""

from __future__ import annotations

import re
from typing import Any

import pytest

import headlight
from headlight.model import Edits
from headlight.model.analysis.interventions import recipes
from headlight.model.analysis.interventions.patching import Cell
from headlight.viz.components.lens.payload import decode, encode
from tests.viz.page import address, run

TEXT = "c a b"
LOST = "What each token lost"
"""The fold that is there while something is edited."""


def said(tester: Any) -> str:
    return "\n".join(one.value for one in (*tester.markdown, *tester.caption, *tester.warning))


def press(tester: Any, label: str) -> None:
    next(one for one in tester.button if one.label == label).click().run()
    assert not tester.exception


def test_steps_are_shown_and_taken_back_one_by_one() -> None:
    page = run("explore", text=TEXT, edits="cut.cross.all.all.0.2~ablate.cross.1.0")
    assert LOST in [one.label for one in page.expander]
    labels = [one.label for one in page.button]
    assert [x for x in labels if x.startswith(("cross all", "cross L1"))] == [
        "cross all layers all heads cut 0 → 2",
        "cross L1 H0 off",
    ]
    press(page, "Undo")
    assert address(page)["edits"] == "cut.cross.all.all.0.2"
    press(page, "Undo all")
    assert "edits" not in address(page)
    assert LOST not in [one.label for one in page.expander]


def test_a_step_says_what_stands_at_its_numbers_and_what_another_length_would_do() -> None:
    page = run("explore", text=TEXT, edits="cut.cross.all.all.0.2")
    (button,) = [one for one in page.button if one.label.startswith("cross all")]
    assert "row 0 is “<bos> → a”, column 2 is “b”" in button.help.replace("\\", "")
    assert "Edits go by position, not by what stands there" in said(page)
    page = run("explore", text="c b a d", edits="cut.cross.all.all.0.2")
    (button,) = [one for one in page.button if one.label.startswith("cross all")]
    assert "column 2 is “a”" in button.help
    page = run("explore", text=TEXT, edits="ablate.cross.1.0")
    assert "Edits go by position" not in said(page)


@pytest.mark.parametrize(
    ("edits", "longer", "shorter"),
    [
        ("cut.cross.all.all.1.3", "column 3 is “e”", "had nothing to cut"),
        ("set.cross.1.0.3:0,1", "row 3 is “", "Row 3 of cross L1 H0"),
        ("noise.3:3,0", "row 3 is “e”", "Noise needs positions of the source, 0 to 2"),
    ],
)
def test_a_text_of_another_length_is_told_of_on_every_page(
    edits: str, longer: str, shorter: str
) -> None:
    """What an edit by position acts on in a longer text, and that it has nothing in a shorter."""
    for path in ("explore", "interventions"):
        page = run(path, text="c a b e d", edits=edits)
        (help_,) = [one.help for one in page.button if one.key == "edit-0"]
        assert longer in help_.replace("\\", "")
        assert not page.warning
        assert "Edits go by position" in said(page)
        page = run(path, text="c a", edits=edits)
        assert shorter in said(page).replace("\\", "")
        assert address(page)["edits"] == edits, "it comes back with a longer text"


@pytest.mark.parametrize(
    ("edits", "told", "kept"),
    [
        ("cut.cross.9.0.0.0", "layer 9 does not exist in cross", None),
        ("cut.cross.9.0.0.0~ablate.cross.1.0", "layer 9 does not exist", "ablate.cross.1.0"),
        ("swap.z.cross.9.0.all:word,YiBh", "layer 9 does not exist in cross", "same"),
        ("swap.z.cross.1.0.all:word,4pyTID4", "Left out", "same"),
        ("noise.40:3,0", "Noise needs positions of the source, 0 to 3", "same"),
        ("steer.decoder.0.all:nan,AACAPw", "none too large for float32", None),
        ("toward.decoder.0.all:nan,token,YQ", "none too large for float32", "same"),
        ("toward.decoder.7.all:1,token,YQ", "layer 7 does not exist in decoder", "same"),
        ("set.cross.1.0.0:0,0,0,0,0,0,1", "a source of at least 7 tokens", "same"),
        ("<script>alert(1)</script>", "is not an edit that can be read", None),
        ("swap.z.cross.1.0.all:word,%%%", "is not an edit that can be read", None),
        ("path.cross.1.0.cross.0.0:word,YiBh", "comes before, or beside", "same"),
        ("ablate.cross.0.1~" * 1000, "a list of up to 6,000 characters", None),
        ("mean.cross.0.77", "head 77 does not exist", "same"),
    ],
)
@pytest.mark.parametrize("path", ["explore", "inside", "heads", "interventions"])
def test_what_a_link_cannot_edit_is_told_of_and_harmless(
    path: str, edits: str, told: str, kept: str | None
) -> None:
    query = {"inside": {"section": "break"}, "heads": {"part": "lab"}}.get(path, {})
    page = run(path, text=TEXT, edits=edits, **query)
    assert told in said(page).replace("\\", "")
    assert address(page).get("edits") == (edits if kept == "same" else kept)
    if path != "explore":  # there the lens alone shows the output
        assert headlight.load("reverse").run(TEXT).output_text in said(page)


def test_a_cut_that_finds_nothing_says_so() -> None:
    assert "had nothing to cut" in said(run("explore", text=TEXT, edits="cut.cross.0.0.40.0"))


def test_contradictions_are_said_and_the_later_step_left_out() -> None:
    edits = "set.cross.1.0.0:0,0,1~cut.cross.1.0.0.2"
    page = run("inside", section="break", text=TEXT, edits=edits)
    assert "which is cut; leave one of them" in said(page)
    trace = headlight.load("reverse").run(TEXT, edits=Edits(set={("cross", 1, 0, 0): [0, 0, 1]}))
    assert trace.output_text in re.sub(r":orange-background\[(.*?)\]", r"\1", said(page))


def test_a_swap_is_the_patch_it_names() -> None:
    cell = Cell("z", "cross", 1, 2)
    item = recipes.Swap(cell, "word", "b a c").to_text()
    page = run("explore", text=TEXT, edits=item)
    assert "cross L1 H2 z from “b a c”" in [one.label for one in page.button]
    assert LOST in [one.label for one in page.expander]


def test_break_it_and_the_lab_switch_steps_of_the_same_list() -> None:
    page = run("inside", text=TEXT, section="break", edits="cut.cross.all.all.0.2")
    pills = next(one for one in page.button_group if one.label == "Decode with")
    pills.select("scale").run()
    page.multiselect[0].select("skip.decoder.1").run()
    assert address(page)["edits"] == "cut.cross.all.all.0.2~off.scale~skip.decoder.1"
    page = run("heads", text=TEXT, part="lab", edits="off.scale~ablate.cross.0.1")
    layer = next(one for one in page.button_group if one.key == "off_cross_0")
    assert list(layer.value) == ["H1"]
    layer.select("H3").run()
    assert address(page)["edits"] == "off.scale~ablate.cross.0.1~ablate.cross.0.3"
    assert "Without 2 heads and with the other edits" in said(page)
    how = next(one for one in page.button_group if one.key == "silenced_by")
    how.select("mean").run()
    assert address(page)["edits"] == "off.scale~mean.cross.0.1~mean.cross.0.3"
    assert not page.exception
    press(page, "Undo all")
    assert "All heads are on" in said(page)


def test_links_of_earlier_versions_still_break_and_switch_off() -> None:
    old = {"break": "scale,mask,uniform", "skip": "decoder-1", "kind": "cross"}
    page = run("inside", text=TEXT, section="break", layer="0", head="3", **old)
    assert address(page)["edits"] == ("off.scale~off.causal_mask~uniform.cross.0.3~skip.decoder.1")
    page = run("heads", text=TEXT, part="lab", off="cross.0.1,cross.1.2", silenced_by="mean")
    assert address(page)["edits"] == "mean.cross.0.1~mean.cross.1.2"


def test_the_lens_is_told_of_edits() -> None:
    model = headlight.load("reverse")
    edits = Edits(cut={("cross", None, 0, 0, 2)}, set={("cross", 1, 1, 1): [0, 1]})
    plain, edited = decode(encode(model.run(TEXT), model.run(TEXT, edits=edits)))["traces"]
    assert plain["edits"] is None
    assert edited["edits"] == {
        "cut": [["cross", None, 0, 0, 2]],
        "set": [["cross", 1, 1, 1]],
        "said": str(edits),
    }
