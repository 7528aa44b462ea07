"""Files that are damaged, foreign or made up: read, or refused with the documented error."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import strategies as st

import headlight
from headlight.model import CheckpointError, Trace
from headlight.model.checkpoints.folder import CHECKPOINTS, CONFIG, TOKENIZER, WEIGHTS
from headlight.model.run.pictures import read_picture
from headlight.model.run.sounds import read_sound
from headlight.model.tasks import task
from headlight.model.training.recording_file import read, write
from headlight.model.training.resuming import CURVE, STATE, resume
from headlight.model.training.train import build, train
from headlight.model.training.trainer import Trainer
from tests.fuzz.inputs import ANY, DAMAGE, JSON, damaged, told, tried
from tests.model.builders import random_model
from tests.model.hub.ours import save_as_hub


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("checkpoint") / "mine"
    headlight.save(random_model(), made)
    return made


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_as_hub(random_model(), tmp_path_factory.mktemp("hub") / "tiny")


@pytest.fixture(scope="module")
def saved() -> bytes:
    content = io.BytesIO()
    random_model().run("c a b", max_len=6).save(content)
    return content.getvalue()


@tried(8, **DAMAGE)
def test_damaged_runs(saved: bytes, flips: list[tuple[float, int]], cut: float) -> None:
    try:
        trace = Trace.load(io.BytesIO(damaged(saved, flips, cut)))
    except ValueError as error:
        told(error)
    else:
        assert len(trace.tgt_out)


@tried(
    4,
    name=st.sampled_from(["src", "tgt_out", "model", "forced", "edits", "format"]),
    value=ANY | JSON,
)
def test_runs_with_another_description(saved: bytes, name: str, value: Any) -> None:
    with np.load(io.BytesIO(saved)) as stored:
        arrays = {key: stored[key] for key in stored.files}
    meta = json.loads(arrays["meta"].tobytes())
    if (said := as_json(value)) is None:
        return
    meta[name] = json.loads(said)
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    content = io.BytesIO()
    np.savez(content, **arrays)
    content.seek(0)
    try:
        Trace.load(content)
    except ValueError as error:
        told(error)


def as_json(value: Any) -> str | None:
    """None where it cannot be written."""
    try:
        return json.dumps(value, default=str)
    except ValueError:
        return None


def refused_or_read(folder: Path, file: str, content: bytes) -> None:
    """A folder with another file in one's place; it is put back."""
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(content)
    try:
        headlight.load(folder).run("c a", max_len=2)
    except ValueError as error:
        told(error)
    finally:
        (folder / file).write_bytes(whole)


@tried(1, file=st.sampled_from([CONFIG, TOKENIZER]), name=st.integers(0, 20), value=ANY)
def test_checkpoint_folders(folder: Path, file: str, name: int, value: Any) -> None:
    values = json.loads((folder / file).read_text())
    inner = values["model"] if file == CONFIG and name % 2 else values
    key = sorted(inner)[name % len(inner)]
    if (said := as_json(value)) is not None:
        inner[key] = json.loads(said)
        refused_or_read(folder, file, json.dumps(values).encode())


@tried(1, place=st.floats(0, 1), change=st.integers(1, 255), cut=st.floats(0, 1))
def test_damaged_weights(folder: Path, place: float, change: int, cut: float) -> None:
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[int(place**4 * (len(content) - 1))] ^= change  # mostly in the header
    refused_or_read(
        folder, WEIGHTS, bytes(content if cut < 0.5 else content[: int(cut * len(content))])
    )


@tried(
    0.7,
    file=st.sampled_from(["config.json", "generation_config.json", "tokenizer.json"]),
    name=st.integers(0, 60),
    value=ANY | JSON,
)
def test_hub_folders(hub: Path, file: str, name: int, value: Any) -> None:
    values = json.loads((hub / file).read_text())
    known = [*sorted(values), "suppress_tokens", "begin_suppress_tokens", "forced_bos_token_id"]
    if (said := as_json(value)) is not None:
        values[known[name % len(known)]] = json.loads(said)
        refused_or_read(hub, file, json.dumps(values).encode())


@tried(
    0.3,
    file=st.sampled_from(
        ["config.json", "generation_config.json", "tokenizer.json", "model.safetensors"]
    ),
    **DAMAGE,
)
def test_damaged_hub_folders(
    hub: Path, file: str, flips: list[tuple[float, int]], cut: float
) -> None:
    refused_or_read(hub, file, damaged((hub / file).read_bytes(), flips, cut))


@pytest.fixture(scope="module")
def recorded() -> bytes:
    """A recording of one film, which is quick to read."""
    file = min(CHECKPOINTS.glob("*/recording.npz"), key=lambda one: one.stat().st_size)
    content = io.BytesIO()
    write(read(file)[:1], content)
    return content.getvalue()


@tried(2, **DAMAGE)
def test_damaged_recordings(recorded: bytes, flips: list[tuple[float, int]], cut: float) -> None:
    try:
        read(io.BytesIO(damaged(recorded, flips, cut)))
    except CheckpointError as error:
        told(error)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trainer, Path]:
    made, run = build(task("reverse"), steps=2), tmp_path_factory.mktemp("run")
    train(made, run)
    torch.set_flush_denormal(False)  # hypothesis asks for all numbers
    return made, run


@tried(
    1,
    file=st.sampled_from([STATE, CURVE, "settings.json"]),
    made_up=st.none() | st.binary(max_size=40) | JSON.map(lambda said: json.dumps(said).encode()),
    **DAMAGE,
)
def test_training_folders(
    trained: tuple[Trainer, Path],
    tmp_path_factory: pytest.TempPathFactory,
    file: str,
    made_up: bytes | None,
    flips: list[tuple[float, int]],
    cut: float,
) -> None:
    trainer, run = trained
    copied = tmp_path_factory.mktemp("copied")
    try:
        for name in (STATE, CURVE, "settings.json"):
            (copied / name).write_bytes((run / name).read_bytes())
        whole = (run / file).read_bytes()
        content = damaged(whole, flips, cut) if made_up is None else made_up
        (copied / file).write_bytes(content)
        resume(trainer, copied)
    except ValueError as error:
        told(error)
    finally:
        shutil.rmtree(copied)


@tried(4, head=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM"]), rest=st.binary())
def test_pictures(head: bytes, rest: bytes) -> None:
    try:
        read_picture(head + rest)
    except ValueError as error:
        told(error)


@tried(
    4, head=st.sampled_from([b"", b"RIFF\x24\0\0\0WAVEfmt ", b"fLaC", b"OggS"]), rest=st.binary()
)
def test_sounds(head: bytes, rest: bytes) -> None:
    try:
        read_sound(head + rest)
    except ValueError as error:
        told(error)
