"""More spoken digits to learn from: `python -m headlight.model.tasks.more_spoken --data DATA`.

Writes `more-spoken-digits.npz` beside `spoken-digits.npz`: the ten digits by 300 artificial voices,
of the speech synthesizers espeak-ng and flite (`apt install espeak-ng flite`). Of four or five
people a model learns how these few speak; artificial voices, too, differ in more than pitch and
throat.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tqdm import tqdm

from ..run.arrays import Array
from ..run.sounds import at_rate, read_sound
from .digits import DEFAULT_DATA, FOLDER, MORE, SPOKEN, WORDS

RATE, STEP = 8_000, 80
"""Samples a second, and of 10 ms."""

SILENT = 40.0
"""Decibels below its loudest moment at which a word begins and ends."""

PEAK = 16_000
VOICES = {"espeak-ng": 240, "flite": 60}

FLITE = ("kal16", "awb", "rms", "slt")
"""Voices of flite, each made from the recordings of one person."""

SPELT = {
    "de": ("siero", "wann", "tuh", "sri", "fohr", "faif", "siks", "sewen", "eet", "nein"),
    "fr": ("ziro", "ouane", "tou", "sri", "fore", "faïve", "sixe", "sévène", "éïte", "naïne"),
    "nl": ("ziero", "wan", "toe", "srie", "foor", "faaiv", "siks", "sevven", "eet", "nain"),
    "es": ("siro", "uan", "tu", "zri", "for", "faiv", "six", "seven", "eit", "nain"),
    "it": ("ziro", "uan", "tu", "tri", "for", "faiv", "sics", "seven", "eit", "nain"),
    "pl": ("ziro", "łan", "tu", "tri", "for", "fajf", "siks", "sewen", "ejt", "najn"),
    "el": ("ζίρο", "ουάν", "του", "θρι", "φορ", "φάιβ", "σιξ", "σέβεν", "έιτ", "νάιν"),
}
"""The digits as espeak-ng's voice of a language has to read them, to say English with an accent."""

ACCENTS = (
    *["en-us"] * 5,
    *["en-gb"] * 2,
    *("en-gb-scotland", "en-gb-x-rp", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-us-nyc"),
    *("de", "de", "fr", "fr", "nl", "es", "it", "pl", "el"),
)
"""Taken in turn."""

THROATS = (
    *("Alex", "Alicia", "Andrea", "Andy", "Annie", "Denis", "Diogo", "Gene", "Gene2", "Henrique"),
    *("Hugo", "Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Reed", "RicishayMax", "adam"),
    *("anika", "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david", "ed"),
    *("edward", "f1", "f2", "f3", "f4", "f5", "grandma", "grandpa", "gustave", "ian", "iven"),
    *("iven2", "iven3", "john", "kaukovalta", "klatt", "klatt2", "klatt3", "klatt4", "klatt6"),
    *("linda", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "marcelo", "max", "michel"),
    *("miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro"),
    *("shelby", "steph", "steph2", "steph3", "travis", "victor", "zac"),
)
"""Variants of espeak-ng's voices."""


def commands(random: np.random.Generator) -> Iterator[tuple[str, int, list[str]]]:
    """A voice, a digit, and the command that says it, up to the file to write at its end."""
    for voice in range(VOICES["espeak-ng"]):
        accent, throat = ACCENTS[voice % len(ACCENTS)], random.choice(THROATS)
        speed, pitch = random.integers(100, 190), random.integers(15, 85)
        how = ["-v", f"{accent}+{throat}", "-s", f"{speed}", "-p", f"{pitch}"]
        for digit, word in enumerate(SPELT.get(accent, WORDS)):
            for end in ".?":
                yield f"espeak-ng {voice}", digit, ["espeak-ng", *how, word + end, "-w"]
    for voice in range(VOICES["flite"]):
        person = FLITE[voice % len(FLITE)]
        hertz = random.uniform(85, 135) * (1.7 if person == "slt" else 1.0)
        given = (
            f"duration_stretch={random.uniform(0.75, 1.35):.2f}",
            f"int_f0_target_mean={hertz:.0f}",
        )
        how = ["-voice", person, *(part for one in given for part in ("--setf", one))]
        for digit, word in enumerate(WORDS):
            for end in ".?":
                yield f"flite {voice}", digit, ["flite", *how, "-t", word + end, "-o"]


def said(command: Sequence[str], folder: Path) -> Array:
    """int16: what a command says, from the first to the last moment that is not silent."""
    path = folder / "said.wav"
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    samples = at_rate(read_sound(path.read_bytes()), RATE)
    loud = (samples[: len(samples) // STEP * STEP].reshape(-1, STEP) ** 2).mean(1)
    on = np.flatnonzero(loud > loud.max() * 10 ** (-SILENT / 10))
    word = samples[max(0, on[0] - 1) * STEP : (on[-1] + 2) * STEP]
    spoken: Array = (word * (PEAK / np.abs(word).max())).astype(np.int16)
    return spoken


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m headlight.model.tasks.more_spoken")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    path = parser.parse_args(argv).data / FOLDER / f"{MORE}{SPOKEN}"
    every = list(commands(np.random.default_rng(0)))
    try:
        with TemporaryDirectory() as folder:
            words = [said(command, Path(folder)) for _, _, command in tqdm(every, unit="word")]
    except FileNotFoundError as error:
        missing = f"{error.filename} is not installed: apt install espeak-ng flite"
        raise SystemExit(missing) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        audio=np.concatenate(words),
        ends=np.cumsum([len(word) for word in words]),
        digits=np.array([digit for _, digit, _ in every], np.uint8),
        speakers=np.array([voice for voice, _, _ in every]),
        rate=np.array(RATE),
    )
    print(f"{len(words):,} words: {path}")


if __name__ == "__main__":
    main()
