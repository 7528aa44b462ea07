"""Alignment error rate: how far a head's strongest links are from the true alignment."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...alignment.error import by_source_word, chance_errors, diagonal_errors, errors
from .base import Metric, Sample, Sums, each, patterns


def _sums(shift: int, of_layer: bool, sample: Sample, kind: str) -> Sums:
    weights, alignment = patterns(sample.trace, kind), sample.alignment
    if of_layer:
        weights = weights.mean(1, keepdims=True)
    nothing = np.zeros(weights.shape[:2])
    if alignment is None:
        return Sums(nothing, nothing)
    missed, count = errors(by_source_word(weights, alignment), alignment, shift)
    return Sums(missed, np.full(weights.shape[:2], count))


def _without_model(sample: Sample, kind: str) -> Sums:
    """Words linked at random, and every word to the one as far along its sentence."""
    if sample.alignment is None:
        return Sums(np.zeros((1, 2)), np.zeros((1, 2)))
    found = np.array([chance_errors(sample.alignment), diagonal_errors(sample.alignment)])
    return Sums(found[None, :, 0], found[None, :, 1])


_DEFINITION = (
    "1 − (|A∩S| + |A∩P|) / (|A| + |S|) over the whole corpus. A links every target word to the "
    "word, or to the position of a picture or a sound, with the most weight in the row that {row} "
    "it (sub-words merged by the mean, of source columns and of target rows); S and P are the sure "
    "and possible links of the true alignment. Of a task's answer only the right tokens count: a "
    "wrong one has no true source."
)


def _metric(slug: str, title: str, heading: str, row: str, shift: int, source: str) -> Metric:
    return Metric(
        slug=slug,
        title=title,
        heading=heading,
        group="alignment",
        definition=_DEFINITION.format(row=row),
        low=0.0,
        high=1.0,
        unit="",
        source=source,
        kinds=("cross",),
        batch=each(partial(_sums, shift, False)),
        of_layer=each(partial(_sums, shift, True)),
        without_model=each(_without_model),
        wants="alignment",
    )


AER = _metric(
    "aer",
    "alignment error rate (row that writes)",
    "AER",
    "writes",
    0,
    "Och & Ney 2003",
)
AER_SHIFTED = _metric(
    "aer_shifted",
    "alignment error rate (row that reads)",
    "AER read",
    "reads",
    1,
    "Och & Ney 2003; Chen et al. 2020, figure 1 (Shift-Att: the word as decoder input)",
)
