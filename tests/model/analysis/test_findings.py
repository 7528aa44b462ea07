"""How good each way from output to source is: agreement, choices, intervals."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from headlight.model import Model, Trace
from headlight.model.analysis.alignment.links import Alignment
from headlight.model.analysis.alignment.reference import word_groups
from headlight.model.analysis.attribution import LEAVE_OUT, Method
from headlight.model.analysis.attribution.attention import head_method
from headlight.model.analysis.attribution.base import merge
from headlight.model.analysis.attribution.findings import Findings, findings, read_findings, table
from headlight.model.analysis.attribution.judging import of_pair, of_run
from headlight.model.analysis.attribution.sources import agreement, word_text
from headlight.model.analysis.attribution.ways import Choice, choices, ways
from headlight.model.analysis.intervals import bootstrap
from headlight.model.run.arrays import Array
from tests.model.analysis.hand import looks_at

BEST_HEADS = ["best_head", "best_head_reads", "best_norm_head", "best_norm_head_reads"]


def test_kendall() -> None:
    a = np.array([1.0, 2.0, 3.0])

    def tau(b: list[float]) -> float:
        return float(agreement(a[None], np.array([b]))[0])

    assert tau([1, 2, 3]) == pytest.approx(1)
    assert tau([-3, -2, -1]) == pytest.approx(-1)
    # pairs: two agree, one against
    assert tau([1.0, 3.0, 2.0]) == pytest.approx(1 / 3)
    # a tie: 2 agreeing pairs of √(3·2)
    assert tau([1.0, 2.0, 2.0]) == pytest.approx(2 / 6**0.5)
    assert np.isnan(tau([0, 0, 0]))


def test_words_are_merged(any_model: Model, trace: Trace) -> None:
    groups = word_groups(trace.src)
    flat = [i for group in groups for i in group]
    assert flat == [i for i, special in enumerate(trace.src.special) if not special]
    assert all(word_text(trace.src, group).strip() for group in groups)
    counted = np.arange(len(trace.src), dtype=float)[None]
    means = [np.mean(group) for group in groups]
    np.testing.assert_allclose(merge(counted, groups)[0], means)


def test_findings_of_a_model_that_copies_the_truth(tiny: Model, tmp_path: Path) -> None:
    traces = [tiny.run(text) for text in ("a b c", "q w e r", "x y")]
    aligned = []
    for trace in traces:
        n = min(len(trace.src) - 1, len(trace.tgt_out))
        same = frozenset((i, i) for i in range(n))
        words = tuple((i,) for i in range(n))
        aligned.append((trace, Alignment(words, words, same, same)))
    right = Method(
        "right", "right", "d.", "", "", False, lambda m, t, w: np.eye(len(t.tgt_out))[:, : len(w)]
    )
    rows = {one.method: one for one in findings(tiny, traces, aligned, [LEAVE_OUT, right])}
    assert list(rows) == ["leave_out", "right", *BEST_HEADS, "diagonal", "chance"]
    assert [*rows["right"].aer] == [0] * 3
    assert [*rows["diagonal"].aer] == [0] * 3
    assert [*rows["leave_out"].tau] == [1] * 3
    assert [*rows["leave_out"].top] == [1] * 3
    # a random link of n words is right once in n: the error is 1 − 1/n, weighed by 2n links
    sizes = np.array([len(alignment.targets) for _, alignment in aligned])
    expected = (2 * sizes * (1 - 1 / sizes)).sum() / (2 * sizes).sum()
    assert rows["chance"].aer.value == pytest.approx(expected)
    assert rows["chance"].aer.low < expected < rows["chance"].aer.high
    assert abs(rows["chance"].tau.value) < 0.4

    assert {"attention_L0", "norm_attention_L1", "alti"} <= {one.slug for one in ways(tiny)}
    whole = findings(tiny, traces, aligned, [LEAVE_OUT])
    kept = Findings(tiny.digest, 3, "by hand", whole)
    assert kept.row("diagonal") == rows["diagonal"]
    assert kept.linked == "3 pairs (by hand)"
    assert replace(kept, gold="3 hand-aligned pairs").linked == "3 hand-aligned pairs"
    assert replace(kept, gold="").linked == "none"
    kept.write(tmp_path / "f.json")
    back = read_findings(tmp_path / "f.json")
    assert [one.title for one in back.rows] == [one.title for one in whole]
    np.testing.assert_allclose([r.aer for r in back.rows], [r.aer for r in whole], atol=1e-6)
    assert len(back.to_pandas()) == len(whole)
    (tmp_path / "f.json").write_text("{}")
    with pytest.raises(ValueError, match="does not hold findings"):
        read_findings(tmp_path / "f.json")


def test_the_best_head_is_counted_on_the_half_it_was_not_chosen_on(tiny: Model) -> None:
    """A head that is right on the first half only is chosen there, and found wrong on the other."""
    n = 3
    right, wrong = looks_at([0, 1, 2, 3], 4), looks_at([1, 2, 0, 3], 4)
    words = tuple((i,) for i in range(n))
    same = frozenset((i, i) for i in range(n))
    aligned = []
    for i in range(4):
        trace = tiny.teacher_force("a b c", "a b c")
        lucky = (right, wrong) if i % 2 == 0 else (wrong, right)
        records = tuple(
            replace(record, kept=np.stack(lucky if layer == 0 else [wrong, wrong]))
            for layer, record in enumerate(trace.attention["cross"])
        )
        trace = replace(trace, attention={**trace.attention, "cross": records})
        aligned.append((trace, Alignment(words, words, same, same)))
    rows = {one.method: one for one in findings(tiny, [tiny.run("a b c")], aligned, [])}
    assert [*rows["best_head"].aer] == [1] * 3
    assert "L0 H0 and L0 H1" in rows["best_head"].title


def test_the_best_head_by_norms_is_chosen_by_norms(tiny: Model) -> None:
    """One head is right by its weights and not times ‖v·W_O‖; with another it is the other way."""
    same = frozenset((i, i) for i in range(3))
    words = tuple((i,) for i in range(3))
    right = np.array([[0.6, 0.4, 0, 0], [0.4, 0.6, 0, 0], [0, 0.4, 0.6, 0], [0, 0, 0, 1]])
    other = np.array([[0.7, 0.3, 0, 0], [0.3, 0.7, 0, 0], [0.6, 0.2, 0.2, 0], [0, 0, 0, 1]])
    wrong, even = looks_at([1, 2, 0, 3], 4), np.ones(4)
    trace = tiny.teacher_force("a b c", "a b c")
    first, second = trace.attention["cross"]
    norms = np.array([1, 4, 1, 1]), np.array([1, 1, 4, 1])
    records = (
        replace(first, kept=np.stack([right, wrong]), value_norm=np.stack([norms[0], even])),
        replace(second, kept=np.stack([wrong, other]), value_norm=np.stack([even, norms[1]])),
    )
    trace = replace(trace, attention={**trace.attention, "cross": records})
    aligned = [(trace, Alignment(words, words, same, same))] * 4
    rows = {one.method: one for one in findings(tiny, [tiny.run("a b c")], aligned, [])}
    assert rows["best_head"].title.startswith("attention weights, best head (L0 H0;")
    assert rows["best_norm_head"].title.startswith("norm-weighted attention, best head (L1 H1;")
    assert [*rows["best_head"].aer] == [*rows["best_norm_head"].aer] == [0] * 3
    one = head_method(0, 0, normed=True)  # two of three words linked to the second source word
    missed, count, *_ = of_pair(tiny, *aligned[0], [one])[one.slug]
    assert missed == pytest.approx(4)
    assert count == 6


def test_a_choice_counts_only_where_it_was_not_made() -> None:
    """Four pairs; `a` is right on the even ones, `b` on the odd ones; so for the runs."""
    methods = [Method(slug, slug, "", "", "", False, lambda m, t, w: np.eye(1)) for slug in "ab"]
    pick = Choice("best", "best", {"a": "A", "b": "B"}, tuple(methods))
    right, wrong = (0.0, 2.0, 2.0, 2.0), (2.0, 2.0, 0.0, 2.0)
    rest = {"diagonal": right, "chance": right}
    pairs = [
        {"a": right, "b": wrong, **rest} if i % 2 == 0 else {"a": wrong, "b": right, **rest}
        for i in range(4)
    ]
    runs = [{"a": (1.0, 1.0, 0.0, 1.0), "b": (0.0, 1.0, 1.0, 1.0), **rest}] * 2
    rows = {one.method: one for one in table(methods, [pick], runs, pairs)}
    assert rows["a"].aer.value == rows["b"].aer.value == 0.5
    assert rows["best"].aer.value == 1  # chosen where it is right, counted where it is not
    assert rows["best"].title == "best (A and B; chosen on one half, counted on the other)"
    assert rows["best"].tau.value == 0.5  # one run by either
    reading = replace(pick, reads=True)  # by the row that reads it is the other way round
    rows = {one.method: one for one in table(methods, [reading], runs, pairs)}
    assert rows["best"].aer_reads.value == 1
    assert rows["best"].aer.value == 0
    assert not [one for one in table(methods, [pick], runs, pairs[:1]) if one.method == "best"]


def test_words_that_share_the_first_place_are_named_in_part(tiny: Model) -> None:
    trace = tiny.run("a b c", max_len=2)
    truth = LEAVE_OUT.scores(tiny, trace, word_groups(trace.src))
    first = truth.argmax(-1)
    given = {
        "all alike": (np.zeros((2, 3)), 2 / 3),
        "two of three": (-1.0 * (np.arange(3) == (first[:, None] + 1) % 3), 1.0),
        "the others": (1.0 * (np.arange(3) != first[:, None]), 0.0),
        "itself": (truth, 2.0),
    }
    for name, (scores, same) in given.items():
        one = Method(name, name, "", "", "", True, partial(_always, scores))
        *_, counted, rows = of_run(tiny, trace, [one])[name]
        assert counted == pytest.approx(same), name
        assert rows == 2


def _always(scores: Array, *given: object) -> Array:
    return scores


def test_how_shares_are_read_is_chosen_and_not_assumed(tiny: Model) -> None:
    picks = {one.slug: one for one in choices(tiny)}
    assert list(picks) == [*BEST_HEADS, "alti_chosen", "norm_rollout_chosen", "rollout_chosen"]
    assert [one.slug for one in picks["rollout_chosen"].candidates] == ["rollout", "rollout_above"]
    shown = {one.slug for one in ways(tiny)}
    assert {one.slug for p in picks.values() if not p.of_heads for one in p.candidates} <= shown


def test_a_bootstrap_interval_covers_what_it_should() -> None:
    random = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        count = random.integers(5, 15, 60).astype(float)
        found = bootstrap(random.binomial(count.astype(int), 0.3).astype(float), count, 300)
        covered += found.low <= 0.3 <= found.high
    assert 175 <= covered <= 199
    assert np.isnan(bootstrap(np.zeros(3), np.zeros(3)).value)
    alone = bootstrap(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    assert alone.value == 0.5
    assert np.isnan([alone.low, alone.high]).all()
    assert str(alone) == "0.500"
