"""Forks: texts that part from another where a token was forced, as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

Prefix = tuple[int, ...]
"""Forced target ids; what is written after them is the model's own. Empty for the root."""

ROOT: Prefix = ()

MOST = 24
"""Forks in one tree; each is a decoding of its own."""


@dataclass(frozen=True)
class Fork:
    """One branch.

    Args:
        prefix: what is forced, which is also its name: two forks never share it.
        parent: the prefix of the branch that it parts from.
        step: the step at which its first own token stands.
    """

    prefix: Prefix
    parent: Prefix
    step: int


@dataclass(frozen=True)
class Forks:
    """All branches but the root, which is always there; parents stand before their children."""

    branches: tuple[Fork, ...] = ()

    def __contains__(self, prefix: Prefix) -> bool:
        return prefix == ROOT or any(fork.prefix == prefix for fork in self.branches)

    def add(self, prefix: Prefix, parent: Prefix, step: int) -> Forks:
        """With one more branch; unchanged when there is one of this prefix already.

        Raises:
            ValueError: there is no such parent, or the tree is full.
        """
        if prefix in self:
            return self
        if parent not in self:
            raise ValueError("The branch that this one forks from has been removed.")
        if len(self.branches) >= MOST:
            raise ValueError(f"There are {MOST} forks already: remove one to make room.")
        return replace(self, branches=(*self.branches, Fork(prefix, parent, step)))

    def cut(self, prefix: Prefix) -> Forks:
        """Without a branch and everything that parts from it. The root stays."""
        if prefix == ROOT:
            return self
        gone = {prefix}
        for fork in self.branches:
            if fork.parent in gone:
                gone.add(fork.prefix)
        return replace(self, branches=tuple(f for f in self.branches if f.prefix not in gone))

    def parent(self, prefix: Prefix) -> Prefix:
        """The branch that this one parts from; the root for one that is not there."""
        return next((fork.parent for fork in self.branches if fork.prefix == prefix), ROOT)

    def walk(self, parent: Prefix = ROOT, depth: int = 1) -> Iterator[tuple[Fork, int]]:
        """Every branch with its depth, each followed by what parts from it."""
        for fork in self.branches:
            if fork.parent == parent:
                yield fork, depth
                yield from self.walk(fork.prefix, depth + 1)
