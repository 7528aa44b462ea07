"""Where two targets part, and how far heads differ there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headlight.model import Model
from headlight.model.analysis.interventions.first_difference import first_difference, head_shifts


def test_the_first_different_token_is_where_they_part(tiny: Model) -> None:
    one = tiny.teacher_force("a b c", "c b a")
    assert first_difference(one, one) is None
    assert first_difference(one, tiny.teacher_force("a b c", "c x a")) == 1
    assert first_difference(one, tiny.teacher_force("a b c", "c b")) == 2  # <eos> against "a"
    cut = tiny.run("a b c", max_len=2)
    longer = tiny.teacher_force("a b c", [*cut.tgt_out.ids, 7])
    assert first_difference(cut, longer) == 2


def test_attention_is_compared_at_the_first_step_that_reads_the_difference(tiny: Model) -> None:
    one, two = (tiny.teacher_force("a b c", target) for target in ("c b a", "c x a"))
    found = {(s.kind, s.layer, s.head): s.distance for s in head_shifts(one, two)}
    assert len(found) == 2 * tiny.config.n_decoder_layers * tiny.config.n_heads
    for (kind, layer, head), distance in found.items():
        a = one.attention[kind][layer].pattern[head]
        b = two.attention[kind][layer].pattern[head]
        np.testing.assert_allclose(a[:2], b[:2], atol=1e-6)
        assert distance == pytest.approx(0.5 * np.abs(a[2] - b[2]).sum(), abs=1e-6)
        assert 0 <= distance <= 1
    values = [s.distance for s in head_shifts(one, two)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0


def test_heads_with_nothing_in_common_are_at_distance_one(tiny: Model) -> None:
    one, two = (tiny.teacher_force("a b c", target) for target in ("c b a", "c x a"))

    def looking_at(trace, column):  # type: ignore[no-untyped-def]
        record = trace.attention["cross"][0]
        pattern = np.zeros_like(record.pattern)
        pattern[:, :, column] = 1
        cross = (replace(record, kept=pattern), *trace.attention["cross"][1:])
        return replace(trace, attention={**trace.attention, "cross": cross})

    first = head_shifts(looking_at(one, 0), looking_at(two, 1))[0]
    assert (first.kind, first.layer, first.distance) == ("cross", 0, 1.0)


def test_no_heads_are_compared_where_a_target_ends_or_nothing_differs(tiny: Model) -> None:
    one = tiny.teacher_force("a b c", "c b a")
    assert head_shifts(one, one) == []
    assert head_shifts(one, tiny.teacher_force("a b c", "c b")) == []
