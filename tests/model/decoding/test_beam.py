"""Beam search against greedy, against trying everything, and against the model's own numbers."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from headlight.model import Edits, Model
from headlight.model.decoding import Beam, BeamTree, Node, Stepper
from headlight.model.decoding.tree import ROOT, Nodes
from tests.model.builders import random_model


def searched(model: Model, text: str, beam: Beam, **options: Any) -> BeamTree:
    tree = model.decode(model.read(text), strategy=beam, **options).tree
    assert tree is not None
    return tree


@pytest.mark.parametrize("n_forced", [0, 2])
def test_a_beam_of_one_is_greedy(any_model: Model, texts: tuple[str, ...], n_forced: int) -> None:
    for text in texts:
        src = any_model.read(text)
        prefix = any_model.decode(src).ids[:n_forced]
        greedy = any_model.decode(src, prefix=prefix)
        beam = any_model.decode(src, strategy=Beam(1), prefix=prefix)
        assert (beam.ids, beam.finished) == (greedy.ids, greedy.finished)
        assert beam.log_prob == pytest.approx(greedy.log_prob, abs=1e-5, rel=1e-5)


@pytest.mark.parametrize("alpha", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_beam_that_holds_everything_finds_the_best_targets_there_are(
    seed: int, alpha: float
) -> None:
    # three tokens can be written, one of them <eos>: 15 targets of up to 4 tokens, and at most
    # 8 · 3 continuations to weigh in a step
    model = random_model(d_vocab=5, seed=seed)
    src = torch.tensor([[4, 3, 4, 2]])
    beam, scores, trees = Beam(24, length_penalty=alpha), {}, {}
    with torch.inference_mode():
        for n_best in (1, 2, 4, 15):  # with fewer the search may end before the longest length
            stepper = Stepper(model.network, src, Edits())
            trees[n_best] = replace(beam, n_best=n_best).search(stepper, (), max_len=4)
        for n in range(4):
            for ids in product((3, 4), repeat=n):
                log_probs = model.network(src, torch.tensor([[1, *ids]])).log_softmax(-1)[0]
                total = sum(float(log_probs[i, t]) for i, t in enumerate([*ids, 2]))
                scores[(*ids, 2)] = total / beam.penalty(n + 1)
    ranked = sorted(scores, key=lambda ids: -scores[ids])
    for n_best, tree in trees.items():
        assert [one.ids for one in tree.best] == ranked[:n_best]
        for one, end in zip(tree.best, tree.ends, strict=True):
            assert tree.nodes[end].score == pytest.approx(scores[one.ids], abs=1e-4)


class Scripted:
    """A stepper whose next token has the same probabilities at every step."""

    bos_id, eos_id = 1, 2

    def __init__(self, probabilities: dict[int, float]) -> None:
        self.log_probs, self.rows = torch.full((1, 5), -torch.inf), 1
        for token_id, p in probabilities.items():
            self.log_probs[0, token_id] = math.log(p)

    def advance(self, ids: torch.Tensor) -> torch.Tensor:
        return self.log_probs.expand(self.rows, -1)

    def allowed(self, log_probs: torch.Tensor) -> torch.Tensor:
        return log_probs + torch.tensor([-torch.inf, -torch.inf, 0.0, 0.0, 0.0])

    def select(self, rows: torch.Tensor) -> None:
        self.rows = len(rows)


def last_step(beam: Beam, probabilities: dict[int, float]) -> int:
    stepper: Any = Scripted(probabilities)
    return max(node.step for node in beam.search(stepper, (), max_len=30).nodes)


def test_a_search_ends_when_as_many_as_the_beam_have_finished() -> None:
    # one more target ends in every step; a strong penalty would always let a longer one win
    for size in (2, 3, 5):
        assert last_step(Beam(size, 5.0), {2: 0.4, 3: 0.6}) == size - 1


def test_a_search_ends_when_no_open_target_can_still_win() -> None:
    # log P: <eos> ln 0.4 = -0.92; "a" ln 0.6 = -0.51, "a a" -1.02: worse than the one that ended
    assert last_step(Beam(8, 0.0), {2: 0.4, 3: 0.6}) == 1
    # the second best is "a <eos>", -1.43; "a a a" is -1.53
    assert last_step(Beam(8, 0.0, n_best=2), {2: 0.4, 3: 0.6}) == 2


def test_without_a_cache_the_search_is_the_same(tiny: Model) -> None:
    src = torch.tensor([tiny.read("q w e r").ids])
    with torch.inference_mode():
        one, two = (
            Beam(4).search(Stepper(tiny.network, src, Edits(), cached=cached), (), 9)
            for cached in (True, False)
        )
    assert [(n.parent, n.token_id, n.state) for n in one.nodes] == [
        (n.parent, n.token_id, n.state) for n in two.nodes
    ]
    assert len({node.parent for node in one.nodes if node.step == 5}) > 1, "rows do change places"


def test_numbers_on_every_node_are_the_models(any_model: Model, texts: tuple[str, ...]) -> None:
    tree = searched(any_model, texts[0], Beam(3, n_best=3))
    for i, node in enumerate(tree.nodes):
        above = tree.nodes[node.parent].total if node.parent >= 0 else 0.0
        assert node.parent < i
        assert node.total == pytest.approx(above + node.log_prob, abs=1e-4)
        assert node.score == pytest.approx(node.total / ((5 + node.step + 1) / 6) ** 0.6)
    for end in tree.ends:
        trace = any_model.teacher_force(texts[0], tree.ids(end))
        path = [tree.nodes[i].log_prob for i in tree.path(end)]
        np.testing.assert_allclose(path, trace.chosen_log_probs[: len(path)], atol=2e-4)


def test_at_most_the_beam_stays_open_and_the_rest_is_kept_as_dropped(tiny: Model) -> None:
    size = 4
    tree = searched(tiny, "q w e r t y", Beam(size))
    last = max(node.step for node in tree.nodes)
    for step in range(last + 1):
        here = [node for node in tree.nodes if node.step == step]
        assert len(here) == 2 * size
        kept = [node for node in here if node.state in ("kept", "cut off")]
        assert len(kept) <= size
        assert min(n.total for n in kept) >= max(
            (n.total for n in here if n.state == "dropped" and n.token_id != 2), default=-np.inf
        )
    parents = {node.parent for node in tree.nodes if node.parent >= 0}
    assert {tree.nodes[i].state for i in parents} == {"kept"}


def test_forced_tokens_are_the_trunk_of_the_tree(tiny: Model) -> None:
    tree = searched(tiny, "a b c", Beam(2, n_best=2), prefix=[9, 8])
    assert [node.state for node in tree.nodes[:2]] == ["forced", "forced"]
    assert all(one.ids[:2] == (9, 8) for one in tree.best)


def test_a_stronger_length_penalty_never_prefers_shorter_targets(tiny: Model) -> None:
    lengths = [
        len(searched(tiny, "q w e r", Beam(8, length_penalty=alpha)).best[0].ids)
        for alpha in (0.0, 1.0, 3.0)
    ]
    assert lengths == sorted(lengths)


def test_a_search_cut_off_hands_back_open_targets(tiny: Model) -> None:
    tree = searched(tiny, "q w e r", Beam(3, n_best=3), max_len=2)
    assert [len(one.ids) for one in tree.best if not one.finished]
    for one, end in zip(tree.best, tree.ends, strict=True):
        assert tree.nodes[end].state == ("finished" if one.finished else "cut off")


def test_a_batch_is_searched_sentence_by_sentence(tiny: Model) -> None:
    sources = [tiny.read(text) for text in ("a b c d", "e f")]
    alone = [tiny.decode(src, strategy=Beam(3), max_len=12) for src in sources]
    with torch.inference_mode():
        batch = torch.tensor([sources[0].ids, (*sources[1].ids, 0, 0)])
        together = Beam(3).decode(Stepper(tiny.network, batch, Edits()), (), 12)
    assert [one.ids for one in together] == [one.ids for one in alone]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": 0}, "The beam must be a whole number from 1 to 32, not 0."),
        ({"size": 1000}, "not 1,000"),
        ({"size": 2.5}, "not 2.5"),
        ({"size": True}, "not True"),
        ({"length_penalty": -0.1}, "The length penalty must be from 0 to 5, not -0.1."),
        ({"length_penalty": float("inf")}, "not inf"),
        ({"size": 3, "n_best": 4}, "n best must be from 1 to the size of the beam, 3, not 4."),
        ({"n_best": 0}, "not 0"),
    ],
)
def test_an_option_out_of_range_is_refused_in_words(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        Beam(**options)


def test_nodes_are_as_they_were_added_and_take_37_bytes_each() -> None:
    added = [
        Node(ROOT, 0, 7_999, -0.1, -0.1, -0.09, "forced"),
        Node(0, 1, 5, -1.5, -1.6, -1.2, "kept"),
        Node(0, 1, 6, -2.5, -2.6, -2.2, "dropped"),
        Node(1, 2, 2, -0.7, -2.3, -1.9, "finished"),
    ]
    nodes = Nodes()
    for one in added:
        nodes.append(one)
    assert list(nodes) == added
    assert [nodes[0], nodes[-1], *nodes[1:3]] == [added[0], added[3], added[1], added[2]]
    nodes.cut_off(1)
    assert nodes[1] == added[1]._replace(state="cut off")
    assert nodes.nbytes == len(nodes) * 37 == len(added) * 37
