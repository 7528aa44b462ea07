"""Sounds from files, their rate, and the part of a recording in which somebody speaks."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from .sources import MAX_SECONDS, Sound

QUIET = 0.002
"""Below this loudness (root mean square, full scale 1) of its loudest tenth of a second a recording
is silence."""

MAX_SAMPLES = 25_000_000
"""In all channels of a file: a few kilobytes of silence may hold as many."""

MARGIN_SECONDS = 0.2

WORD = 8
"""Fiftieths of a second that a faint word lasts at least, once loudness is smoothed, which makes
five of one: a click is shorter.
"""

_CANCELLED = 0.1
"""Of the power that the loudest channel alone would leave in the mean: less is left where another
one holds the same upside down."""


def read_sound(data: bytes, seconds: float = MAX_SECONDS) -> Sound:
    """The sound in a WAV, FLAC, OGG or MP3 file; channels are averaged.

    Raises:
        ValueError: no sound that can be read, or too long a one; says which.
    """
    import soundfile  # needs libsndfile, which text models do not

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate, n = file.samplerate, file.frames
            if n > seconds * rate:
                raise ValueError(
                    f"The sound lasts {n / rate:.0f} seconds; at most {seconds:.0f} are taken."
                )
            if n * file.channels > MAX_SAMPLES:
                raise ValueError(
                    f"The sound has {n * file.channels / 1e6:,.0f} million samples in all of its "
                    "channels: make it smaller."
                )
            samples = file.read(n, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:
        raise ValueError(
            "This file cannot be read as a sound. WAV, FLAC, OGG and MP3 are taken."
        ) from error
    if not len(samples):
        raise ValueError("There is nothing to hear: the file holds no samples.")
    return Sound(_one_channel(samples), rate)


def _one_channel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of all channels [n, channels]; the loudest one where they cancel each other out."""
    mean, power = samples.mean(1), (samples**2).mean(0)
    cancel = float((mean**2).mean()) < _CANCELLED * float(power.max()) / samples.shape[1] ** 2
    return np.ascontiguousarray(samples[:, power.argmax()]) if cancel else mean


def at_rate(sound: Sound, rate: int) -> NDArray[np.float32]:
    """Its samples in [-1, 1] at another rate, resampled by soxr at high quality."""
    samples = sound.samples
    if samples.dtype == np.int16:
        samples = samples / np.float32(32_768)
    if sound.rate != rate:
        import soxr

        samples = soxr.resample(samples, sound.rate, rate)
    return np.array(samples, dtype=np.float32)


def loudness(sound: Sound) -> NDArray[np.float32]:
    """Root mean square of each fiftieth of a second."""
    step = max(1, sound.rate // 50)
    samples = at_rate(sound, sound.rate)
    parts = np.pad(samples, (0, -len(samples) % step)).reshape(-1, step)
    return np.sqrt((parts**2).mean(1))


def speech(sound: Sound) -> Sound:
    """The part in which somebody speaks, with a fifth of a second on either side.

    Where the recording ends sooner, silence follows.

    Raises:
        ValueError: it is silent.
    """
    start, wanted = spoken(sound)
    end = min(len(sound.samples), wanted)
    behind = np.zeros(wanted - end, sound.samples.dtype)
    return Sound(np.concatenate([sound.samples[start:end], behind]), sound.rate)


def spoken(sound: Sound) -> tuple[int, int]:
    """The samples (from, to) that `speech` keeps; `to` may lie behind the end.

    Raises:
        ValueError: it is silent.
    """
    smooth = np.convolve(loudness(sound), np.ones(5) / 5, "same")
    most, floor = float(smooth.max()), 3 * float(np.percentile(smooth, 10))
    if most < QUIET:
        raise ValueError(
            "The recording is too quiet: come closer to the microphone, and try again."
        )
    loud = smooth > max(0.08 * most, min(floor, 0.4 * most))
    above = np.flatnonzero(loud | _faint_words(smooth > max(0.02 * most, floor), loud))
    step, room = max(1, sound.rate // 50), round(MARGIN_SECONDS * sound.rate)
    return max(0, int(above[0]) * step - room), (int(above[-1]) + 1) * step + room


def _faint_words(faint: NDArray[np.bool_], loud: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Runs of fainter moments that are as long as a word, and no mere end of a loud one."""
    words = np.zeros_like(faint)
    edges = np.flatnonzero(np.diff(np.pad(faint, 1).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        words[start:end] = end - start >= WORD and not loud[start:end].any()
    return words
