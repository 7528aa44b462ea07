"""Importance: what the model loses when one head is silenced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ....run.edits import Edits
from ....run.trace import KINDS
from ...interventions.loss import Targets
from .base import Metric, Sample, Sums

if TYPE_CHECKING:
    from ....run.runner import Model


def _sums(model: Model | None, samples: Sequence[Sample], kind: str) -> Sums:
    if model is None:
        raise ValueError("Importance runs the model again: use `batch(model, samples, kind)`.")
    pairs = Targets(model, [(one.trace.src, one.trace.tgt_out.ids) for one in samples])
    whole = pairs.loss()
    shape = model.config.n_layers(kind), model.config.n_heads
    total = np.zeros(shape)
    for layer, head in np.ndindex(shape):
        total[layer, head] = pairs.loss(Edits(ablate=frozenset({(kind, layer, head)}))) - whole
    return Sums(total, np.full(shape, float(pairs.n_tokens)))


IMPORTANCE = Metric(
    slug="importance",
    title="importance (Δ loss without it)",
    heading="Δ loss",
    definition="Rise of the mean loss, −ln p for each token that the whole model wrote, when the "
    "head's output z is set to zero. Below 0: the model is surer of its answer without the head.",
    low=None,
    high=None,
    unit="nats per token",
    source="Michel et al. 2019, section 3.2",
    kinds=KINDS,
    batch=_sums,
    needs_model=True,
)
