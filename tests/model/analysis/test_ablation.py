"""Heads switched off: what differs, and what a corpus loses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headlight.model import Edits, Model
from headlight.model.analysis.heads.totals import of_lines
from headlight.model.analysis.interventions.ablation import (
    change,
    differing,
    on_corpus,
    switched_off,
)
from headlight.model.analysis.interventions.evalset import of_pairs
from headlight.model.analysis.interventions.loss import Targets
from tests.model.analysis.hand import again

TEXTS = ["a b c", "q w e r t", "x y"]


def test_edits_of_heads() -> None:
    heads = [("cross", 0, 1), ("encoder_self", 1, 0)]
    assert switched_off(heads) == Edits(ablate=frozenset(heads))
    means = {("cross", 0, 1): (0.5, 1.0), ("cross", 0, 0): (0.0, 0.0)}
    edits = switched_off(heads[:1], means)
    assert edits.means == ((("cross", 0, 1), (0.5, 1.0)),)
    with pytest.raises(ValueError, match="no mean output for head encoder_self L1 H0"):
        switched_off(heads, means)


def test_means_of_a_corpus_can_be_used(tiny: Model) -> None:
    means = of_lines(tiny, TEXTS, []).means()
    edits = switched_off([("cross", 0, 0)], means)
    z = tiny.teacher_force("a b", "b a", edits=edits).attention["cross"][0].z[0]
    np.testing.assert_allclose(z, np.tile(means["cross", 0, 0], (3, 1)), rtol=1e-5)


def test_tokens_that_differ(tiny: Model) -> None:
    old = tiny.teacher_force("a b", "a b c d").tgt_out
    new = tiny.teacher_force("a b", "a x c").tgt_out
    was, now = differing(old, new)
    assert was == [False, True, False, True, False]
    assert now == [False, True, False, False]
    assert differing(old, old) == ([False] * 5, [False] * 5)


def test_change_compares_the_same_tokens(tiny: Model) -> None:
    before = tiny.teacher_force("a b", "b a")
    edits = Edits(ablate=frozenset({("cross", 1, 1)}))
    after = tiny.teacher_force("a b", "b a", edits=edits)
    np.testing.assert_array_equal(change(before, before), 0)
    np.testing.assert_array_equal(
        before.chosen_log_probs + change(before, after), after.chosen_log_probs
    )
    assert np.abs(change(before, after)).max() > 0
    with pytest.raises(ValueError, match="different tokens"):
        change(before, tiny.teacher_force("a b", "a"))


@pytest.mark.parametrize("kind", ["encoder_self", "decoder_self", "cross"])
def test_the_loss_over_a_corpus_is_that_of_its_traces(tiny: Model, kind: str) -> None:
    every = frozenset((kind, 0, head) for head in range(tiny.config.n_heads))  # a whole layer
    edits = Edits(ablate=every)
    *_, found = on_corpus(tiny, [*TEXTS, "the cat"], edits)
    traces = [tiny.run(text) for text in TEXTS]
    after = [again(tiny, one, edits) for one in traces]
    tokens = sum(len(one.tgt_out) for one in traces)
    assert (found.sentences, found.tokens) == (3, tokens)
    whole = -sum(float(one.chosen_log_probs.sum()) for one in traces) / tokens
    changed = -sum(float(one.chosen_log_probs.sum()) for one in after) / tokens
    assert found.whole == pytest.approx(whole, abs=1e-4)
    assert found.changed == pytest.approx(changed, abs=1e-4)
    assert found.rise == pytest.approx(changed - whole, abs=1e-4)
    assert edits.touches("encoder") == (kind == "encoder_self")


@pytest.mark.parametrize(
    ("edits", "encoder_too"),
    [
        (Edits(), False),
        (Edits(uniform={("encoder_self", 1, 0)}), True),
        (Edits(uniform={("cross", 1, 0)}), False),
        (Edits(skip={("encoder", 2)}), True),
        (Edits(skip={("decoder", 0)}), False),
        (Edits(positions=False), True),
        (Edits(scale=False), True),
        (Edits(causal_mask=False), False),
        (Edits(cross_attention=False), False),
    ],
)
def test_the_loss_under_edits_is_that_of_an_edited_trace(
    tiny: Model, edits: Edits, encoder_too: bool
) -> None:
    assert edits.touches("encoder") == encoder_too
    traces = [tiny.teacher_force(text, text, edits=edits) for text in TEXTS]
    found = Targets(tiny, [(t.src, t.tgt_out.ids) for t in traces]).log_probs(edits)
    for scores, trace in zip(found, traces, strict=True):
        np.testing.assert_allclose(scores, trace.chosen_log_probs, atol=1e-5)


def test_a_corpus_without_a_usable_line(tiny: Model) -> None:
    with pytest.raises(ValueError, match="none of these lines"):
        next(on_corpus(tiny, ["the cat"], Edits()))
    with pytest.raises(ValueError, match="no sentences"):
        Targets(tiny, [])


def test_losses_are_of_targets_that_begin_as_the_checkpoint_has_it(tiny: Model) -> None:
    """Old mBARTs begin with another token than the network's own; newer ones write it first."""
    rules = replace(tiny.rules, start=5, begins_with=((7,),))
    told = Model("told", tiny.network, tiny.tokenizer, rules=rules)
    trace = told.teacher_force("a b c", "c b a")
    assert (trace.tgt_in.ids[0], trace.tgt_out.ids[0]) == (5, 7)
    (target,) = of_pairs(told, 1, [("a b c", "c b a")], "pair").targets
    assert target == (trace.src, trace.tgt_out.ids)
    (found,) = Targets(told, [target]).log_probs()
    np.testing.assert_allclose(found, trace.chosen_log_probs, atol=1e-5)


def test_losses_come_back_in_the_order_given(tiny: Model) -> None:
    traces = [tiny.run(text) for text in ("q w e r t", "x y", "a b c")]
    found = Targets(tiny, [(t.src, t.tgt_out.ids) for t in traces]).log_probs()
    for scores, trace in zip(found, traces, strict=True):
        np.testing.assert_allclose(scores, trace.chosen_log_probs, atol=1e-5)
