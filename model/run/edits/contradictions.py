"""Edits that cannot both hold: two of the same quantity, each a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...network.config import KINDS
from .given import parted

if TYPE_CHECKING:
    from .value import Edits


def contradictions(edits: Edits) -> Iterator[str]:
    """Sentences, one for each pair of changes that want the same thing to be different."""
    zs = {place[1:4] for place, _ in edits.patch if place[0] == "z"}
    for kind, layer, head in sorted(edits.ablate & zs):
        yield (
            f"Head {kind} L{layer} H{head} is both switched off and given the output of another "
            "run; leave one of them."
        )
    for (kind, layer, head, query), weights in edits.set:
        where = f"{kind} L{layer} H{head}"
        if (kind, layer, head) in edits.uniform:
            yield (
                f"Head {where} is both made uniform and given row {query} by hand; leave one of "
                "them."
            )
        for edge in edits.cut:
            row = (kind, layer, head, query)
            fits = all(a in (None, b) for a, b in zip(edge[:4], row, strict=True))
            looked = [i for i, weight in enumerate(weights) if weight and edge[4] in (None, i)]
            if fits and looked:
                yield (
                    f"Row {query} of {where} is given by hand with weight on column {looked[0]}, "
                    "which is cut; leave one of them."
                )
    for place, _ in edits.patch:
        name, where, at, *_ = parted(place)
        if name == "out" and where == KINDS[2] and not edits.cross_attention:
            yield (
                "Cross-attention is left out, so no other output can be put in its place; leave "
                "one of them."
            )
        if name == "resid_post" and (where, at) in edits.skip:
            yield (
                f"Layer {at} of the {where} is passed by, so what leaves it cannot be patched "
                "as well; leave one of them."
            )
