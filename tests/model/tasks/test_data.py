"""Batches of training: endless, reproducible, padded for teacher forcing."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from headlight.model import Model
from headlight.model.tasks import TASKS, SyntheticTask, Task, exact_match, task
from headlight.model.tasks.base import SyntheticData, pad
from headlight.model.tasks.digits import DigitsTask
from headlight.model.training.evaluate import FRESH_SEED
from tests.model.builders import random_model

SYNTHETIC = [one for one in TASKS if isinstance(one, SyntheticTask)]
synthetic = pytest.mark.parametrize("chosen", SYNTHETIC, ids=lambda one: one.slug)
TEXTS = [one for one in SYNTHETIC if not isinstance(one, DigitsTask)]
texts = pytest.mark.parametrize("chosen", TEXTS, ids=lambda one: one.slug)


@pytest.mark.parametrize("one", TASKS, ids=lambda one: one.slug)
def test_every_task_says_what_it_is(one: Task) -> None:
    assert task(one.slug) is one
    assert one.title
    assert one.accepts
    assert len(one.examples) >= 5
    assert len({example.text for example in one.examples}) == len(one.examples)
    for example in one.examples:
        if example.given is None:
            one.check(example.text)
        assert len(example.note) > 20
        assert example.note[-1] in ".?"


def test_an_unknown_task_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no task “chess”\. There are: translate-en-fr, reverse"):
        task("chess")


def test_targets_are_shifted_and_padded() -> None:
    batch = pad([[7, 8], [9]], [[5], [6, 7, 8]])
    assert batch.src.tolist() == [[7, 8, 2], [9, 2, 0]]
    assert batch.tgt_in.tolist() == [[1, 5, 0, 0], [1, 6, 7, 8]]
    assert batch.tgt_out.tolist() == [[5, 2, 0, 0], [6, 7, 8, 2]]
    assert batch.src.dtype == np.int64


@texts
def test_a_step_has_its_own_batch_always(chosen: SyntheticTask) -> None:
    tokenizer = chosen.tokenizer()
    data, again, other = (SyntheticData(chosen, tokenizer, seed) for seed in (0, 0, 1))
    batch = data.batch(41)
    data.batch(3)  # the order of asking does not matter
    for name in ("src", "tgt_in", "tgt_out"):
        assert np.array_equal(getattr(batch, name), getattr(again.batch(41), name))
    assert len(batch.src) == chosen.recipe.batch
    assert batch.src.shape != data.batch(42).src.shape or (batch.src != data.batch(42).src).any()
    assert batch.src.shape != other.batch(41).src.shape or (batch.src != other.batch(41).src).any()
    row, read = batch.tgt_out[0], batch.src[0]
    source, target = (tokenizer.decode(ids[ids > 2].tolist()).text for ids in (read, row))
    chosen.check(source)
    assert (source, target) != ("", "")
    assert (batch.tgt_in[:, 0] == 1).all()


@synthetic
def test_pairs_follow_from_their_seed(chosen: SyntheticTask) -> None:
    one, two, three = (list(islice(chosen.pairs(seed), 50)) for seed in (1, 1, 2))
    assert one == two
    assert one != three
    assert SyntheticData.HELD_OUT_SEED != FRESH_SEED


@synthetic
def test_exact_match_counts_whole_answers(chosen: SyntheticTask) -> None:
    answers = dict(islice(chosen.pairs(7), 100))
    first = next(iter(answers))
    assert exact_match(chosen, lambda texts: [answers[t] for t in texts], 40, 7) == 1.0
    nearly = {**answers, first: answers[first][:-1]}
    assert exact_match(chosen, lambda texts: [nearly[t] for t in texts], 40, 7) == 39 / 40


@pytest.fixture(scope="module")
def untrained() -> Model:
    return random_model("sort")


def test_an_untrained_model_scores_nothing(untrained: Model) -> None:
    chosen = untrained.task
    assert isinstance(chosen, SyntheticTask)
    assert exact_match(chosen, untrained.translate, 20, 7) == 0.0
