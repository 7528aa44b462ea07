"""A training's folder: damage, a second training, a full disk and a read-only place in words."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from headlight.model import CheckpointError
from headlight.model.tasks import task
from headlight.model.training.keeping import KeepingError, alone, in_words, write_text
from headlight.model.training.train import build, train
from headlight.model.training.trainer import Trainer


def trainer() -> Trainer:
    return build(task("reverse"), steps=2)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "reverse"
    train(trainer(), folder)
    return folder


@pytest.fixture
def copied(run: Path, tmp_path: Path) -> Path:
    for file in run.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_two_trainings_do_not_share_a_folder(tmp_path: Path) -> None:
    with alone(tmp_path):
        with pytest.raises(ValueError, match="Another training runs in"):
            train(trainer(), tmp_path)
        assert not (tmp_path / "curve.jsonl").exists()
    with alone(tmp_path):
        pass


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", '{"recipe": {}}', "\x00", "[" * 100_000]
)
def test_settings_that_are_none_are_told_of(copied: Path, content: str) -> None:
    (copied / "settings.json").write_text(content)
    with pytest.raises(CheckpointError, match=r"settings\.json does not say how"):
        train(trainer(), copied)


@pytest.mark.parametrize(
    "tensors",
    [
        {"weights": torch.zeros(3)},
        {"step": torch.zeros(3)},
        {"step": torch.tensor(torch.nan)},
        {"step": torch.tensor(-1)},
        {"step": torch.tensor(1), "network.embedding.weight": torch.zeros(3)},
        {"step": torch.tensor(1)},
    ],
    ids=["no step", "three steps", "no number", "below zero", "another shape", "no weights"],
)
def test_the_state_of_something_else_is_told_of(copied: Path, tensors: dict[str, Any]) -> None:
    save_file(tensors, copied / "state.safetensors")
    with pytest.raises(CheckpointError, match=r"(is not the state|does not fit)"):
        train(trainer(), copied)


def test_a_state_of_any_bytes_is_told_of(copied: Path) -> None:
    for content in (b"", b"hello", bytes(64), b"\xff" * 64):
        (copied / "state.safetensors").write_bytes(content)
        with pytest.raises(CheckpointError, match="is damaged"):
            train(trainer(), copied)


def test_a_curve_of_other_lines_is_told_of(copied: Path) -> None:
    for content in (
        b'{"loss": 1}\n',
        b"\xff}\n",
        b'{"step": 1, "seconds": 1e999}\n' + b"[" * 9_999 + b"}",
    ):
        (copied / "curve.jsonl").write_bytes(content)
        with pytest.raises(CheckpointError, match=r"curve\.jsonl is not the curve"):
            train(trainer(), copied)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "may not be written to"),
        (errno.EACCES, "may not be written to"),
        (errno.EIO, "cannot be used"),
    ],
)
def test_a_folder_that_cannot_be_written_to_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("headlight.model.training.resuming.write_text", fail)
    with pytest.raises(KeepingError, match=said):
        train(trainer(), tmp_path / "run")


def test_a_cut_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.json"
    write_text(file, "old")

    def cut(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", cut)
    with pytest.raises(KeepingError, match="full"), in_words(tmp_path):
        write_text(file, "new")
    assert file.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == [file.name], "no part of the new one stays"


def test_what_was_kept_goes_on(copied: Path) -> None:
    train(trainer(), copied)
    assert json.loads((copied / "settings.json").read_text())["seed"] == 0
