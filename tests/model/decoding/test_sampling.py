"""Sampling: what reshaping does to numbers, and that draws follow them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch

from headlight.model import Model
from headlight.model.decoding import Sampling

PROBABILITIES = (0.5, 0.25, 0.15, 0.10)


def reshaped(**options: Any) -> list[float]:
    """The probabilities that are drawn from, out of `PROBABILITIES`."""
    log_probs = torch.tensor([PROBABILITIES]).log()
    return Sampling(**options).reshape(log_probs).exp()[0].tolist()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, PROBABILITIES),
        ({"temperature": 0.5}, [p * p / 0.345 for p in PROBABILITIES]),  # p² over Σp² = 0.345
        ({"top_k": 2}, [2 / 3, 1 / 3, 0, 0]),
        ({"top_k": 9}, PROBABILITIES),
        ({"top_p": 0.7}, [2 / 3, 1 / 3, 0, 0]),
        ({"top_p": 0.76}, [0.5 / 0.9, 0.25 / 0.9, 0.15 / 0.9, 0]),
        ({"top_p": 0.01}, [1, 0, 0, 0]),
        # top-p counts what top-k left: 2/3 of it is the first token alone
        ({"top_k": 2, "top_p": 0.6}, [1, 0, 0, 0]),
    ],
)
def test_reshaping_gives_the_probabilities_worked_out_by_hand(
    options: dict[str, Any], expected: list[float]
) -> None:
    assert reshaped(**options) == pytest.approx(list(expected), abs=1e-6)


def test_the_distribution_of_a_trace_never_draws_padding() -> None:
    log_probs = np.log(np.array([PROBABILITIES], np.float32))
    drawn = Sampling().distribution(log_probs, never=(1,))
    np.testing.assert_allclose(drawn, [[0.5 / 0.75, 0, 0.15 / 0.75, 0.1 / 0.75]], atol=1e-6)


def test_first_tokens_are_drawn_as_often_as_they_are_probable(tiny: Model) -> None:
    src = tiny.read("c a b")
    options = {"temperature": 0.7, "top_k": 3}
    first = tiny.teacher_force("c a b", [5]).log_probs[:1]
    expected = Sampling(**options).distribution(first, never=(0, 1))[0]  # type: ignore[arg-type]
    assert np.count_nonzero(expected) == 3
    n = 400
    drawn = Counter(
        tiny.decode(src, strategy=Sampling(**options, seed=seed), max_len=1).ids[0]  # type: ignore[arg-type]
        for seed in range(n)
    )
    for token_id, p in enumerate(expected):
        allowed = 4 * (p * (1 - p) / n) ** 0.5  # four standard deviations
        assert abs(drawn[token_id] / n - p) <= allowed


def test_a_seed_draws_the_same_tokens_and_others_draw_others(tiny: Model) -> None:
    src = tiny.read("q w e r t y")
    one, again, *others = (
        tiny.decode(src, strategy=Sampling(temperature=2.0, seed=seed)) for seed in (7, 7, 8, 9)
    )
    assert one == again
    assert any(other.ids != one.ids for other in others)


def test_near_zero_temperature_is_greedy_with_the_models_own_log_probability(
    any_model: Model, texts: tuple[str, ...]
) -> None:
    src = any_model.read(texts[1])
    cold, greedy = any_model.decode(src, strategy=Sampling(temperature=0.01)), any_model.decode(src)
    assert cold.ids == greedy.ids
    assert cold.log_prob == greedy.log_prob


def test_forced_tokens_stand_first(tiny: Model) -> None:
    drawn = tiny.decode(tiny.read("a b c"), strategy=Sampling(seed=3), prefix=[9, 8])
    assert drawn.ids[:2] == (9, 8)
    trace = tiny.teacher_force("a b c", drawn.ids)
    assert drawn.log_prob == pytest.approx(
        float(trace.chosen_log_probs[: len(drawn.ids)].sum()), abs=1e-4
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"temperature": 0}, "The temperature must be from 0.01 to 10, not 0."),
        ({"temperature": -1.5}, "not -1.5"),
        ({"temperature": float("nan")}, "not nan"),
        ({"temperature": True}, "not True"),
        ({"top_k": -1}, "top-k must be a whole number, 0 for all tokens, not -1."),
        ({"top_k": 2.5}, "not 2.5"),
        ({"top_p": 0}, "top-p must be above 0 and at most 1, not 0."),
        ({"top_p": 1.1}, "not 1.1"),
        ({"seed": -1}, "The seed must be from 0"),
        ({"seed": 2**32}, "not 4,294,967,296"),
    ],
)
def test_an_option_out_of_range_is_refused_in_words(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        Sampling(**options)
