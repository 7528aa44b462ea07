"""Which head and cell are on screen, as far as what is shown has them."""

from __future__ import annotations

from collections.abc import Mapping

from headlight.model import Trace
from headlight.model.analysis.heads.opening import Head, divided_row, strongest_key

from .. import runtime, selection
from .context import RunContext

Place = tuple[str, int, int]
"""(kind, layer, head)."""


def opening_of(context: RunContext) -> Place:
    """The head that shows what this text is about, by measurement."""
    found = runtime.opening(context.model, context.trace)
    return found.kind, found.layer, found.head


def head_in(context: RunContext, trace: Trace | None = None) -> Place:
    """(kind, layer, head) that is selected; the opening one where nothing is.

    Args:
        trace: what is shown, where it is not the context's own.
    """
    shown = trace or context.trace
    return head_of(layers_of(shown), heads_of(shown), first_head(context, shown))


def first_head(context: RunContext, shown: Trace) -> Place:
    """Where what is shown begins: the opening head of the text, for a saved run the last
    cross-attention's head 0.
    """
    return opening_of(context) if shown is context.trace else _usual(layers_of(shown))


def _usual(layers: Mapping[str, int]) -> Place:
    kinds = [kind for kind, n in layers.items() if n]
    last = "cross" if "cross" in kinds else kinds[-1]
    return last, layers[last] - 1, 0


def head_of(
    layers: Mapping[str, int], heads: Mapping[str, int], first: Place | None = None
) -> Place:
    """The same for a picture that has no trace.

    Args:
        layers, heads: how many layers each kind has, and heads in each of them.
        first: where to begin; head 0 of the last cross-attention by default.
    """
    kinds = [kind for kind, n in layers.items() if n]
    begins, layer_0, head_0 = first or _usual(layers)
    kind = selection.choice("kind", kinds, begins)
    if kind != begins:
        layer_0, head_0 = layers[kind] - 1, 0
    layer = selection.index("layer", layers[kind], min(layer_0, layers[kind] - 1))
    return kind, layer, selection.index("head", heads[kind], min(head_0, heads[kind] - 1))


def cell_in(trace: Trace, kind: str, head: Head) -> tuple[int, int]:
    """(query, key) to begin with: a row with something to follow, and its largest weight."""
    query = divided_row(trace, kind, *head)
    return query, strongest_key(trace, kind, *head, query)


def layers_of(trace: Trace) -> dict[str, int]:
    """How many layers each kind has."""
    return {kind: trace.n_layers(kind) for kind in trace.attention}


def heads_of(trace: Trace) -> dict[str, int]:
    """How many heads each layer of a kind has."""
    return {kind: trace.heads(kind) for kind, n in layers_of(trace).items() if n}
