"""Which head and cell are on screen, as far as what is shown has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from headlight.model import KINDS, Trace
from headlight.model.analysis.heads.opening import best, coverage, divided_row

from .. import runtime, selection
from .context import RunContext

Place = tuple[str, int, int]
"""(kind, layer, head)."""


def head_in(context: RunContext, trace: Trace | None = None) -> Place:
    """(kind, layer, head) that is selected; the opening one where nothing is.

    Args:
        trace: what is shown, where it is not the context's own.
    """
    shown = trace or context.trace
    return head_of(layers_of(shown), heads_of(shown), lambda kind: first_head(context, shown, kind))


def first_head(context: RunContext, shown: Trace, kind: str | None = None) -> Place:
    """The head that a page opens, of one kind of attention where that is chosen.

    By measurement the one that shows what the text is about; of a saved run, whose model need not
    be here, the one with the sharpest map.
    """
    if shown is context.trace:
        found = runtime.opening(context.model, shown, kind)
        return found.kind, found.layer, found.head
    kind = kind or next(one for one in reversed(KINDS) if shown.n_layers(one))
    return kind, *best(coverage(shown, kind))


def first_row(context: RunContext, place: Place) -> int:
    """The row that a page opens: in the opening head the one for which it was chosen.

    In any other head it is a row with something to follow.
    """
    kind, *head = place
    found = runtime.opening(context.model, context.trace, kind)
    if head == [found.layer, found.head]:
        return found.query
    return divided_row(context.trace, *place)


def head_of(
    layers: Mapping[str, int], heads: Mapping[str, int], first: Callable[[str | None], Place]
) -> Place:
    """The same for a picture that has no trace.

    Args:
        layers, heads: how many layers each kind has, and heads in each of them.
        first: where to begin, in one kind of attention or, given None, in any.
    """
    begin = first(None)
    kind = selection.choice("kind", [kind for kind, n in layers.items() if n], begin[0])
    _, layer, head = begin if kind == begin[0] else first(kind)
    return (
        kind,
        selection.index("layer", layers[kind], layer),
        selection.index("head", heads[kind], head),
    )


def layers_of(trace: Trace) -> dict[str, int]:
    """How many layers each kind has."""
    return {kind: trace.n_layers(kind) for kind in trace.attention}


def heads_of(trace: Trace) -> dict[str, int]:
    """How many heads each layer of a kind has."""
    return {kind: trace.heads(kind) for kind, n in layers_of(trace).items() if n}
