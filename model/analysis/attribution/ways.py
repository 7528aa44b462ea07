"""Every way that is judged over many sentences, and what has to be chosen among several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...run.runner import Model
from . import METHODS, READINGS
from .attention import ATTENTION, NORM_ATTENTION, head_method, layer_method, of_some
from .base import Method


@dataclass(frozen=True)
class Choice:
    """A row whose method is the best of several, so that it may not be chosen where it is counted.

    Args:
        slug, title: of the row.
        names: by method, what it is called among the candidates.
        candidates: the methods.
        reads: chosen by the error in the row that reads; else in the row that writes.
        of_heads: the candidates are single heads.
    """

    slug: str
    title: str
    names: Mapping[str, str]
    candidates: tuple[Method, ...]
    reads: bool = False
    of_heads: bool = False


def ways(model: Model) -> tuple[Method, ...]:
    """All methods, both readings of shares, and the mean of each layer's cross-attention."""
    plain = [one for one, _ in READINGS if one not in METHODS]
    layers = [
        layer_method(i, model.config.heads("cross"), normed=normed)
        for normed in (False, True)
        for i in range(model.config.n_layers("cross"))
    ]
    return (*METHODS, *plain, *layers)


def choices(model: Model) -> tuple[Choice, ...]:
    """The best head in each framing, by weights and norm-weighted, and how shares are read."""
    return (
        *(
            _best_head(model, normed=normed, reads=reads)
            for normed in (False, True)
            for reads in (False, True)
        ),
        *(
            Choice(
                f"{plain.slug}_chosen",
                f"{plain.title}, reading chosen",
                {plain.slug: "as published", above.slug: "above the word's mean"},
                (plain, above),
            )
            for plain, above in READINGS
        ),
    )


def _best_head(model: Model, *, normed: bool, reads: bool) -> Choice:
    """The head of cross-attention with the lowest alignment error in one framing."""
    heads = {
        head_method(layer, head, normed=normed): f"L{layer} H{head}"
        for layer in range(model.config.n_layers("cross"))
        for head in range(model.config.heads("cross"))
    }
    base = NORM_ATTENTION if normed else ATTENTION
    return Choice(
        f"best_{'norm_' if normed else ''}head{'_reads' if reads else ''}",
        f"{of_some(base)}, best head{' for the word read' if reads else ''}",
        {one.slug: name for one, name in heads.items()},
        tuple(heads),
        reads=reads,
        of_heads=True,
    )
