"""Sounds as from another throat and another microphone, while they become log-mel frames.

A few people say all that there is to learn from: unvaried, a model learns how these few speak.
Varied too much, one word comes to sound like another, and a model mistakes a stranger's.

Letters in shapes: n samples, F bins, T frames, M mel bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import Tensor

from ...run.arrays import Array
from ...run.log_mel import LogMel, mel_filters, normal, power

DECIBEL = 0.1
"""In powers of ten of an energy."""

PITCHED = 24
"""Samples: what comes again sooner shapes a sound (the throat), later is its pitch (333 Hz)."""


def varied_columns(
    rows: Sequence[Array], shape: LogMel, random: np.random.Generator
) -> list[tuple[Tensor, Array]]:
    """Log-mel frames [M, T] of each row, varied in voice, tempo and microphone, with masks; and
    [T] the moment of the row, in seconds, that each frame is of.
    """
    twice = replace(shape, hop=shape.hop // 2)
    found = []
    for samples in rows:
        heard = power(torch.tensor(samples), twice)
        at = other_tempo(heard.size(1), random)
        heard = heard[:, at]
        if random.random() < 0.8:
            heard = other_voice(heard, shape, random)
        bands = mel_filters(shape) @ heard
        colour = other_microphone(shape.n_mels, random)
        frames = normal(bands * 10 ** (DECIBEL * torch.from_numpy(colour).float()), shape)
        mask(frames, random)
        found.append((frames, at * twice.hop / shape.rate))
    return found


def other_tempo(n: int, random: np.random.Generator) -> Array:
    """[T] which of `n` moments, two a frame, to take: now faster, now slower, and in their order.

    Every second one would leave the tempo as it was.
    """
    rate = random.uniform(-0.3, 0.3) + wave(n, 12, 0.2, random)
    at = np.cumsum(2 * np.exp(np.clip(rate, -0.69, 0.69))) - 1
    return at[at < n].astype(np.int64)


def other_voice(heard: Tensor, shape: LogMel, random: np.random.Generator) -> Tensor:
    """Power spectra [F, T] with formants and pitch moved, each by itself, or harmonics fainter.

    A shorter or longer throat moves all formants together (Jaitly & Hinton 2013).
    """
    n = shape.n_fft // 2 + 1
    throat = random.uniform(-0.1, 0.1) + wave(n, 24, 0.03, random)
    pitch = np.full(n, random.uniform(-0.2, 0.2))
    strong = random.uniform(0, 1) if random.random() < 0.25 else 1.0
    return moved(heard, throat, pitch, strong)


def moved(heard: Tensor, throat: Array, pitch: Array, strong: float = 1.0) -> Tensor:
    """Power spectra [F, T] whose shape and whose harmonics are stretched along frequency.

    The logarithm of a spectrum is split by its cepstrum into a smooth shape, the throat's, and the
    fine structure that the pitch makes (Noll 1967).

    Args:
        throat, pitch: [F] natural logarithms of how much higher all is that comes to each bin.
        strong: share of the harmonics' decibels that is left.
    """
    smooth, fine = split(len(heard))
    logarithm = stretched(smooth, throat) + strong * stretched(fine, pitch)
    return torch.exp(logarithm @ torch.log(heard + 1e-12))


@cache
def split(n: int) -> tuple[Tensor, Tensor]:
    """[F, F] twice: what makes a log spectrum of `n` bins smooth, and what leaves the rest."""
    quefrency = np.minimum(around := np.arange(2 * n - 2), 2 * n - 2 - around)
    keep = np.clip((PITCHED + 4 - quefrency) / 8, 0, 1)
    mirrored = np.eye(n)[quefrency]
    smooth = np.fft.ifft(keep[:, None] * np.fft.fft(mirrored, axis=0), axis=0).real[:n]
    return torch.from_numpy(smooth).float(), torch.from_numpy(np.eye(n) - smooth).float()


def stretched(rows: Tensor, by: Array) -> Tensor:
    """Rows [F, ..] with row i from where i / exp(by[i]) was, between two rows in proportion."""
    at = np.clip(np.arange(len(rows)) / np.exp(by), 0, len(rows) - 1)
    low = np.minimum(at.astype(np.int64), len(rows) - 2)
    share = torch.from_numpy(at - low).float()[:, None]
    return torch.lerp(rows[low], rows[low + 1], share)


def other_microphone(n_mels: int, random: np.random.Generator) -> Array:
    """[M, 1] decibels: a tilt, and a curve through all bands."""
    tilt = np.linspace(-1, 1, n_mels) * random.uniform(-4, 4)
    colour: Array = tilt + wave(n_mels, 6, 1.5, random)
    return colour[:, None]


def mask(frames: Tensor, random: np.random.Generator) -> None:
    """Leave out bands and moments of [M, T] (SpecAugment, Park et al. 2019)."""
    for _ in range(2):
        if random.random() < 0.5:
            low, wide = int(random.integers(0, len(frames) - 6)), int(random.integers(1, 8))
            frames[low : low + wide] = 0.0
    for _ in range(1 + frames.size(1) // 150):
        if random.random() < 0.5:
            start, long = int(random.integers(0, frames.size(1))), int(random.integers(1, 9))
            frames[:, start : start + long] = 0.0


def wave(n: int, every: int, spread: float, random: np.random.Generator) -> Array:
    """[n] a curve through normal numbers of this spread, one `every` so many places."""
    knots = random.normal(0, spread, 2 + n // every)
    drawn: Array = np.interp(np.arange(n) / every + random.random(), np.arange(len(knots)), knots)
    return drawn
