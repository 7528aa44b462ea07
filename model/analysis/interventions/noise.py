"""Noise as the second run: the same sentence with some of its words made unreadable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...run.edits import Edits
from ...run.runner import Model
from ...run.trace import Trace
from .. import weights

SCALE = 3.0
"""Standard deviations of the embeddings (Meng et al. 2022, section 2.1)."""


def noised(
    model: Model, trace: Trace, positions: Sequence[int], *, scale: float = SCALE, seed: int = 0
) -> Trace:
    """The same text and target with Gaussian noise added to what the encoder reads.

    Args:
        positions: source positions that get noise.
        scale: its standard deviation, in those of the embeddings as the encoder reads them.

    Raises:
        ValueError: no positions, or one that the source does not have; or a trace of another model.
    """
    model.check_trace(trace)
    if not positions or not set(positions) <= set(range(len(trace.src))):
        raise ValueError(
            f"Noise needs positions of the source, 0 to {len(trace.src) - 1}, not {positions!r}."
        )
    d_model, scaled = model.config.d_model, model.config.scale_embed
    spread = scale * float(weights.embedding(model).std()) * (d_model**0.5 if scaled else 1.0)
    numbers = np.random.default_rng(seed).normal(size=(len(positions), d_model))
    steer = [
        ("encoder", 0, position, spread, direction)
        for position, direction in zip(positions, numbers, strict=True)
    ]
    edits = trace.edits | Edits(steer=steer)
    return model.teacher_force(trace.source_text, trace.tgt_out.ids, edits=edits)
