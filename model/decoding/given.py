"""A target that is known already, for a trace of exactly it: a node of a search, or its best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .options import is_whole
from .stepper import Hypothesis, Stepper

LARGEST_ID = 2**31
"""Bound of the ids of any vocabulary."""


@dataclass(frozen=True)
class Given:
    """Writes what it was given. Unlike teacher forcing it adds no `<eos>` at the end.

    Args:
        hypothesis: what is written.
        name: how it was found, as `Strategy.label` would say it.

    Raises:
        ValueError: no ids, or something else than ids.
    """

    hypothesis: Hypothesis
    name: str

    def __post_init__(self) -> None:
        ids = self.hypothesis.ids
        known = isinstance(ids, tuple | list) and len(ids) > 0
        if not known or not all(is_whole(i) and 0 <= i < LARGEST_ID for i in ids):
            raise ValueError(f"What is written must be token ids, at least one, not {ids!r:.100}")

    @property
    def label(self) -> str:
        """Its name on screen."""
        return self.name

    def decode(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> list[Hypothesis]:
        """See `Strategy.decode`; the prefix is part of what was given."""
        d_vocab = len(stepper.never)
        if (largest := max(self.hypothesis.ids)) >= d_vocab:
            raise ValueError(f"id {largest} is outside of the vocabulary (0 to {d_vocab - 1})")
        return [self.hypothesis] * len(stepper)
