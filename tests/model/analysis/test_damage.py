"""Damage is counted on inputs that the model answers, plainly and edited."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

import headlight
from headlight.model import Edits, Model
from headlight.model.analysis.interventions.damage import damage, n_steps
from headlight.model.analysis.interventions.loss import Targets
from headlight.model.decoding import Hypothesis
from headlight.model.run.tokens import Tokens


def test_without_edits_nothing_is_damaged(tiny: Model) -> None:
    result = list(damage(tiny, Edits(), n=12))[-1]
    assert (result.done, result.total, result.same) == (12, 12, 12)
    assert result.right_before == result.right_after
    assert result.loss_before == pytest.approx(result.loss_after)
    assert result.examples == ()


def test_counts_grow_from_step_to_step_and_losses_are_those_of_the_answers(tiny: Model) -> None:
    edits = Edits(skip=frozenset({("decoder", 1)}))
    steps = list(damage(tiny, edits, n=25))
    assert [step.done for step in steps] == [10, 20, 25]
    assert len(steps) == n_steps(25)
    assert tiny.task is not None
    eos = tiny.config.eos_id
    pairs = [
        (tiny.read(source), (*tiny.tokenizer.encode(target).ids, eos))
        for source, target in _pairs(tiny, 25)
    ]
    targets = Targets(tiny, pairs)
    assert steps[-1].loss_before == pytest.approx(targets.loss() / targets.n_tokens)
    assert steps[-1].loss_after == pytest.approx(targets.loss(edits) / targets.n_tokens)
    assert steps[-1].same < 25
    text, before, after = steps[-1].examples[0]
    assert text in [source for source, _ in _pairs(tiny, 25)]
    assert tiny.run(text, max_len=20).output_text == before[: 2 * 20 - 1]
    assert after != before


def test_an_output_that_only_lost_its_end_has_changed(
    tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the same, but the edited model wrote other tokens."""

    def decode(
        sources: Sequence[Tokens], limit: int | None = None, edits: Edits = Edits()
    ) -> list[Hypothesis]:
        ids = (5, 4) if edits else (5, 4, tiny.config.eos_id)
        return [Hypothesis(ids, -1.0, not edits) for _ in sources]

    monkeypatch.setattr(tiny, "decode_batch", decode)
    (result,) = damage(tiny, Edits(scale=False), n=3)
    assert (result.done, result.same) == (3, 0)
    assert [before == after for _, before, after in result.examples] == [True] * 3


def test_a_trained_model_suffers_when_it_cannot_see_the_source() -> None:
    result = list(damage(headlight.load("reverse"), Edits(cross_attention=False), n=20))[-1]
    assert result.right_before is not None
    assert result.right_after is not None
    assert result.right_after < result.right_before
    assert result.loss_after > result.loss_before
    assert math.isfinite(result.loss_after)


def test_edits_that_the_model_does_not_have_are_refused(tiny: Model) -> None:
    with pytest.raises(ValueError, match="layer 9"):
        next(damage(tiny, Edits(skip=frozenset({("encoder", 9)}))))


def _pairs(tiny: Model, n: int) -> list[tuple[str, str]]:
    from itertools import islice

    from headlight.model.analysis.interventions.damage import FRESH_SEED

    return list(islice(tiny.task.pairs(FRESH_SEED), n))  # type: ignore[union-attr]
