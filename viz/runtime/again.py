"""Runs that are needed later, held by nobody meanwhile.

A trace of a long text takes more than 100 MB. Work in the queue, and what a page does on a press,
hold what its numbers follow from instead: the source, the tokens, the edits.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import ReferenceType, ref

from headlight.model import AnySource, Edits, Model, Trace
from headlight.model.analysis.interventions.comparison import Comparison
from headlight.model.analysis.interventions.same_tokens import same_tokens
from headlight.model.decoding import Given


def again(loaded: Model, trace: Trace) -> Callable[[], Trace]:
    """Gives this trace while somebody remembers it, and else runs the same tokens anew."""
    return partial(_again, ref(trace), loaded, trace.source, same_tokens(trace), trace.edits)


def compared_again(loaded: Model, compared: Comparison) -> Callable[[], Comparison]:
    """The same for two runs set side by side."""
    return partial(
        _compared_again,
        again(loaded, compared.into),
        again(loaded, compared.source),
        compared.src_pairs,
        compared.tgt_pairs,
        compared.row,
        compared.metric,
    )


def _again(
    known: ReferenceType[Trace], loaded: Model, source: AnySource, tokens: Given, edits: Edits
) -> Trace:
    found = known()
    return loaded.run(source, strategy=tokens, edits=edits) if found is None else found


def _compared_again(
    into: Callable[[], Trace], source: Callable[[], Trace], *others: Any
) -> Comparison:
    return Comparison(into(), source(), *others)
