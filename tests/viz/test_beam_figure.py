"""The beam tree's figure draws every node once, where the search has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headlight.model.decoding import Beam, BeamTree
from headlight.viz.figures import beam
from headlight.viz.figures.beam import beam_tree
from tests.model.builders import random_model

STATES = ("forced", "kept", "dropped", "finished", "cut off")


@pytest.fixture(scope="module")
def tree() -> BeamTree:
    tiny = random_model(norm_first=True)
    found = tiny.decode(tiny.read("q w e r"), strategy=Beam(3, n_best=2), prefix=[7], max_len=9)
    assert found.tree is not None
    return found.tree


def points(tree: BeamTree, shown: tuple[int, ...] = ()) -> dict[str, Any]:
    labels = [f"t{i}" for i in range(len(tree.nodes))]
    return {part.name: part for part in beam_tree(tree, labels, shown).data}


def test_every_node_is_drawn_at_its_step_with_its_log_probability(tree: BeamTree) -> None:
    seen = []
    for state, part in points(tree).items():
        if state not in STATES:
            continue
        for y, (i, label, step, _, total, _) in zip(part.y, part.customdata, strict=True):
            node = tree.nodes[i]
            assert (node.state, node.step, node.step) == (state, step, y)
            assert label == f"t{i}"
            assert float(total.replace("−", "-")) == pytest.approx(node.total, abs=0.00051)
            seen.append(i)
    assert sorted(seen) == list(range(len(tree.nodes)))


def test_no_two_nodes_share_a_place(tree: BeamTree) -> None:
    drawn = [
        place
        for state, part in points(tree).items()
        if state in STATES
        for place in zip(part.x, part.y, strict=True)
    ]
    assert len(set(drawn)) == len(drawn)


def test_every_node_carries_its_name_and_number_and_the_best_their_rank(tree: BeamTree) -> None:
    labels = [f"t{i}" for i in range(len(tree.nodes))]
    texts = {note.text for note in beam_tree(tree, labels).layout.annotations}
    for i, node in enumerate(tree.nodes):
        rank = f"<b>#{tree.ends.index(i) + 1}</b> " if i in tree.ends else ""
        assert f"{rank}t{i}<br>{node.total:.3f}".replace("-", "−") in texts


def test_of_a_large_tree_only_the_best_texts_carry_names(
    tree: BeamTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = [f"t{i}" for i in range(len(tree.nodes))]
    monkeypatch.setattr(beam, "MAX_NAMES", 3)
    named = {note.text.split("<br>")[0] for note in beam_tree(tree, labels).layout.annotations}
    best = {i for end in tree.ends for i in tree.path(end)}
    assert {name.split(" ")[-1] for name in named} == {"&lt;bos&gt;", *(f"t{i}" for i in best)}


def test_names_of_a_wide_tree_keep_apart_and_the_best_text_keeps_its_own(
    tree: BeamTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = [f"t{i}" for i in range(len(tree.nodes))]
    monkeypatch.setattr(beam, "MAX_NAMED", 2)
    figure = beam_tree(tree, labels)
    widest = max(x for part in figure.data if part.name in STATES for x in part.x) + 1
    assert widest >= 3 * 2
    notes = figure.layout.annotations
    for step in {note.y for note in notes}:
        columns = sorted(note.x for note in notes if note.y == step)
        assert (np.diff(columns) >= widest / 2).all()
    named = {note.text.split("<br>")[0].split(" ")[-1] for note in notes}
    assert named >= {f"t{i}" for i in tree.path(tree.ends[0])}


def test_a_line_goes_from_each_node_to_its_parent_with_a_gap_behind(tree: BeamTree) -> None:
    ends = set()
    for name, part in points(tree).items():
        if name.endswith(" edges"):
            for x, y in zip(part.x.reshape(-1, 5), part.y.reshape(-1, 5), strict=True):
                assert np.isnan([x[4], y[4]]).all()
                assert (x[0], x[2], y[1]) == (x[1], x[3], y[2])
                assert y[3] - y[0] == 1
                ends.add((x[3], y[3]))
    assert len(ends) == len(tree.nodes)


def test_the_text_that_is_looked_at_is_ringed(tree: BeamTree) -> None:
    end = tree.ends[-1]
    rings = points(tree, tree.ids(end))["shown above"]
    assert list(rings.y) == [tree.nodes[i].step for i in tree.path(end)]
