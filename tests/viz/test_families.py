"""Every page on other people's models: tiny random folders of every family, no browser.

Each visit draws one part of a page, with the families taking turns, so that every page is seen with
several of them and every family on most pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from headlight.model import Trace
from headlight.model.checkpoints.yours import VARIABLE, load_yours
from headlight.model.decoding import Beam
from headlight.model.network.config import KINDS
from headlight.viz import markdown
from headlight.viz.lessons import GAMES, LESSONS
from headlight.viz.views.inside import SECTIONS
from tests.model.hub.folders import LONG_WHISPER, write, write_words
from tests.viz.page import run

FAMILIES = ("t5", "bart", "marian, two vocabularies", "pegasus", "mbart", "m2m100", LONG_WHISPER)
TEXT = "w3 w4 w5 w6"
SPOKEN = "3 1 4"
"""The name of an example of what hears."""
Visit = tuple[str, dict[str, str]]
STEERED = {"act": "steer", "steer_to": "w7"}
VISITS: list[Visit] = [
    ("explore", {}),
    ("explore", {"other": "pegasus"}),
    ("explore", {"edits": "ablate.cross.0.1"}),
    ("decode", {}),
    ("decode", {"strategy": "beam"}),
    ("decode", {"view": "strategies"}),
    ("decode", {"view": "forcing", "target": "w8 w9"}),
    *(("inside", {"section": section}) for section in SECTIONS),
    ("inside", {"stages": "all"}),
    ("inside", {"section": "break", "edits": "off.cross_attention~off.causal_mask"}),
    *(("interventions", {"patched": way}) for way in ("stream", "heads", "blocks", "paths")),
    ("interventions", {"second_run": "noise", "noise_at": "0,1"}),
    *(("interventions", {**STEERED, "steer_by": way}) for way in ("sentences", "token", "head")),
    *(("heads", {"part": part}) for part in ("map", "lab", "pruning", "sources", "search")),
    ("heads", {"part": "lab", "edits": "ablate.cross.0.1", "silenced_by": "mean"}),
    *(("learn", {"lesson": lesson.slug}) for lesson in LESSONS),
    *(("learn", {"learn": "predict", "game": game.slug}) for game in GAMES),
    ("training", {}),
]


@pytest.fixture(scope="module", autouse=True)
def yours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The folders, as whoever starts the server names them."""
    place = tmp_path_factory.mktemp("yours")
    for name in FAMILIES:
        write(name, place / name)
        write_words(place / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(place))
        yield


def visit(name: str, path: str, query: dict[str, str]) -> Any:
    """A page of a model; what hears gets one of its examples."""
    query = {"compare": "w3 w5 w4"} | query if path == "interventions" else query
    if name != LONG_WHISPER:
        return run(path, **{"model": name, "text": TEXT, **query})
    spoken = {key: value for key, value in query.items() if key not in ("compare", "steer_to")}
    return run(path, **{"model": name, "text": SPOKEN, **spoken})


def sentences(tester: Any) -> str:
    parts = (*tester.info, *tester.warning, *tester.markdown, *tester.caption)
    return "\n".join(element.value for element in parts)


@pytest.mark.parametrize(("name", "at"), list(zip(cycle(FAMILIES), VISITS, strict=False)), ids=str)
def test_every_page_draws_or_says_why_not(name: str, at: Visit) -> None:
    tester = visit(name, *at)
    told = [element.value for element in (*tester.warning, *tester.error)]
    assert not [one for one in told if "could not be computed" in one or "not here" in one]
    drawn = len(tester.get("bidi_component")) + len(tester.get("plotly_chart"))
    assert drawn > 2 or tester.info or tester.caption


@pytest.mark.parametrize("name", ["t5", "bart", "marian, two vocabularies"])
def test_the_weight_on_the_page_is_the_trace_s(name: str) -> None:
    trace: Trace = load_yours(name).run(TEXT)
    for kind in KINDS:
        layer, head = trace.n_layers(kind) - 1, trace.heads(kind) - 1
        at = {"kind": kind, "layer": str(layer), "head": str(head), "query": "2", "key": "1"}
        said = sentences(run("inside", model=name, text=TEXT, stages="all", **at))
        weight = trace.attention[kind][layer].pattern[head, 2, 1]
        score = trace.attention[kind][layer].raw_scores[head, 2, 1]
        assert markdown.plain(f"{weight:.3f}") in said
        assert f"{score:.3f}" in said.replace("−", "-").replace("\\", "")


def test_the_formula_is_the_family_s() -> None:
    for name, kind, divided, biased in (
        ("t5", "decoder_self", False, True),
        ("t5", "cross", False, False),
        ("bart", "cross", True, False),
    ):
        tester = run("inside", model=name, text=TEXT, kind=kind)
        formula = next(one.value for one in tester.latex if "softmax" in one.value)
        assert (r"\sqrt" in formula, "bias" in formula) == (divided, biased)
    said = sentences(run("inside", model="t5", text=TEXT, section="words"))
    assert "a number for each distance that is added to the scores" in said


@pytest.mark.parametrize(
    ("path", "query", "what"),
    [
        ("heads", {"part": "pruning"}, "Pruning"),
        ("heads", {"part": "search"}, "Search"),
        ("heads", {"part": "lab", "edits": "ablate.cross.0.1"}, "Δ loss"),
        ("heads", {"part": "lab", "silenced_by": "mean"}, "A head's mean"),
        ("inside", {"section": "break", "edits": "off.scale"}, "Damage"),
    ],
)
def test_what_needs_a_corpus_asks_for_a_file(path: str, query: dict[str, str], what: str) -> None:
    tester = run(path, model="pegasus", text=TEXT, **query)
    said = f"{what} takes sentences such as this model was made to read: give a text file."
    assert said in [element.value for element in tester.info]
    fields = tester.get("file_uploader")
    assert [field.proto.label for field in fields] == ["A text file with one source text per line"]
    assert "No training was recorded" in sentences(run("training", model="pegasus", text=TEXT))


def test_the_strategy_of_the_folder_comes_first(tmp_path: Path, monkeypatch: Any) -> None:
    folder = tmp_path / "asks-for-a-beam"
    write("bart", folder)
    write_words(folder)
    settings = folder / "generation_config.json"
    asked = {"num_beams": 3, "length_penalty": 2.0, "early_stopping": True, "min_length": 6}
    settings.write_text(json.dumps(json.loads(settings.read_text()) | asked))
    monkeypatch.setenv(VARIABLE, str(folder))
    model = load_yours(folder.name)
    tester = run("decode", model=folder.name, text=TEXT)
    said = sentences(tester)
    assert tester.session_state["strategy"] == "own"
    assert "Shown: beam of 3, length penalty 2" in said
    assert model.strategy == Beam(3, 2.0, stopping=True)
    table = run("decode", model=folder.name, text=TEXT, view="strategies").table[0].value
    assert list(table["Strategy"][:2]) == ["beam of 3, length penalty 2", "greedy"]
    assert "asks for a beam of 3" in sentences(run("heads", model=folder.name, text=TEXT))
