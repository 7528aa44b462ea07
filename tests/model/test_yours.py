from __future__ import annotations

import os
from pathlib import Path

import pytest

import headlight
from headlight.model import CheckpointError
from headlight.model.checkpoints.yours import VARIABLE, load_yours, yours
from tests.model.builders import random_model


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with two checkpoints, one of a shipped model's name, and something else."""
    for name in ("mine", "reverse"):
        headlight.save(random_model(seed=len(name)), tmp_path / "shelf" / name)
    (tmp_path / "shelf" / "notes").mkdir()
    return tmp_path / "shelf"


def test_nothing_is_named_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert yours() == {}
    monkeypatch.setenv(VARIABLE, f"{os.pathsep} {os.pathsep}/nowhere/at/all")
    assert yours() == {}


def test_folders_and_folders_of_folders(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(shelf))
    assert yours() == {"mine": shelf / "mine", "reverse (2)": shelf / "reverse"}
    monkeypatch.setenv(VARIABLE, os.pathsep.join([str(shelf / "mine"), str(shelf)]))
    assert list(yours()) == ["mine", "reverse (2)"]
    found = load_yours("reverse (2)")
    assert found.slug == "reverse (2)"
    assert found.digest == headlight.load(shelf / "reverse").digest
    assert found.run("c a b").model == "reverse (2)"


def test_only_these_names_are_read(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(shelf / "mine"))
    for name in (str(shelf / "reverse"), "../reverse", "reverse", "", "notes"):
        with pytest.raises(CheckpointError, match=r"no model .* among those of this server"):
            load_yours(name)


def test_an_error_names_the_model_and_no_path(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shelf / "mine" / "model.safetensors").write_bytes(b"no")
    monkeypatch.setenv(VARIABLE, str(shelf))
    with pytest.raises(CheckpointError, match=r"^mine/model\.safetensors is damaged") as caught:
        load_yours("mine")
    assert str(shelf) not in str(caught.value)
