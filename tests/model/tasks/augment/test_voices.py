"""Other voices: pitch and formants move apart, tempo varies in order, and words stay where said."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from headlight.model.run.log_mel import LogMel, log_mel, power
from headlight.model.tasks.augment.voices import (
    moved,
    other_microphone,
    other_tempo,
    varied_columns,
    wave,
)

SHAPE = LogMel()
BIN = SHAPE.rate / SHAPE.n_fft
STAY = np.zeros(SHAPE.n_fft // 2 + 1)


def vowel(pitch: float = 200, formant: float = 1_200) -> torch.Tensor:
    """[F, T]: half a second of harmonics, loudest at a formant."""
    seconds = np.arange(SHAPE.rate // 2) / SHAPE.rate
    hertz = np.arange(pitch, SHAPE.rate / 2, pitch)
    loud = np.exp(-(((hertz - formant) / 300) ** 2)) + 0.01
    samples = (loud[:, None] * np.sin(2 * np.pi * hertz[:, None] * seconds)).sum(0)
    return power(torch.tensor(samples).float(), SHAPE)


def pitch_and_formant(heard: torch.Tensor) -> tuple[float, float]:
    """Hertz between two harmonics, and of the middle of all energy."""
    column = heard[:, heard.size(1) // 2].double().numpy()
    again = 28 + int(np.fft.irfft(np.log(column))[28:100].argmax())
    return SHAPE.rate / again, float(column @ np.arange(len(column)) / column.sum() * BIN)


def test_nothing_moves_where_nothing_is_to_move() -> None:
    heard = vowel()
    torch.testing.assert_close(moved(heard, STAY, STAY), heard, rtol=2e-3, atol=1e-6)


def test_pitch_moves_without_the_formant_and_the_formant_without_the_pitch() -> None:
    still, quarter = STAY, STAY + np.log(1.25)
    for throat, pitch, expected in (
        (still, still, (200, 1_200)),
        (still, quarter, (250, 1_200)),
        (quarter, still, (200, 1_500)),
    ):
        found = pitch_and_formant(moved(vowel(), throat, pitch))
        assert found == pytest.approx(expected, rel=0.05)


def test_harmonics_can_be_taken_away() -> None:
    column = vowel().size(1) // 2
    rough = [
        torch.log(one[5:80, column]).diff().abs().mean().item()
        for one in (vowel(), moved(vowel(), STAY, STAY, 0.0))
    ]
    assert rough[1] < 0.3 * rough[0]


def test_moments_stay_in_order_at_half_to_twice_the_tempo() -> None:
    random = np.random.default_rng(0)
    drawn = [other_tempo(600, random) for _ in range(200)]
    for at in drawn:
        assert at[0] >= 0
        assert at[-1] < 600
        assert (np.diff(at) >= 1).all()
        assert (np.diff(at) <= 4).all()
    lengths = [len(at) for at in drawn]
    assert min(lengths) < 250
    assert max(lengths) > 360
    assert np.mean(lengths) == pytest.approx(300, rel=0.05)


def test_a_curve_has_the_spread_that_was_asked_for() -> None:
    random = np.random.default_rng(0)
    at_knots = [wave(50, 10, 3.0, random) for _ in range(500)]
    assert np.std(at_knots) == pytest.approx(3 * (2 / 3) ** 0.5, rel=0.05)  # between two: averaged


def test_microphones_differ_by_decibels_not_by_everything() -> None:
    random = np.random.default_rng(0)
    edges = [other_microphone(40, random)[[0, -1], 0] for _ in range(500)]
    assert 2 < np.std(edges) < 3.5  # a tilt of 4 at most, and a curve of 1.5


def test_varied_frames_are_like_a_sounds_own() -> None:
    random = np.random.default_rng(0)
    samples = np.sin(np.arange(8_000) ** 1.4 / 40).astype(np.float32)
    own = log_mel(torch.tensor(samples), SHAPE)
    for frames, seconds in varied_columns([samples] * 20, SHAPE, random):
        assert len(seconds) == frames.size(1)
        assert (np.diff(seconds) > 0).all()
        assert frames.shape[0] == SHAPE.n_mels
        assert 0.5 * own.size(1) < frames.size(1) < 2 * own.size(1)
        assert frames.min() >= 0
        assert frames.max() <= 1
