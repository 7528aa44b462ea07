"""Words for training: ends are cut where a word is faint, never where it is loud."""

from __future__ import annotations

import numpy as np

from headlight.model.tasks.augment.recordings import cut

RATE = 8_000
FAINT, LOUD = 0.03, 1.0
"""30 dB apart."""


def word() -> np.ndarray:
    """0.1 s faint, 0.3 s loud, 0.15 s faint."""
    loudness = np.repeat([FAINT, LOUD, FAINT], [800, 2_400, 1_200])
    return loudness * np.where(np.arange(4_400) % 2, 1.0, -1.0)


def test_a_faint_end_is_lost_whole_or_not_at_all_and_what_is_loud_is_kept() -> None:
    random = np.random.default_rng(0)
    found = [cut(word(), RATE, random) for _ in range(600)]
    begins = [int(np.argmax(np.abs(one) > 0.5)) for one in found]
    ends = [int(np.argmax(np.abs(one[::-1]) > 0.5)) for one in found]
    assert set(begins) == {0, 800}
    assert set(ends) == {0, 1_200}
    assert all((np.abs(one) > 0.5).sum() == 2_400 for one in found)
    # Lost where chance wants it to be (one in two) at a limit above the 30 dB (two in three).
    for lost in (np.array(begins) == 0, np.array(ends) == 0):
        assert 0.27 < lost.mean() < 0.4


def test_less_than_half_is_cut_off_either_end() -> None:
    random = np.random.default_rng(0)
    late = np.concatenate([np.full(3_200, 0.001), np.ones(800)])
    assert min(len(cut(late, RATE, random)) for _ in range(50)) == 4_000 - 1_760  # 22 of 50 steps


def test_a_gate_takes_both_ends_or_none_by_how_loud_they_are() -> None:
    random = np.random.default_rng(0)
    assert all(len(cut(word(), RATE, random, gate=27.0)) == 2_400 for _ in range(50))
    assert all(len(cut(word(), RATE, random, gate=33.0)) == 4_400 for _ in range(50))
    lengths = {len(cut(word(), RATE, random, gate=30.0)) for _ in range(200)}
    assert lengths == {2_400, 3_200, 3_600, 4_400}, "each end a little sooner or later"
