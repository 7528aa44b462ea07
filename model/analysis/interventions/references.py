"""Each head's worth for right answers: the loss on references, and the quality of the outputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...network.config import KINDS
from ...run.edits import Edits
from ...run.runner import Model
from ..heads.metrics.ablating import REFERENCE_LOSS, rises
from ..heads.metrics.base import Sums, total
from ..heads.metrics.quality import QUALITY_DROP
from ..heads.totals import Totals
from .evalset import EvalSet


def n_steps(model: Model, *, quality: bool) -> int:
    """How often `on_references` yields."""
    heads = sum(model.config.n_layers(kind) * model.config.heads(kind) for kind in KINDS)
    return len(KINDS) + heads * quality


def on_references(model: Model, known: EvalSet, *, quality: bool) -> Iterator[Totals]:
    """Δ loss on the right answers and, on request, Δ quality of what is decoded, head by head.

    Args:
        quality: decode all sources once for each head (Michel et al. 2019, section 3.2).

    Yields:
        partial totals; the last one is whole.
    """
    sums: dict[tuple[str, str], Sums] = {}
    for kind in KINDS:
        sums[REFERENCE_LOSS.slug, kind] = total(rises(model, known.targets, kind))
        yield Totals(sums=dict(sums))
    if not quality:
        return
    whole = known.quality(model.translate(known.sources))
    for kind in KINDS:
        shape = model.config.n_layers(kind), model.config.heads(kind)
        drop, count = np.zeros(shape), np.zeros(shape)
        for layer, head in np.ndindex(shape):
            edits = Edits(ablate=frozenset({(kind, layer, head)}))
            outputs = model.translate(known.sources, edits=edits)
            drop[layer, head], count[layer, head] = whole - known.quality(outputs), 1.0
            sums[QUALITY_DROP.slug, kind] = Sums(drop.copy(), count.copy())
            yield Totals(sums=dict(sums))
