"""The tree of forks: growing, walking and cutting it."""

from __future__ import annotations

import pytest

from headlight.model.decoding.forks import MOST, ROOT, Forks


def grown() -> Forks:
    """Two forks of the root, and one of the first of them."""
    return Forks().add((5,), ROOT, 0).add((6, 7), ROOT, 1).add((5, 8, 9), (5,), 2)


def test_the_root_is_always_there_and_cannot_be_cut() -> None:
    assert ROOT in Forks()
    assert grown().cut(ROOT) == grown()


def test_walking_visits_each_branch_before_what_parts_from_it() -> None:
    assert [(fork.prefix, depth) for fork, depth in grown().walk()] == [
        ((5,), 1),
        ((5, 8, 9), 2),
        ((6, 7), 1),
    ]


def test_cutting_takes_what_parts_from_the_branch_along() -> None:
    left = grown().cut((5,))
    assert [fork.prefix for fork in left.branches] == [(6, 7)]
    assert (5, 8, 9) not in left


def test_the_same_prefix_is_the_same_branch() -> None:
    assert grown().add((5,), (6, 7), 0) == grown()
    assert grown().parent((5, 8, 9)) == (5,)


def test_a_full_tree_and_a_parent_that_is_gone_are_refused_in_words() -> None:
    full = Forks()
    for i in range(MOST):
        full = full.add((i + 3,), ROOT, 0)
    with pytest.raises(ValueError, match="24 forks already"):
        full.add((99,), ROOT, 0)
    with pytest.raises(ValueError, match="has been removed"):
        Forks().add((1, 2), (1,), 1)
