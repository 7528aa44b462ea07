"""Beam search against greedy, against trying everything, and against the model's own numbers."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from model import Edits, Model
from model.decoding import Beam, BeamTree, Stepper
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


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_a_beam_that_holds_everything_finds_the_best_target_there_is(alpha: float) -> None:
    # three tokens can be written, one of them <eos>: 15 targets of up to 4 tokens, and at most
    # 8 · 3 continuations to weigh in a step
    model = random_model(d_vocab=5)
    src = torch.tensor([[4, 3, 4, 2]])
    beam = Beam(24, length_penalty=alpha, n_best=15)
    scores = {}
    with torch.inference_mode():
        tree = beam.search(Stepper(model.network, src, Edits()), (), max_len=4)
        for n in range(4):
            for ids in product((3, 4), repeat=n):
                log_probs = model.network(src, torch.tensor([[1, *ids]])).log_softmax(-1)[0]
                total = sum(float(log_probs[i, t]) for i, t in enumerate([*ids, 2]))
                scores[(*ids, 2)] = total / beam.penalty(n + 1)
    assert [one.ids for one in tree.best] == sorted(scores, key=lambda ids: -scores[ids])
    for one, end in zip(tree.best, tree.ends, strict=True):
        assert tree.nodes[end].score == pytest.approx(scores[one.ids], abs=1e-4)


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
