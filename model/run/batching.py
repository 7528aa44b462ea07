"""What goes through the model together: so many of what is short, fewer of what is long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

CELLS = 64 * 64
"""Tokens², for each of the most that go together, up to which so many do."""


def batched(order: Iterable[int], lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Places in `order`, in batches of which none has more than `most` × CELLS cells of a map.

    Args:
        lengths: in tokens, by place; what is longer than a whole batch may be goes alone.
        most: places of a batch.
    """
    batch: list[int] = []
    longest = 0
    for place in order:
        longest = max(longest, lengths[place])
        if batch and (len(batch) == most or (len(batch) + 1) * longest**2 > most * CELLS):
            yield batch
            batch, longest = [], lengths[place]
        batch.append(place)
    if batch:
        yield batch
