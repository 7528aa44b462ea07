"""Noise as the second run: the same source with some of its positions made unreadable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...run.edits import Edits
from ...run.runner import Model
from ...run.trace import Trace
from .. import weights
from .same_tokens import same_tokens

SCALE = 3.0
"""Standard deviations of the embeddings (Meng et al. 2022, section 2.1)."""


def noise(
    model: Model, trace: Trace, positions: Sequence[int], *, scale: float = SCALE, seed: int = 0
) -> Edits:
    """Gaussian noise added to what the encoder reads at some positions.

    Args:
        positions: source positions that get noise.
        scale: its standard deviation, in those of the embeddings as the encoder reads them; where
            no text is read, in those of what this trace's encoder read.

    Raises:
        ValueError: no positions, or one that the source does not have; or a trace of another model.
    """
    model.check_trace(trace)
    if not positions or not set(positions) <= set(range(len(trace.src))):
        raise ValueError(
            f"Noise needs positions of the source, 0 to {len(trace.src) - 1}, not {positions!r}."
        )
    spread = scale * _spread(model, trace)
    numbers = np.random.default_rng(seed).normal(size=(len(positions), model.config.d_model))
    return Edits(
        steer=[
            ("encoder", 0, position, spread, direction)
            for position, direction in zip(positions, numbers, strict=True)
        ]
    )


def noised(
    model: Model, trace: Trace, positions: Sequence[int], *, scale: float = SCALE, seed: int = 0
) -> Trace:
    """The same source and target under `noise`.

    Raises:
        ValueError: as `noise`.
    """
    edits = trace.edits | noise(model, trace, positions, scale=scale, seed=seed)
    return model.run(trace.source, strategy=same_tokens(trace), edits=edits)


def _spread(model: Model, trace: Trace) -> float:
    """The standard deviation of what the encoder's first layer is given, without positions."""
    if model.reads != "text":
        return float(trace.encoder.embed.std())
    return float(weights.embedding(model, "encoder").std()) * weights.embed_scale(model)
