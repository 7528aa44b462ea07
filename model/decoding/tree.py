"""The tree of a beam search: every candidate it weighed, kept or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .stepper import Hypothesis

State = Literal["forced", "kept", "dropped", "finished", "cut off"]
"""What became of a candidate: given beforehand; kept open; weighed and dropped; ended by `<eos>`;
or still open when the search ended."""

ROOT = -1
"""The parent of nodes without one: `<bos>`."""


@dataclass(frozen=True)
class Node:
    """One candidate of one step.

    Args:
        parent: index of the node it goes on from; `ROOT` at the start.
        step: target row that wrote it, from zero.
        token_id: what it wrote.
        log_prob: of this token, in nats.
        total: sum from the start, in nats.
        score: `total` divided by the length penalty; what the search compares at its end.
        state: what became of it.
    """

    parent: int
    step: int
    token_id: int
    log_prob: float
    total: float
    score: float
    state: State


@dataclass(frozen=True)
class BeamTree:
    """All nodes in the order in which they were weighed, and the best hypotheses.

    Args:
        nodes: parents stand before their children.
        best: the n best hypotheses, the best one first.
        ends: the node at which each of them ends.
    """

    nodes: tuple[Node, ...]
    best: tuple[Hypothesis, ...]
    ends: tuple[int, ...]

    def path(self, node: int) -> list[int]:
        """Nodes from the start to `node`."""
        found = []
        while node != ROOT:
            found.append(node)
            node = self.nodes[node].parent
        return found[::-1]

    def ids(self, node: int) -> tuple[int, ...]:
        """Target ids from the start to `node`: forced as a prefix, they lead back to it."""
        return tuple(self.nodes[i].token_id for i in self.path(node))
