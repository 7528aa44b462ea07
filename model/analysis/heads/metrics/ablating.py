"""What changes when one head is silenced: the model's own output, and the right answers.

Both are rises of a loss with one head's output z at zero. The first asks how sensitive the model's
own output is to the head; the second whether right answers get less likely. They are not the same:
a head can sway what is written without making it better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ....network.config import KINDS
from ....run.edits import Edits
from ....run.pace import breathe
from ...interventions.loss import IdPair, Targets
from .base import BatchSums, Metric, Sample, Sums

if TYPE_CHECKING:
    from ....run.runner import Model

GROUP = "what is lost without it"


def _rises(target: Callable[[Sample], Sequence[int] | None], name: str) -> BatchSums:
    def batch(model: Model | None, samples: Sequence[Sample], kind: str) -> list[Sums]:
        if model is None:
            raise ValueError(f"{name} runs the model again: use `batch(model, samples, kind)`.")
        shape = model.config.n_layers(kind), model.config.heads(kind)
        ids = [target(one) for one in samples]
        pairs: list[IdPair] = [
            (one.trace.src, known) for one, known in zip(samples, ids, strict=True) if known
        ]
        found = iter(rises(model, pairs, kind) if pairs else ())
        nothing = Sums(np.zeros(shape), np.zeros(shape))
        return [next(found) if known else nothing for known in ids]

    return batch


def rises(model: Model, pairs: Sequence[IdPair], kind: str) -> list[Sums]:
    """For every pair, Σ over its target tokens of −ln p without each head, less that with all."""
    targets = Targets(model, pairs)
    whole = np.array([scores.sum() for scores in targets.log_probs()])
    shape = model.config.n_layers(kind), model.config.heads(kind)
    change = np.zeros((len(pairs), *shape))
    for layer, head in np.ndindex(shape):
        breathe()
        edits = Edits(ablate=frozenset({(kind, layer, head)}))
        change[:, layer, head] = whole - [s.sum() for s in targets.log_probs(edits)]
    return [
        Sums(one, np.full(shape, float(len(target))))
        for one, (_, target) in zip(change, pairs, strict=True)
    ]


SENSITIVITY = Metric(
    slug="sensitivity",
    title="sensitivity of the model's own output",
    heading="sensit.",
    group=GROUP,
    definition="Rise of the mean loss, −ln p for each token that the whole model wrote, when the "
    "head's output z is set to zero. Below 0: the model is surer of its answer without the head. "
    "It says how much the output depends on the head, not how good the output is.",
    low=None,
    high=None,
    unit="nats per token",
    source="one head at a time as in Michel et al. 2019, section 3.2, where BLEU is measured",
    kinds=KINDS,
    batch=_rises(lambda one: one.trace.tgt_out.ids, "Sensitivity"),
    needs_model=True,
)
REFERENCE_LOSS = Metric(
    slug="reference_loss",
    title="Δ loss on references",
    heading="Δ loss ref.",
    group=GROUP,
    definition="Rise of the mean loss on right answers, −ln p for each token of a reference, when "
    "the head's output z is set to zero. Below 0: right answers get likelier without the head.",
    low=None,
    high=None,
    unit="nats per token",
    source="one head at a time as in Michel et al. 2019, section 3.2, where BLEU is measured",
    kinds=KINDS,
    batch=_rises(lambda one: one.reference, "The loss on references"),
    needs_model=True,
    wants="reference",
)
