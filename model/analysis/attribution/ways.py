"""Every way that is judged over many sentences, and what has to be chosen among several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...run.runner import Model
from . import METHODS, READINGS
from .attention import head_method, layer_method
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
    """The best head in each framing, and how each kind of shares is read."""
    heads = {
        head_method(layer, head): f"L{layer} H{head}"
        for layer in range(model.config.n_layers("cross"))
        for head in range(model.config.heads("cross"))
    }
    names = {one.slug: name for one, name in heads.items()}
    best = "attention weights, best head"
    return (
        Choice("best_head", best, names, tuple(heads), of_heads=True),
        Choice(
            "best_head_reads",
            f"{best} for the word read",
            names,
            tuple(heads),
            reads=True,
            of_heads=True,
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
