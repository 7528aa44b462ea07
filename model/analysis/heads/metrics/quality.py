"""What one head is worth in the task's own score: Δ BLEU, or Δ exact answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....network.config import KINDS
from .base import Metric, Sample, Sums

if TYPE_CHECKING:
    from ....run.runner import Model


def _not_summed(model: Model | None, samples: Sequence[Sample], kind: str) -> list[Sums]:
    """Corpus BLEU is no sum over sentences: `interventions.references` fills this column."""
    return []


QUALITY_DROP = Metric(
    slug="quality_drop",
    title="drop of quality without it",
    heading="Δ quality",
    group="what is lost without it",
    definition="Quality of the decoded outputs of the whole model minus that with the head's "
    "output z set to zero: corpus BLEU for translations, the share of exact answers (0 to 1) for "
    "tasks with one right answer. Above 0: the head makes outputs better. The standard error is "
    "that of a paired bootstrap over sentences (Koehn 2004).",
    low=None,
    high=None,
    unit="",
    source="Michel et al. 2019, section 3.2",
    kinds=KINDS,
    batch=_not_summed,
    needs_model=True,
    wants="reference",
)
