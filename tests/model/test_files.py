"""Files are whole or not there, and what keeps one from being written is said in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import headlight
from headlight.model import Model, Trace
from headlight.model.checkpoints.folder import CHECKPOINTS
from headlight.model.files import whole
from headlight.model.training import recording_file
from tests.model.builders import random_model


def kept(model: Model, place: Path) -> None:
    model.run("c a b", max_len=4).save(place / "run.npz")


def checkpoint(model: Model, place: Path) -> None:
    headlight.save(model, place / "mine")


WRITERS: list[Callable[[Model, Path], None]] = [kept, checkpoint]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "may not be written to")],
)
def test_a_place_that_takes_nothing_is_told_of_and_the_old_file_stays(
    tiny: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[Model, Path], None],
    number: int,
    said: str,
) -> None:
    write(tiny, tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(ValueError, match=said):
        write(random_model(seed=7), tmp_path)
    after = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert after == before, "neither changed nor joined by a part of the new one"


def test_a_folder_that_is_not_there_is_told_of(tiny: Model, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be written: there is no such file or folder"):
        tiny.run("c a b", max_len=4).save(tmp_path / "nowhere" / "run.npz")


def test_a_run_that_is_not_there_is_not_called_damaged(tmp_path: Path) -> None:
    for missing in (tmp_path / "nowhere.npz", str(tmp_path / "nowhere.npz")):
        with pytest.raises(ValueError, match=r"nowhere\.npz cannot be opened: there is no such"):
            Trace.load(missing)
    with pytest.raises(ValueError, match="cannot be opened: it is a folder"):
        Trace.load(tmp_path)


def test_a_name_without_its_ending_gets_it(tiny: Model, tmp_path: Path) -> None:
    tiny.run("c a b", max_len=4).save(tmp_path / "run")
    assert Trace.load(tmp_path / "run.npz").source_text == "c a b"


def test_what_fails_meanwhile_leaves_nothing(tmp_path: Path) -> None:
    def halfway() -> None:
        with whole(tmp_path / "file") as opened:
            opened.write(b"half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        halfway()
    assert not list(tmp_path.iterdir())


def test_recordings_are_bounded_and_told_of(tmp_path: Path, monkeypatch: Any) -> None:
    with pytest.raises(headlight.CheckpointError, match="cannot be opened: there is no such"):
        recording_file.read(tmp_path / "recording.npz")
    shipped = next(iter(CHECKPOINTS.glob("*/recording.npz")))
    assert recording_file.read(shipped)
    monkeypatch.setattr(recording_file, "LARGEST", 1_000)
    with pytest.raises(headlight.CheckpointError, match="up to 0 MB are read"):
        recording_file.read(shipped)
