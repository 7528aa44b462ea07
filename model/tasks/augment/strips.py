"""Strips of handwritten digits, put together and varied: size, slant, thickness, spacing, wobble.

Letters in shapes: N digits of a batch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ...run.arrays import Array

HEIGHT, CANVAS = 28, 44
"""Rows of a strip, and columns of the canvas on which one digit is warped."""

Strip = tuple[Array, tuple[tuple[float, float], ...]]
"""uint8 [28, W], and the columns (start, end) where each digit's ink stands."""


def make_strips(
    images: Array,
    groups: Sequence[Sequence[int]],
    random: np.random.Generator,
    wobble: float = 0.09,
) -> list[Strip]:
    """A strip for each group of numbers of `images` (uint8 [.., 28, 28]), all of them varied.

    Args:
        wobble: most of the elastic distortion, as a share of half of the canvas.
    """
    sizes = [len(group) for group in groups]
    chosen = torch.from_numpy(images[[i for group in groups for i in group]]).float() / 255
    inked = _thicken(_warp(chosen, sizes, random, wobble), sizes, random)
    inked = (inked * _each(sizes, random, 0.75, 1.15, 0.05)[:, None, None]).clamp(0, 1)
    digits, strips, start = (inked * 255).round().byte().numpy(), list[Strip](), 0
    for size in sizes:
        strips.append(_join(digits[start : start + size], random))
        start += size
    return strips


def _each(
    sizes: Sequence[int], random: np.random.Generator, low: float, high: float, spread: float
) -> Tensor:
    """[N]: a number drawn for each strip in [low, high], and a little different for each digit."""
    shared = np.repeat(random.uniform(low, high, len(sizes)), sizes)
    return torch.from_numpy(shared + random.normal(0, spread, sum(sizes))).float()


def _warp(
    digits: Tensor, sizes: Sequence[int], random: np.random.Generator, wobble: float
) -> Tensor:
    """Size, slant, turn and an elastic wobble (Simard et al. 2003): [N, 28, 28] -> [N, 28, 44]."""
    n = len(digits)
    wide, high = (1 / _each(sizes, random, 0.75, most, 0.07) for most in (1.15, 1.25))
    slant, turn = _each(sizes, random, -0.3, 0.3, 0.08), _each(sizes, random, -0.08, 0.08, 0.1)
    ratio = CANVAS / HEIGHT
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = wide * turn.cos() * ratio, slant - turn.sin()
    theta[:, 1, 0], theta[:, 1, 1] = turn.sin() * ratio, high * turn.cos()
    grid = F.affine_grid(theta, [n, 1, HEIGHT, CANVAS], align_corners=False)
    strength = torch.from_numpy(np.repeat(random.uniform(0, wobble, len(sizes)), sizes)).float()
    knots = torch.from_numpy(random.normal(0, 1, (n, 2, 5, 7))).float()
    moved = F.interpolate(knots, (HEIGHT, CANVAS), mode="bicubic", align_corners=True)
    grid = grid + (moved * strength[:, None, None, None]).permute(0, 2, 3, 1)
    return F.grid_sample(digits[:, None], grid, align_corners=False)[:, 0]


def _thicken(digits: Tensor, sizes: Sequence[int], random: np.random.Generator) -> Tensor:
    """Thicker (towards the brightest neighbour) or thinner (towards the darkest) strokes."""
    amount = _each(sizes, random, -0.45, 0.95, 0.1).clamp(-0.55, 1)[:, None, None]
    thick = F.max_pool2d(digits[:, None], 3, 1, 1)[:, 0]
    thin = -F.max_pool2d(-digits[:, None], 3, 1, 1)[:, 0]
    return digits + amount.clamp(min=0) * (thick - digits) + amount.clamp(max=0) * (digits - thin)


def _join(digits: Array, random: np.random.Generator) -> Strip:
    """Digits [n, 28, 44] in a row, each a little higher or lower, with gaps between their ink."""
    typical = random.uniform(0, 12) if random.random() < 0.85 else random.uniform(8, 28)
    unrest, drift = random.uniform(0, 3), random.uniform(0, 2)
    pieces, spans, at = list[tuple[int, Array]](), list[tuple[float, float]](), 0
    at = int(random.integers(0, 16))
    for digit in digits:
        columns, rows = np.flatnonzero((digit > 40).any(0)), np.flatnonzero((digit > 40).any(1))
        left, right = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (12, 32)
        shift = round(float(random.normal(0, drift)))
        if len(rows):
            shift = min(max(shift, -int(rows[0])), HEIGHT - 1 - int(rows[-1]))
        inside = digit[:, max(left - 1, 0) : right + 1]
        start = max(at - (left - max(left - 1, 0)), 0)
        pieces.append((start, np.roll(inside, shift, axis=0)))
        spans.append((float(at), float(at + right - left)))
        at += right - left + max(-2, round(float(random.normal(typical, unrest))))
    end = round(spans[-1][1]) + int(random.integers(0, 16))
    width = max(end, *(start + piece.shape[1] for start, piece in pieces))
    strip = np.zeros((HEIGHT, width), np.uint8)
    for start, piece in pieces:
        part = strip[:, start : start + piece.shape[1]]
        np.maximum(part, piece, out=part)
    if random.random() < 0.3:  # a scan is never quite clean
        noise = random.normal(0, random.uniform(2, 14), strip.shape)
        strip = np.clip(strip + noise, 0, 255).astype(np.uint8)
    return strip, tuple(spans)
