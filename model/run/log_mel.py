"""Sound to log-mel energies: how loud each band of pitch is, every few milliseconds.

Letters in shapes: B batch, n samples, T frames, F bins of the Fourier transform, M mel bands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class LogMel:
    """How a sound becomes frames.

    Args:
        rate: samples a second.
        n_fft, hop: samples of a window, and between two windows.
        n_mels: bands, from 0 Hz to half of the rate.
        range: powers of ten below the loudest that are told apart.
    """

    rate: int = 8_000
    n_fft: int = 256
    hop: int = 80
    n_mels: int = 40
    range: float = 6.0

    @property
    def seconds(self) -> float:
        """Time between two frames."""
        return self.hop / self.rate


def mel_to_hz(mel: np.ndarray) -> np.ndarray:
    """Slaney's scale (Auditory Toolbox, 1998): linear up to 1 kHz (mel 15), logarithmic above."""
    above = 1_000 * np.exp((mel - 15) * math.log(6.4) / 27)
    return np.where(mel < 15, mel * 200 / 3, above)


def mel_edges(shape: LogMel) -> np.ndarray:
    """[M + 2] Hz: band i rises from edge i, is full at edge i + 1 and ends at edge i + 2."""
    top = 15 + 27 * math.log(shape.rate / 2 / 1_000) / math.log(6.4)
    return mel_to_hz(np.linspace(0, top, shape.n_mels + 2))


@cache
def mel_filters(shape: LogMel) -> Tensor:
    """[M, F]: triangles of equal area, Slaney's normalisation."""
    edges = mel_edges(shape)
    hertz = np.linspace(0, shape.rate / 2, shape.n_fft // 2 + 1)
    rise = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    area = (2 / (edges[2:] - edges[:-2]))[:, None]
    return torch.from_numpy(np.maximum(0, np.minimum(rise, fall)) * area).float()


def power(samples: Tensor, shape: LogMel) -> Tensor:
    """Samples [.., n] -> power spectra [.., F, T], one frame each `hop` samples."""
    window = torch.hann_window(shape.n_fft)
    spectra = torch.stft(
        samples, shape.n_fft, shape.hop, window=window, return_complex=True, pad_mode="constant"
    )
    return spectra.real**2 + spectra.imag**2


def log_mel(samples: Tensor, shape: LogMel) -> Tensor:
    """Samples [n] in [-1, 1] -> [M, T] in [0, 1]; the loudest is 1, however loud that was."""
    return normal(mel_filters(shape) @ power(samples, shape), shape)


def normal(mel: Tensor, shape: LogMel) -> Tensor:
    """Energies [M, T] -> their logarithm, from 0 (`range` powers of ten below) to 1 (loudest)."""
    log = mel.clamp_min(1e-12).log10()
    return ((log - log.max()) / shape.range + 1).clamp_min(0)
