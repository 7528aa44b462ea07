"""A target that is known already, for a trace of exactly it: a node of a search, or its best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .stepper import Hypothesis, Stepper


@dataclass(frozen=True)
class Given:
    """Writes what it was given. Unlike teacher forcing it adds no `<eos>` at the end.

    Args:
        hypothesis: what is written.
        name: how it was found, as `Strategy.label` would say it.
    """

    hypothesis: Hypothesis
    name: str

    @property
    def label(self) -> str:
        """Its name on screen."""
        return self.name

    def decode(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> list[Hypothesis]:
        """See `Strategy.decode`; the prefix is part of what was given."""
        return [self.hypothesis] * len(stepper)
