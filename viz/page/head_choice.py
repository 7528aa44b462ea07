"""Which head is on screen, as far as what is shown has it."""

from __future__ import annotations

from collections.abc import Mapping

from headlight.model import Trace

from .. import selection


def first_head(layers: Mapping[str, int]) -> tuple[str, int, int]:
    """(kind, layer, head) to begin with: head 0 of the last cross-attention."""
    kinds = [kind for kind, n in layers.items() if n]
    kind = "cross" if "cross" in kinds else kinds[-1]
    return kind, layers[kind] - 1, 0


def head_of(layers: Mapping[str, int], n_heads: int) -> tuple[str, int, int]:
    """(kind, layer, head) that is selected.

    Args:
        layers: how many layers each kind has.
    """
    kinds = [kind for kind, n in layers.items() if n]
    kind = selection.choice("kind", kinds, first_head(layers)[0])
    layer = selection.index("layer", layers[kind], layers[kind] - 1)
    return kind, layer, selection.index("head", n_heads)


def head_in(trace: Trace) -> tuple[str, int, int]:
    """The same for a trace."""
    return head_of(layers_of(trace), trace.n_heads)


def layers_of(trace: Trace) -> dict[str, int]:
    """How many layers each kind has."""
    return {kind: trace.n_layers(kind) for kind in trace.attention}
