"""From output to source: rollouts, gradients, leaving words out, and their agreement."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.alignment.links import Alignment
from headlight.model.analysis.alignment.reference import word_groups
from headlight.model.analysis.attribution import LEAVE_OUT, Method
from headlight.model.analysis.attribution.attention import mean_weights
from headlight.model.analysis.attribution.base import by_word, merge
from headlight.model.analysis.attribution.findings import Findings, findings, read_findings, table
from headlight.model.analysis.attribution.mixing import (
    by_attention,
    by_distance,
    by_norm,
    transformed,
)
from headlight.model.analysis.attribution.rollout import contributions, rollout, source_share
from headlight.model.analysis.attribution.saliency import (
    gradient_times_input,
    integrated_gradients,
    leave_one_out,
)
from headlight.model.analysis.attribution.sources import agreement, sources, word_text
from headlight.model.analysis.attribution.ways import Choice, choices, ways
from headlight.model.analysis.intervals import bootstrap
from headlight.model.network.config import KINDS
from headlight.model.network.source import Source
from headlight.model.run.arrays import Array
from tests.model.analysis.hand import looks_at, written
from tests.model.builders import random_model


def test_rollout_of_one_layer_by_hand() -> None:
    # encoder: a looks at b, b at a, <eos> at itself; decoder: itself; cross: x from a, <eos> from b
    trace = written(
        ["a", "b"],
        ["x"],
        encoder_self=looks_at([1, 0, 2], 3),
        decoder_self=looks_at([0, 1], 2),
        cross=looks_at([0, 1], 3),
    )
    model = random_model(n_encoder_layers=1, n_decoder_layers=1)
    trace = replace(trace, digest=model.digest)
    # half of cross-attention's column a is a, half of it is b; the other half is the prefix
    expected = [[0.25, 0.25, 0, 0.5, 0], [0.25, 0.25, 0, 0, 0.5]]
    np.testing.assert_allclose(rollout(model, trace), expected)


def vectors(model: Model, trace: Trace, kind: str, layer: int) -> tuple[Tensor, Tensor, Tensor]:
    """For every row the vectors [Q, K, D] that keys add, the own stream [Q, D], and the bias [D]:
    computed by the network's own modules, one key at a time.
    """
    stack: Any = model.network.encoder if kind == "encoder_self" else model.network.decoder
    block = stack[layer].cross_attention if kind == "cross" else stack[layer].self_attention
    record = trace.attention[kind][layer]
    off = {h for k, i, h in trace.edits.ablate if (k, i) == (kind, layer)}
    n_heads, n_query, n_key = record.pattern.shape
    bias = block.out_proj(torch.zeros(1, model.config.d_model))[0]
    parts = torch.zeros(n_query, n_key, model.config.d_model)
    for q in range(n_query):
        for k in range(n_key):
            weighed = [
                torch.zeros(record.v.shape[2])
                if h in off
                else float(record.pattern[h, q, k]) * torch.tensor(record.v[h, k])
                for h in range(n_heads)
            ]
            parts[q, k] = block.out_proj(torch.cat(weighed)[None])[0] - bias
    rows = trace.encoder.layers if kind == "encoder_self" else trace.decoder.layers
    stream = rows[layer].resid_mid if kind == "cross" else rows[layer].resid_pre
    return parts, torch.tensor(stream), bias


def shares_of_block(model: Model, trace: Trace, kind: str, layer: int, how: str) -> Array:
    """[Q, K + 1] by the definitions, written again: the last column is the own stream."""
    record = trace.attention[kind][layer]
    n_query, n_key = record.pattern.shape[1:]
    heads = [h for h in range(len(record.pattern)) if (kind, layer, h) not in trace.edits.ablate]
    if how == "attention":
        found = np.zeros((n_query, n_key + 1))
        found[:, -1] = 0.5 if heads else 1.0
        found[:, :-1] = 0.5 * sum(record.pattern[heads]) / max(1, len(heads))
        return found
    parts, stream, bias = vectors(model, trace, kind, layer)
    every = torch.cat([parts, torch.zeros(n_query, 1, parts.size(-1))], dim=1)
    for q in range(n_query):
        every[q, n_key if kind == "cross" else q] += stream[q]
    whole = every.sum(1) + bias
    if not model.config.norm_first:
        stack: Any = model.network.encoder if kind == "encoder_self" else model.network.decoder
        around = stack[layer].around_cross if kind == "cross" else stack[layer].around_self
        norm = around.norm
        spread = (whole.var(-1, correction=0, keepdim=True) + norm.eps).sqrt()
        every = (every - every.mean(-1, keepdim=True)) / spread[:, None] * norm.weight
        whole = norm(whole)
    if how == "norm":
        sizes = every.norm(dim=-1)
    else:
        sizes = (whole.abs().sum(-1)[:, None] - (whole[:, None] - every).abs().sum(-1)).clamp(min=0)
    shares: Array = (sizes / sizes.sum(-1, keepdim=True)).detach().numpy()
    return shares


def by_matrices(model: Model, trace: Trace, how: str) -> Array:
    """Shares [T, S + T] of source and target positions: one square matrix a block, multiplied."""
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    sides = {"source": slice(0, n_src), "target": slice(n_src, n_src + n_tgt)}
    total = np.eye(n_src + n_tgt)

    def block(kind: str, layer: int, queries: str, keys: str) -> None:
        nonlocal total
        shares = shares_of_block(model, trace, kind, layer, how)
        matrix = np.eye(n_src + n_tgt)
        matrix[sides[queries], sides[queries]] = np.diag(shares[:, -1])
        matrix[sides[queries], sides[keys]] += shares[:, :-1]
        total = matrix @ total

    for i in range(len(trace.encoder.layers)):
        if ("encoder", i) not in trace.edits.skip:
            block("encoder_self", i, "source", "source")
    for i in range(len(trace.decoder.layers)):
        if ("decoder", i) not in trace.edits.skip:
            block("decoder_self", i, "target", "target")
            if trace.edits.cross_attention:
                block("cross", i, "target", "source")
    return total[n_src:]


WAYS = {"attention": by_attention, "norm": by_norm, "distance": by_distance}


@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
@pytest.mark.parametrize(
    "edits",
    [
        Edits(),
        Edits(skip={("encoder", 1)}),
        Edits(skip={("decoder", 0)}),
        Edits(cross_attention=False),
        Edits(ablate={("encoder_self", 0, 1), ("decoder_self", 1, 0), ("cross", 0, 1)}),
        Edits(ablate={("encoder_self", 1, 0), ("encoder_self", 1, 1), ("cross", 0, 0)}),
    ],
    ids=[
        *["plain", "encoder layer skipped", "decoder layer skipped", "no cross"],
        *["ablated", "a whole block ablated"],
    ],
)
def test_rollouts_are_products_of_matrices(norm_first: bool, edits: Edits) -> None:
    model = random_model(norm_first=norm_first)
    trace = model.teacher_force("q w e r", "r e w", edits=edits)
    assert trace.n_heads > 1
    for how, mixing in WAYS.items():
        found = rollout(model, trace, mixing)
        expected = by_matrices(model, trace, how)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_the_transformed_vectors_sum_to_the_stream_after_the_block(
    any_model: Model, trace: Trace
) -> None:
    """Biases aside, which belong to no token."""
    for kind in KINDS:
        for layer in range(trace.n_layers(kind)):
            (parts, whole), *more = transformed(any_model, trace, kind, layer)
            assert not more
            stack = trace.encoder if kind == "encoder_self" else trace.decoder
            record = stack.layers[layer]
            after = record.resid_mid_cross if kind == "cross" else record.resid_mid
            assert after is not None
            np.testing.assert_allclose(whole, after, atol=1e-4)
            rest = whole - parts.sum(1)  # b_O, or its image and β behind a norm
            if any_model.config.norm_first:
                np.testing.assert_allclose(rest, np.broadcast_to(rest[0], rest.shape), atol=1e-4)


def test_heads_that_write_their_mean_are_refused(tiny: Model) -> None:
    head = ("encoder_self", 0, 1)
    means = {head: [0.5] * tiny.config.d_head}
    trace = tiny.teacher_force("q w e r", "r e w", edits=Edits(ablate={head}, means=means))
    for mixing in WAYS.values():
        with pytest.raises(ValueError, match="heads write their mean over a corpus"):
            rollout(tiny, trace, mixing)
    kept = tiny.teacher_force("q w e r", "r e w", edits=Edits(means=means))
    plain = tiny.teacher_force("q w e r", "r e w")
    np.testing.assert_array_equal(rollout(tiny, kept), rollout(tiny, plain))


def test_shares_sum_to_one_and_never_look_ahead(any_model: Model, trace: Trace) -> None:
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    for mixing in WAYS.values():
        found = rollout(any_model, trace, mixing)
        assert found.shape == (n_tgt, n_src + n_tgt)
        assert found.min() >= 0
        np.testing.assert_allclose(found.sum(1), 1)
        assert not np.triu(found[:, n_src:], 1).any()


def test_the_source_share(any_model: Model, trace: Trace, tiny: Model) -> None:
    found = source_share(any_model, trace)
    assert ((found > 0) & (found < 1)).all()
    np.testing.assert_allclose(found, contributions(any_model, trace)[:, : len(trace.src)].sum(1))
    given = ("q w e r", "r e w q")
    layers, heads = tiny.config.n_decoder_layers, tiny.config.heads("cross")
    every = frozenset(("cross", i, h) for i in range(layers) for h in range(heads))
    for edits in (Edits(cross_attention=False), Edits(every)):
        blind = tiny.teacher_force(*given, edits=edits)
        np.testing.assert_allclose(source_share(tiny, blind), 0, atol=1e-12)


def test_what_a_word_gets_whatever_is_written_is_taken_away(tiny: Model) -> None:
    trace = tiny.run("a b c")
    words = [(0,), (1, 2)]
    values = np.array([[0.1, 0.2, 0.4, 9.0], [0.3, 0.0, 0.0, 9.0]])
    scores = by_word(lambda model, trace: values)(tiny, trace, words)
    np.testing.assert_allclose(scores, [[0.1, 0.3], [0.3, 0.0]])
    above = by_word(lambda model, trace: values, above_mean=True)(tiny, trace, words)
    np.testing.assert_allclose(above, [[0.0, 0.15], [0.1, 0.0]])


def test_attention_weights_are_averaged(tiny: Model) -> None:
    trace = tiny.run("a b c")
    cross = trace.attention["cross"]
    every = np.mean([record.pattern[h] for record in cross for h in range(2)], axis=0)
    np.testing.assert_allclose(mean_weights(tiny, trace), every, atol=1e-7)
    one = mean_weights(tiny, trace, heads=[(1, 0)], normed=True)
    np.testing.assert_allclose(one, cross[1].pattern[0] * cross[1].value_norm[0], atol=1e-6)


def test_integrated_gradients_sum_to_the_difference_of_the_ends(tiny: Model) -> None:
    """Completeness (Sundararajan et al. 2017, proposition 1), against the two ends run by hand."""
    trace = tiny.teacher_force("a b c", "c b")
    found = integrated_gradients(tiny, trace, 64)
    assert not found[:, -1].any()  # <eos> is at both ends
    src, tgt_in = torch.tensor([trace.src.ids]), torch.tensor([trace.tgt_in.ids])

    def log_odds(scale: float) -> Array:
        with torch.inference_mode():
            embed, mask = tiny.network.read(src)
            embed = embed.clone()
            embed[:, :3] *= scale
            memory = tiny.network.encode_stream(embed, mask)
            p = tiny.network.unembed(tiny.network.decode(tgt_in, memory))[0].double().softmax(-1)
            p = p[range(3), trace.tgt_out.ids]
        odds: Array = (p / (1 - p)).log().numpy()
        return odds

    np.testing.assert_allclose(found.sum(1), log_odds(1.0) - log_odds(0.0), rtol=0.02, atol=0.02)
    with pytest.raises(ValueError, match="1 or more, not 0"):
        integrated_gradients(tiny, trace, 0)


def test_gradient_times_input_is_the_first_order_change(tiny: Model) -> None:
    """Against finite differences: one source token's embedding scaled a little, in float64."""
    trace = tiny.teacher_force("a b c", "c b")
    found = gradient_times_input(tiny, trace)
    assert found.shape == (3, 4)
    double = copy.deepcopy(tiny.network).double()
    double.positions = double.positions.double()
    src, tgt_in = torch.tensor([trace.src.ids]), torch.tensor([trace.tgt_in.ids])

    def log_odds(column: int, factor: float) -> Array:
        def scale(module: object, args: object, embedded: torch.Tensor) -> torch.Tensor:
            factors = torch.ones(1, embedded.size(1), 1, dtype=embedded.dtype)
            if embedded.size(1) == 4:  # the source; the target has three
                factors[0, column] = factor
            return embedded * factors

        handle = double.embedding.register_forward_hook(scale)
        p = double(src, tgt_in)[0].softmax(-1)[range(3), trace.tgt_out.ids]
        handle.remove()
        odds: Array = (p / (1 - p)).log().numpy()
        return odds

    step = 1e-5
    for column in range(4):
        slope = (log_odds(column, 1 + step) - log_odds(column, 1 - step)) / (2 * step)
        np.testing.assert_allclose(found[:, column], slope, rtol=1e-3, atol=1e-5)


def test_weights_keep_no_gradient(tiny: Model) -> None:
    gradient_times_input(tiny, tiny.run("a b c"))
    assert all(p.grad is None and not p.requires_grad for p in tiny.network.parameters())


def test_more_rows_than_fit_at_once(tiny: Model) -> None:
    long = tiny.teacher_force("a b c d", "a b c d e f g h i j k l m n o p " * 3)
    assert len(long.tgt_out) > 32
    head = tiny.teacher_force("a b c d", long.tgt_out.ids[:5])
    found = gradient_times_input(tiny, long)
    np.testing.assert_allclose(found[:5], gradient_times_input(tiny, head)[:5], atol=1e-4)


def test_a_word_left_out_is_a_word_nobody_attends_to(tiny: Model) -> None:
    """Without the word it does not matter which word it was."""
    one, two = (tiny.teacher_force(text, "c b a") for text in ("a b c", "x b c"))
    assert np.abs(one.chosen_log_probs - two.chosen_log_probs).max() > 1e-3
    without = [t.chosen_log_probs - leave_one_out(tiny, t, [(0,)])[:, 0] for t in (one, two)]
    np.testing.assert_allclose(without[0], without[1], atol=1e-5)


def test_leaving_words_out_row_by_row(tiny: Model) -> None:
    trace = tiny.teacher_force("a b c", "c b a")
    words = [(0,), (1,), (0, 2), ()]
    found = leave_one_out(tiny, trace, words)
    assert found.shape == (4, 4)
    for column, word in enumerate(words):
        kept = torch.tensor([[i not in word for i in range(len(trace.src))]])
        source = Source(torch.tensor([trace.src.ids]), mask=kept)
        log_probs = tiny.network(source, torch.tensor([trace.tgt_in.ids]))[0].log_softmax(-1)
        without = log_probs[range(4), trace.tgt_out.ids].numpy()
        np.testing.assert_allclose(found[:, column], trace.chosen_log_probs - without, atol=1e-5)
    np.testing.assert_allclose(found[:, 3], 0, atol=1e-5)
    assert np.abs(found[:, :3]).min(0).max() > 0


def test_edited_and_foreign_traces_are_refused(tiny: Model) -> None:
    blind = tiny.teacher_force("a b c", "c b a", edits=Edits(cross_attention=False))
    foreign = random_model(seed=5).run("a b c")
    for trace, said in ((blind, "whole model, without edits"), (foreign, "another model")):
        for attempt in (
            sources,
            gradient_times_input,
            lambda model, trace: leave_one_out(model, trace, [(0,)]),
        ):
            with pytest.raises(ValueError, match=said):
                attempt(tiny, trace)
    with pytest.raises(ValueError, match="no words to leave out"):
        leave_one_out(tiny, tiny.run("a b c"), [])


def test_all_methods_on_real_traces(any_model: Model, trace: Trace) -> None:
    found = sources(any_model, trace)
    shape = (len(trace.tgt_out), len(found.words))
    assert all(values.shape == shape for values in found.scores.values())
    assert all(np.isfinite(values).all() for values in found.scores.values())
    assert found.mean_tau("leave_out") == pytest.approx(1) or shape[1] == 1
    truth = np.abs(found.scores["leave_out"])
    for slug, tau in found.tau.items():
        sizes = np.abs(found.scores[slug])
        np.testing.assert_array_equal(tau, agreement(sizes, truth))
        known = tau[np.isfinite(tau)]
        assert ((known >= -1 - 1e-9) & (known <= 1 + 1e-9)).all()


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
    assert list(rows) == [
        *["leave_out", "right", "best_head", "best_head_reads", "diagonal", "chance"]
    ]
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


def test_how_shares_are_read_is_chosen_and_not_assumed(tiny: Model) -> None:
    picks = {one.slug: one for one in choices(tiny)}
    assert list(picks) == [
        *["best_head", "best_head_reads", "alti_above_chosen", "norm_rollout_chosen"],
        "rollout_chosen",
    ]
    assert [one.slug for one in picks["rollout_chosen"].candidates] == ["rollout_plain", "rollout"]
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
