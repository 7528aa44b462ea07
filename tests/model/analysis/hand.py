"""Traces whose attention is written down by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from headlight.model import Edits, Model
from headlight.model.decoding import Given, Hypothesis
from headlight.model.run.arrays import Array
from headlight.model.run.trace import Trace
from tests.components.lens.synthetic import build_trace


def written(source: Sequence[str], output: Sequence[str], **patterns: Any) -> Trace:
    """A trace of these words, one token each, with one layer of one head of each kind.

    Args:
        patterns: by kind, [Q, K] weights; kinds not named keep random ones.
    """
    trace = build_trace(list(source), list(output), encoder_layers=1, decoder_layers=1, heads=1)
    attention = dict(trace.attention)
    for kind, pattern in patterns.items():
        record = attention[kind][0]
        weights = np.asarray(pattern, dtype=np.float32)[None]
        assert weights.shape == record.pattern.shape, (weights.shape, record.pattern.shape)
        attention[kind] = (replace(record, kept=weights),)
    return replace(trace, attention=attention)


def looks_at(columns: Sequence[int], n_keys: int) -> Array:
    """A pattern whose row i puts everything on `columns[i]`."""
    pattern: Array = np.zeros((len(columns), n_keys))
    pattern[np.arange(len(columns)), list(columns)] = 1
    return pattern


def again(model: Model, trace: Trace, edits: Edits) -> Trace:
    """The same tokens written under edits, also where the trace did not finish."""
    given = Given(Hypothesis(trace.tgt_out.ids, 0.0, trace.finished), "given")
    return model.run(trace.source_text, strategy=given, edits=edits)
