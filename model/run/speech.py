"""Sound for a Whisper: a window of log-mel frames, and its positions named by their seconds.

Letters in shapes: n samples, M mel bands, T frames.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

from ..network.front_shapes import MelShape
from .log_mel import LogMel, mel_filters
from .sounds import at_rate
from .sources import Sound
from .tokens import Tokens

FRAMES_A_POSITION = 2
"""The second convolution halves the number of frames."""
FINE, COARSE, LONG = 0.1, 0.2, 10.0
"""Seconds that are shown as one: fine, or coarse for a sound of more than `LONG` seconds."""


def settings(shape: MelShape) -> LogMel:
    """16,000 samples a second, 25 ms of them every 10 ms (Radford et al. 2022, section 2.2)."""
    return LogMel(rate=16_000, n_fft=400, hop=160, n_mels=shape.n_mels, range=8.0)


def seconds_of(shape: MelShape) -> float:
    """How long the window is that is always read; 30 seconds in OpenAI's models."""
    return shape.frames * settings(shape).seconds


def window(sound: Sound, shape: MelShape) -> Tensor:
    """[M, T] of the whole window: the sound, then silence; the numbers of the reference.

    Energies are told apart down to 8 powers of ten below the loudest (the authors' `audio.py`).

    Raises:
        ValueError: it is longer than the window, or silent.
    """
    _check(sound, shape)
    how = settings(shape)
    samples = torch.from_numpy(at_rate(sound, how.rate))[: shape.frames * how.hop]
    samples = F.pad(samples, (0, shape.frames * how.hop - len(samples)))
    spectra = torch.stft(
        samples, how.n_fft, how.hop, window=torch.hann_window(how.n_fft), return_complex=True
    )
    energies = mel_filters(how) @ (spectra[:, :-1].abs() ** 2).contiguous()
    log = energies.clamp_min(1e-10).log10()
    return (torch.maximum(log, log.max() - how.range) + 4) / 4


def _check(sound: Sound, shape: MelShape) -> None:
    if sound.seconds > seconds_of(shape):
        raise ValueError(
            f"The sound lasts {sound.seconds:.1f} seconds; this model hears at most "
            f"{seconds_of(shape):g}. Cut it."
        )
    if not sound.samples.any():
        raise ValueError("The sound is silent: there is nothing to hear.")


def read_speech(sound: Sound, shape: MelShape) -> Tokens:
    """One "token" for each position of the window, a fiftieth of a second each.

    A word of these tokens is what a picture shows as one column. The silence behind the sound is
    read as well; its positions count as control tokens.

    Raises:
        ValueError: as `window`.
    """
    _check(sound, shape)
    step = FRAMES_A_POSITION * settings(shape).seconds
    n = shape.frames // FRAMES_A_POSITION
    starts = [round(at * step, 2) for at in range(n + 1)]
    silent = [start >= sound.seconds for start in starts[:-1]]
    width = round((FINE if sound.seconds <= LONG else COARSE) / step)
    text = f"sound of {sound.seconds:.2f} seconds"
    return Tokens(
        text=text,
        ids=(0,) * n,
        pieces=tuple(f"{start:.2f} s" for start in starts[:-1]),
        spans=((len(text), len(text)),) * n,
        words=tuple(-1 if after else at // width for at, after in enumerate(silent)),
        special=tuple(silent),
        source=sound,
        places=tuple(pairwise(starts)),
        n_mels=shape.n_mels,
    )
