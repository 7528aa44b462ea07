"""Choose the digits that come with the project: `python -m headlight.model.tasks.ship_digits`.

They are of those that training never sees: 24 images of each digit, and two recordings of each
digit by each person. Examples are made of them, and heads are measured on them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .digits import DEFAULT_DATA, DRAWN, SHIPPED, SPOKEN, read_file
from .read_digits import HELD_OUT

IMAGES_OF_EACH, RECORDINGS_OF_EACH = 24, 2


def ship(data: Path | None, folder: Path) -> None:
    """Write `drawn.npz` and `spoken.npz`.

    Raises:
        ValueError: the files with all digits are not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = read_file(data, DRAWN, "MNIST")
    images, labels = (drawn[name][-HELD_OUT:] for name in ("images", "labels"))
    chosen = np.concatenate([np.flatnonzero(labels == d)[:IMAGES_OF_EACH] for d in range(10)])
    np.savez_compressed(folder / "drawn.npz", images=images[chosen], labels=labels[chosen])

    spoken = read_file(data, SPOKEN, "the Free Spoken Digit Dataset")
    few = np.flatnonzero(spoken["indices"] < RECORDINGS_OF_EACH)
    starts = np.concatenate([[0], spoken["ends"][:-1]])
    parts = [spoken["audio"][starts[i] : spoken["ends"][i]] for i in few]
    np.savez_compressed(
        folder / "spoken.npz",
        audio=np.concatenate(parts),
        ends=np.cumsum([len(part) for part in parts]),
        digits=spoken["digits"][few],
        speakers=spoken["speakers"][few],
        rate=spoken["rate"],
    )


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m headlight.model.tasks.ship_digits")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    options = parser.parse_args(argv)
    try:
        ship(options.data, SHIPPED)
    except ValueError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
