"""Each head's worth for right answers: the loss on references, and the quality of the outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from ...network.config import KINDS
from ...run.arrays import Array
from ...run.edits import Edits
from ...run.runner import Model
from ..heads.metrics.ablating import REFERENCE_LOSS, rises
from ..heads.metrics.base import total
from ..heads.metrics.quality import QUALITY_DROP
from .evalset import EvalSet
from .quality import drop

Grids = Mapping[tuple[str, str], Array]
"""By (slug of a metric, kind of attention), [L, H]."""


@dataclass(frozen=True)
class Worth:
    """Metrics of heads on right answers, and their standard errors over sentences."""

    values: Grids = field(default_factory=dict)
    errors: Grids = field(default_factory=dict)

    def plus(self, other: Worth) -> Worth:
        """All grids of both; those of `other` where both have one."""
        return Worth({**self.values, **other.values}, {**self.errors, **other.errors})


def n_steps(model: Model, *, quality: bool) -> int:
    """How often `on_references` yields."""
    heads = sum(model.config.n_layers(kind) * model.config.heads(kind) for kind in KINDS)
    return len(KINDS) + heads * quality


def on_references(model: Model, known: EvalSet, *, quality: bool) -> Iterator[Worth]:
    """Δ loss on the right answers and, on request, Δ quality of what is decoded, head by head.

    Args:
        quality: decode all sources once for each head.

    Yields:
        what is known so far; the last one is whole.
    """
    found = Worth()
    for kind in KINDS:
        found = found.plus(loss_without(model, known, kind))
        yield found
    for kind in KINDS if quality else ():
        for part in quality_without(model, known, kind):
            yield found.plus(part)
        found = found.plus(part)


def loss_without(model: Model, known: EvalSet, kind: str) -> Worth:
    """Δ loss on the right answers, for the heads of one kind."""
    sums, key = total(rises(model, known.targets, kind)), (REFERENCE_LOSS.slug, kind)
    return Worth({key: sums.value}, {key: sums.standard_error})


def quality_without(model: Model, known: EvalSet, kind: str) -> Iterator[Worth]:
    """Δ quality for the heads of one kind, one after the other: NaN for those to come."""
    shape = model.config.n_layers(kind), model.config.heads(kind)
    whole = known.quality.counts(model.translate(known.sources))
    values, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    key = (QUALITY_DROP.slug, kind)
    for layer, head in np.ndindex(shape):
        edits = Edits(ablate=frozenset({(kind, layer, head)}))
        without = known.quality.counts(model.translate(known.sources, edits=edits))
        values[layer, head], errors[layer, head] = drop(known.quality, whole, without)
        yield Worth({key: values.copy()}, {key: errors.copy()})
