"""The field beside a beam's tree offers all nodes, of a large tree those of the step shown."""

from __future__ import annotations

from typing import Any

import pytest

import headlight
from headlight.model.decoding import Beam, BeamTree
from headlight.viz.views.decode import tree as view
from tests.viz.page import address, run


@pytest.fixture(scope="module")
def tree() -> BeamTree:
    reverse = headlight.load("reverse")
    found = reverse.decode(reverse.read("c a b"), strategy=Beam(3)).tree
    assert found is not None
    return found


def field(page: Any) -> Any:
    return next(one for one in page.selectbox if one.label == "Go to a node")


def test_what_is_offered(tree: BeamTree, monkeypatch: pytest.MonkeyPatch) -> None:
    assert view.offered(tree, 2) == list(range(len(tree.nodes)))
    monkeypatch.setattr(view, "MOST", len(tree.nodes) - 1)
    assert [tree.nodes[i].step for i in view.offered(tree, 2)] == [2] * 6


def test_a_node_of_a_large_tree_is_gone_to(tree: BeamTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "MOST", 5)
    page = run("decode", strategy="beam", beam="3", text="c a b", step="1")
    options = list(field(page).options)
    assert len(options) == 6
    assert all(one.startswith("step 1 · ") for one in options)
    assert field(page).placeholder == ("Press a node above, or type a token or “finished” here")
    off = next(i for i in view.offered(tree, 1) if tree.nodes[i].state == "dropped")
    at = view.offered(tree, 1).index(off)
    field(page).set_value(off).run()
    assert not page.exception
    ids = tree.ids(off)
    assert address(page)["path"] == "-".join(map(str, ids))
    assert field(page).options[field(page).index] == options[at]
    page.session_state["_selection"].change({"step": "0", "path": None})
    page.run()
    assert all(one.startswith("step 0 · ") for one in field(page).options)
    assert field(page).index == 0


def test_the_way_on_from_a_node_is_its_most_probable_child_that_was_kept(tree: BeamTree) -> None:
    for node in range(len(tree.nodes)):
        end = node
        while children := [
            i for i, n in enumerate(tree.nodes) if n.parent == end and n.state != "dropped"
        ]:
            end = max(children, key=lambda i: tree.nodes[i].total)
        assert view._end(tree, node) == end
