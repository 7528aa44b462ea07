"""The page Interventions on models that come as folders of the hub: other stacks, other tokens."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headlight
from headlight.model import Edits, Model
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.patching import cells, patching_map
from headlight.model.checkpoints.yours import VARIABLE
from headlight.viz.theme import number
from tests.model.hub.folders import write, write_words
from tests.viz.page import address, run

TEXT, OTHER = "w3 w10 w11 w12", "w3 w20 w11 w12"
FAMILIES = {"marian": "marian", "apart": "marian, two vocabularies", "t5": "t5"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny random checkpoints, as the hub lays them out."""
    pytest.importorskip("transformers")
    shelf = tmp_path_factory.mktemp("shelf")
    for name, family in FAMILIES.items():
        write(family, shelf / name)
        write_words(shelf / name)
    return shelf


@pytest.fixture(params=FAMILIES)
def model(shelf: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setenv(VARIABLE, str(shelf))
    found = headlight.load(shelf / request.param)
    found.slug = request.param
    return found


def said(tester: Any) -> str:
    parts = (tester.markdown, tester.caption, tester.warning, tester.info)
    return "\n".join(one.value for part in parts for one in part).replace("\\", "")


def opened(model: Model, until: str, **query: str) -> Any:
    """The page when it says that."""
    page = run("interventions", model=model.slug, text=TEXT, **query)
    for _ in range(60):
        if until in said(page):
            break
        time.sleep(0.25)
        page.run()
    assert not page.exception
    assert until in said(page)
    return page


@pytest.mark.parametrize("which", ["stream", "heads", "blocks"])
def test_a_patching_map_has_the_numbers_of_the_model(model: Model, which: str) -> None:
    into, source = model.run(TEXT), model.run(OTHER)
    query = {"compare": OTHER, "patched": which, "metric_of_patch": "kl", "row_of_patch": "0"}
    page = opened(model, "patches run", act="patch", align="position", **query)
    compared = compare(model, into, source, 0, metric="kl", align="position")
    (*_, found) = patching_map(model, compared, cells(model, compared, which))
    assert f"**{number(found.base)}** without a patch, **{number(found.goal)}**" in said(page)
    assert f"{len(found.cells)} of {len(found.cells)} patches run" in said(page)
    best = int(np.abs(found.shares).argmax())
    options = next(one for one in page.selectbox if one.label.startswith("Patch (")).options
    assert options[0].endswith(number(float(found.shares[best])))
    press(page, "Keep this patch in the list of edits")
    assert address(page)["edits"].startswith("swap.")


def test_a_head_off_a_cut_and_noise_are_in_force(model: Model) -> None:
    edits = Edits(ablate={("cross", 1, 0)}, cut={("encoder_self", 2, 3, None, 1)})
    page = opened(model, "Type a second sentence", act="patch", edits=edits.to_text())
    assert "Left out" not in said(page)
    assert not page.warning
    labels = [one.label.replace("\\", "") for one in page.button]
    assert "cross L1 H0 off" in labels
    page = opened(
        model, "patches run", act="patch", second_run="noise", noise_at="1", patched="blocks"
    )
    assert not page.warning


def test_steering_says_how_long_its_direction_is(model: Model) -> None:
    page = opened(model, "‖direction‖", act="steer", compare=OTHER, steer_at="decoder-1")
    assert not page.warning
    press(page, "Keep this in the list of edits")
    assert address(page)["edits"].startswith("toward.decoder.1.")


def press(page: Any, label: str) -> None:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception
