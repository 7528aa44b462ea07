"""Alignment error rate: how far a head's strongest links are from the true alignment.

AER = 1 − (|A ∩ S| + |A ∩ P|) / (|A| + |S|) (Och & Ney 2003), where A are the head's
links, S the sure and P ⊇ S the possible true ones. Every target word is linked to the source word
with the most weight. The row of a target word is the one that writes it, or, shifted by one, the
one that reads it (Chen et al. 2020, section 3: the second is better).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from ....run.trace import Array
from ...alignment.links import Alignment
from .base import Metric, Sample, Sums, each, patterns


def _sums(shift: int, sample: Sample, kind: str) -> Sums:
    weights, alignment = patterns(sample.trace, kind), sample.alignment
    nothing = np.zeros(weights.shape[:2])
    if alignment is None:
        return Sums(nothing, nothing)
    strongest, targets = links(weights, alignment, shift)  # [L, H, n], [n]
    if not len(targets):
        return Sums(nothing, nothing)
    sure, possible = alignment.matrices()
    hits = sure[targets, strongest].sum(-1) + possible[targets, strongest].sum(-1)
    count = float(len(targets) + len(alignment.sure))
    return Sums(count - hits, np.full(weights.shape[:2], count))


def links(weights: Array, alignment: Alignment, shift: int) -> tuple[Array, Array]:
    """The strongest source word of each target word.

    Args:
        weights: [L, H, T, S] cross-attention weights.
        shift: 0 takes the row that writes a token, 1 the row that reads it.

    Returns:
        source words [L, H, n] and target words [n]; a word none of whose rows exist is left out.
    """
    n_rows = weights.shape[2]
    sources = np.stack(
        [weights[..., list(group)].sum(-1) for group in alignment.sources], axis=-1
    )  # [L, H, T, source words]
    rows, targets = [], []
    for word, group in enumerate(alignment.targets):
        there = [token + shift for token in group if token + shift < n_rows]
        if there:
            rows.append(sources[:, :, there].mean(2))
            targets.append(word)
    if not rows:
        return np.zeros((*weights.shape[:2], 0), dtype=int), np.zeros(0, dtype=int)
    return np.stack(rows, axis=2).argmax(-1), np.array(targets)


_DEFINITION = (
    "1 − (|A∩S| + |A∩P|) / (|A| + |S|) over the whole corpus. A links every target word to the "
    "source word with the most weight in the row that {row} it (sub-words merged: source weights "
    "summed, target rows averaged); S and P are the sure and possible links of the true alignment. "
    "Of a task's answer only the right tokens count: a wrong one has no true source."
)


def _measure(slug: str, title: str, heading: str, row: str, shift: int, source: str) -> Metric:
    return Metric(
        slug=slug,
        title=title,
        heading=heading,
        definition=_DEFINITION.format(row=row),
        low=0.0,
        high=1.0,
        unit="",
        source=source,
        kinds=("cross",),
        batch=each(partial(_sums, shift)),
    )


AER = _measure(
    "aer", "alignment error rate (row that writes)", "AER", "writes", 0, "Och & Ney 2003"
)
AER_SHIFTED = _measure(
    "aer_shifted",
    "alignment error rate (row that reads)",
    "AER read",
    "reads",
    1,
    "Och & Ney 2003; Chen et al. 2020, section 3 (shift)",
)
