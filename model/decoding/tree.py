"""The tree of a beam search: every candidate it weighed, kept or not."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args, overload

from .stepper import Hypothesis

State = Literal["forced", "kept", "dropped", "finished", "cut off"]
"""What became of a candidate: given beforehand; kept open; weighed and dropped; ended by `<eos>`;
or still open when the search ended."""

ROOT = -1
"""The parent of nodes without one: `<bos>`."""


_STATES: tuple[State, ...] = get_args(State)


class Node(NamedTuple):
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


class Nodes(Sequence[Node]):
    """Nodes, kept as a column for each of their fields: a wide search has tens of thousands."""

    def __init__(self) -> None:
        self._parents, self._steps, self._tokens = array("i"), array("i"), array("i")
        self._log_probs, self._totals, self._scores = array("d"), array("d"), array("d")
        self._states = bytearray()

    def append(self, node: Node) -> None:
        """One more, behind its parent."""
        self._parents.append(node.parent)
        self._steps.append(node.step)
        self._tokens.append(node.token_id)
        self._log_probs.append(node.log_prob)
        self._totals.append(node.total)
        self._scores.append(node.score)
        self._states.append(_STATES.index(node.state))

    def cut_off(self, i: int) -> None:
        """A node was still open when the search ended."""
        self._states[i] = _STATES.index("cut off")

    @property
    def nbytes(self) -> int:
        """Bytes of all of them."""
        return sum(one.itemsize * len(one) for one in self._numbers) + len(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def __iter__(self) -> Iterator[Node]:
        return map(Node, *self._numbers, map(_STATES.__getitem__, self._states))

    @overload
    def __getitem__(self, i: int) -> Node: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[Node]: ...
    def __getitem__(self, i: int | slice) -> Node | Sequence[Node]:
        if isinstance(i, slice):
            return [self[one] for one in range(*i.indices(len(self)))]
        return Node(
            self._parents[i],
            self._steps[i],
            self._tokens[i],
            self._log_probs[i],
            self._totals[i],
            self._scores[i],
            _STATES[self._states[i]],
        )

    @property
    def _numbers(self) -> tuple[array[Any], ...]:
        """All columns but the last, in the order of a node's fields."""
        whole = self._parents, self._steps, self._tokens
        return *whole, self._log_probs, self._totals, self._scores


@dataclass(frozen=True)
class BeamTree:
    """All nodes in the order in which they were weighed, and the best hypotheses.

    Args:
        nodes: parents stand before their children.
        best: the n best hypotheses, the best one first.
        ends: the node at which each of them ends.
    """

    nodes: Nodes
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
