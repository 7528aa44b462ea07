"""Rows of spoken digits, put together and varied: pauses, speed, loudness, ends, room, noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...run.arrays import Array

MAX_SECONDS = 8.0

Row = tuple[Array, tuple[tuple[float, float], ...]]
"""float32 samples, and the seconds (start, end) where each digit is spoken."""


def join(
    recordings: Sequence[Array],
    rate: int,
    random: np.random.Generator,
    spread: float = 1.0,
    bare: float = 0.0,
) -> Row:
    """Recordings one after the other, each a little louder or faster.

    Args:
        spread: how much speeds and loudnesses differ, as a share of what training uses.
        bare: chance that nothing is heard before the first word, or after the last.
    """
    tempo = float(np.exp(random.uniform(-0.22, 0.22) * spread))
    typical = random.uniform(0, 0.12) if random.random() < 0.5 else random.uniform(0.05, 0.45)
    pieces, spans = [np.zeros(int(_edge(random, bare) * rate), np.float32)], []
    at = len(pieces[0])
    for i, recording in enumerate(recordings):
        speed = tempo * float(np.exp(random.normal(0, 0.04) * spread))
        n = round(len(recording) / speed)
        piece = np.interp(np.arange(n) * speed, np.arange(len(recording)), recording)
        loud = 0.1 / max(1e-4, float(np.sqrt(np.mean(piece**2))))
        pieces.append(
            (piece * loud * 10 ** (random.normal(0, 3.0 * spread) / 20)).astype(np.float32)
        )
        spans.append((at / rate, (at + n) / rate))
        last = i == len(recordings) - 1
        room = max(0, int(MAX_SECONDS * rate) - at - n)
        rest = _edge(random, bare) if last else max(0.0, random.normal(typical, typical / 3))
        pieces.append(np.zeros(min(int(rest * rate), room), np.float32))
        at += n + len(pieces[-1])
    return np.concatenate(pieces), tuple(spans)


def cut(
    recording: Array, rate: int, random: np.random.Generator, gate: float | None = None
) -> Array:
    """A word of which one end, both or neither is lost up to where it becomes loud.

    So are the f of many a “five” and the s of many a “six” in recordings that were cut to the word,
    and of many a “three” all but its vowel.

    Args:
        gate: both ends are lost where they are this many decibels below the loudest, or about that.
    """
    step = rate // 100
    steps = recording[: len(recording) // step * step].reshape(-1, step)
    loud = 10 * np.log10((steps**2).mean(1) + 1e-10)
    ends = []
    for decibels in (loud, loud[::-1]):
        below = random.uniform(2, 40) if gate is None else gate + random.uniform(-2, 2)
        lost = int(np.argmax(decibels > loud.max() - below))
        whole = gate is None and random.random() >= 0.5
        ends.append(0 if whole else step * min(lost, int(0.45 * len(loud))))
    return recording[ends[0] : len(recording) - ends[1]]


def _edge(random: np.random.Generator, bare: float) -> float:
    """Seconds of silence at one end of a row."""
    return 0.0 if bare and random.random() < bare else float(random.uniform(0, 0.35))


def room_and_noise(
    samples: Array, random: np.random.Generator, rate: int, nearest: float = 8.0
) -> Array:
    """An echo that fades (four rows in ten), and noise of a random colour.

    Args:
        nearest: the loudest noise is so many decibels below the voice; the faintest 45.
    """
    n, reach = len(samples), int(0.35 * rate)
    size = 1 << (n + reach - 1).bit_length()  # other lengths take many times as long
    level = float(np.sqrt(np.mean(samples**2)))
    spectrum = np.fft.rfft(samples, size)
    if random.random() < 0.4:
        length = int(random.uniform(0.08, 0.35) * rate)
        tail = random.standard_normal(length, np.float32)
        tail *= np.exp(np.linspace(0, -6.9, length, dtype=np.float32))  # 60 dB down at its end
        tail *= random.uniform(0.1, 0.7) / np.sqrt(np.sum(tail**2))
        tail[0] = 1.0
        spectrum *= np.fft.rfft(tail, size)
    if random.random() < 0.9:
        noise = random.standard_normal((len(spectrum), 2), np.float32).view(np.complex64)[:, 0]
        noise /= np.maximum(np.arange(len(noise)), 20) ** np.float32(random.uniform(0, 1))
        noise[0] = 0
        loud = float(np.sqrt(2 * np.sum(np.abs(noise) ** 2))) / size  # of its samples (Parseval)
        spectrum += noise * np.float32(level * 10 ** (-random.uniform(nearest, 45) / 20) / loud)
    return np.fft.irfft(spectrum, size)[:n].astype(np.float32)
