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
            samples = file.read(dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, TypeError) as error:
        raise ValueError(
            "This file cannot be read as a sound. WAV, FLAC, OGG and MP3 are taken."
        ) from error
    if not len(samples):
        raise ValueError("There is nothing to hear: the file holds no samples.")
    return Sound(samples.mean(1), rate)


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
    """The part from the first to the last loud moment, with a fifth of a second on either side.

    Where the recording ends sooner, silence follows.

    Raises:
        ValueError: it is silent.
    """
    loud = loudness(sound)
    smooth = np.convolve(loud, np.ones(5) / 5, "same")
    if smooth.max() < QUIET:
        raise ValueError(
            "The recording is too quiet: come closer to the microphone, and try again."
        )
    floor = float(np.percentile(smooth, 10))
    above = np.flatnonzero(smooth > max(0.08 * smooth.max(), min(3 * floor, 0.4 * smooth.max())))
    step, room = max(1, sound.rate // 50), round(MARGIN_SECONDS * sound.rate)
    start = max(0, int(above[0]) * step - room)
    wanted = (int(above[-1]) + 1) * step + room
    end = min(len(sound.samples), wanted)
    behind = np.zeros(wanted - end, sound.samples.dtype)
    return Sound(np.concatenate([sound.samples[start:end], behind]), sound.rate)
