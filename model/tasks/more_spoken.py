"""More spoken digits to learn from: `python -m headlight.model.tasks.more_spoken --data DATA`.

Writes `more-spoken-digits.npz` beside `spoken-digits.npz`: the ten digits by the voices of
`synthesizers.py`. Of four or five people a model learns how these few speak; artificial voices,
too, differ in more than pitch and throat.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tqdm import tqdm

from ..run.arrays import Array
from ..run.sounds import at_rate, read_sound
from .digits import DEFAULT_DATA, FOLDER, MORE, SPOKEN
from .synthesizers import PACKAGES, SAID, SYNTHESIZERS, Saying

RATE, STEP = 8_000, 80
"""Samples a second, and of 10 ms."""

SILENT = 40.0
"""Decibels below its loudest moment at which a word begins and ends."""

PEAK = 16_000


def said(saying: Saying, folder: Path) -> Array:
    """int16: what is said, from the first to the last moment that is not silent.

    Raises:
        OSError: the program is not there, or is silent.
        subprocess.CalledProcessError: it fails, mostly for want of a voice.
    """
    text = saying.text.encode()
    subprocess.run(saying.command, input=text, cwd=folder, check=True, capture_output=True)
    samples = at_rate(read_sound((folder / SAID).read_bytes()), RATE)
    loud = (samples[: len(samples) // STEP * STEP].reshape(-1, STEP) ** 2).mean(1)
    on = np.flatnonzero(loud > loud.max() * 10 ** (-SILENT / 10))
    if not len(on):
        raise OSError(f"Silence: {' '.join(saying.command)}")
    word = samples[max(0, on[0] - 1) * STEP : (on[-1] + 2) * STEP]
    spoken: Array = (word * (PEAK / np.abs(word).max())).astype(np.int16)
    return spoken


def heard(saying: Saying) -> Array:
    """What is said, in a folder of its own; raises as `said` does."""
    with TemporaryDirectory() as folder:
        return said(saying, Path(folder))


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m headlight.model.tasks.more_spoken")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    path = parser.parse_args(argv).data / FOLDER / f"{MORE}{SPOKEN}"
    random = np.random.default_rng(0)
    every = [saying for synthesizer in SYNTHESIZERS for saying in synthesizer(random)]
    pool = ThreadPoolExecutor()  # the programs run beside each other
    try:
        words = list(tqdm(pool.map(heard, every), total=len(every), unit="word"))
    except (OSError, subprocess.CalledProcessError) as error:
        needed = " ".join(PACKAGES)
        raise SystemExit(f"{error}\nWhat it needs: apt install {needed}") from None
    finally:
        pool.shutdown(cancel_futures=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        audio=np.concatenate(words),
        ends=np.cumsum([len(word) for word in words]),
        digits=np.array([saying.digit for saying in every], np.uint8),
        speakers=np.array([saying.voice for saying in every]),
        rate=np.array(RATE),
    )
    print(f"{len(words):,} words: {path}")


if __name__ == "__main__":
    main()
