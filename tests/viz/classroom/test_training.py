"""One training for the whole class."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from headlight.model.training.live import Settings
from headlight.viz import runtime, selection
from headlight.viz.page.classroom import house, together
from headlight.viz.page.context import RunContext
from tests.viz.classroom.sessions import Browser, joined


def test_a_class_trains_one_model_that_all_of_it_have(
    teacher: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil, away = joined(teacher, "pupil"), joined(teacher, "away")
    away.do("look", on=True)
    code, store = teacher.look()["code"], house.store()
    training = together.begin(store, code, Settings(layers=1, heads=2, d_model=32, seconds=300))
    assert teacher.look()["training"]["status"] in ("waiting", "running")
    until(lambda: (store.training(code) or training).status == "running")
    until(lambda: len(together._drawn.__wrapped__(code, 1, 0)) > 0)
    until(lambda: pupil.look()["training"]["said"] == teacher.look()["training"]["said"])
    assert away.look()["training"] is None
    pupil.do("train", to="stop")
    assert training.active
    teacher.do("train", to="stop")
    until(lambda: bool(store.trained(code)))
    told = pupil.look()["training"]
    assert told["name"] == f"reverse-{code}"
    assert told["said"].endswith("It ended: stopped.")

    models = []
    for one in (pupil, away):
        with one:
            together.share(code)
            models.append(runtime.training_seat().trained[told["name"]])
    assert models[0] is models[1], "built once a process"
    assert training.result is not None
    assert models[0].history.steps[-1] == training.result.step
    source, output = models[0].history.source, models[0].history.outputs[-1]
    assert models[0].model.run(source).output_text == output, "these are the weights"
    opened: list[dict[str, Any]] = []
    monkeypatch.setattr(selection, "go", lambda page, **changes: opened.append(changes))
    pages: Any = {"explore": "the first page"}
    teacher.context = RunContext(models[0].model, source, models[0].model.run(source), pages)
    teacher.do("train", to="open")
    assert opened == [{"model": told["name"], "text": source}]
    assert pupil.look()["training"] is None


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
