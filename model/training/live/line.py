"""Who waits, and in which order: owners take turns, and each owner's own things in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from itertools import zip_longest
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """A line in which nobody waits for all of another's things. Not locked: its owner does that."""

    def __init__(self) -> None:
        self._turns: deque[Hashable] = deque()
        self._waiting: dict[Hashable, deque[T]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __contains__(self, item: T) -> bool:
        return any(item in mine for mine in self._waiting.values())

    def add(self, item: T, owner: Hashable) -> None:
        """Put something behind what its owner already waits for."""
        if owner not in self._waiting:
            self._waiting[owner] = deque()
            self._turns.append(owner)
        self._waiting[owner].append(item)

    def remove(self, item: T) -> None:
        """Take something out; what is not in the line is let be."""
        for owner, mine in list(self._waiting.items()):
            if item in mine:
                mine.remove(item)
                if not mine:
                    del self._waiting[owner]
                    self._turns.remove(owner)

    def first(self) -> T | None:
        """Whose turn it is; None when nobody waits."""
        return self._waiting[self._turns[0]][0] if self._turns else None

    def firsts(self) -> list[T]:
        """What comes first of each owner's, in the order of their turns."""
        return [self._waiting[owner][0] for owner in self._turns]

    def pass_turn(self, item: T) -> None:
        """The owner of an item goes behind the others."""
        for owner, mine in self._waiting.items():
            if item in mine:
                self._turns.remove(owner)
                self._turns.append(owner)

    def of(self, owner: Hashable) -> tuple[T, ...]:
        """What one owner waits for."""
        return tuple(self._waiting.get(owner, ()))

    def order(self) -> list[T]:
        """All, in the order of their turns."""
        rounds = zip_longest(*(self._waiting[owner] for owner in self._turns))
        return [item for one in rounds for item in one if item is not None]

    def place(self, item: T) -> int:
        """How many come before it; 0 also when it is not in the line."""
        order = self.order()
        return order.index(item) if item in order else 0
