"""What the pages show, as tables and figures: the numbers are those of the runs behind them."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import numpy as np
import pytest

import headlight
from headlight import analysis
from headlight.model.analysis.alignment.reference import word_groups
from headlight.model.analysis.attribution import LEAVE_OUT
from headlight.model.analysis.attribution.attention import ATTENTION, head_method
from headlight.model.analysis.attribution.rollout import source_share
from headlight.model.analysis.attribution.sources import agreement
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.damage import damage
from headlight.model.analysis.interventions.patching import cells, patching_map
from headlight.model.analysis.walk import Cell, recompute, walk
from headlight.model.decoding import Beam, Sampling
from headlight.model.training.recording import of_model
from headlight.viz.labels import SHARES
from tests.model.builders import random_model
from tests.model.hub.folders import LONG_WHISPER, write, write_words


@pytest.fixture(scope="module")
def tiny() -> headlight.Model:
    return random_model()


@pytest.mark.parametrize("kind", ["encoder_self", "decoder_self", "cross"])
def test_a_walk_as_a_table(tiny: headlight.Model, kind: str) -> None:
    trace = tiny.run("a b c", max_len=4)
    cell = (kind, 1, 1, 2, 1)
    steps = walk(tiny, trace, Cell(*cell))
    found = analysis.walk(tiny, trace, cell)
    assert found.name.tolist() == [one.key for one in steps]
    assert found.step.tolist() == list(range(1, len(steps) + 1))
    record = trace.attention[kind][1]
    own = found.set_index("name").value
    assert own["weights"] == record.pattern[1, 2, 1]
    assert own["row"] == own["scale"] == record.raw_scores[1, 2, 1]
    assert np.isnan(own["q"]), "a vector has no number of its own"
    for number, step in enumerate(steps, start=1):
        numbers = analysis.walk_numbers(tiny, trace, cell, number)
        assert len(numbers) == sum(np.size(one.values) for one in (*step.inputs, step.output))
        given = numbers[numbers.is_output]
        np.testing.assert_allclose(given.value, np.ravel(recompute(step)), rtol=1e-4, atol=1e-5)
    same = analysis.walk_numbers(tiny, trace, cell, "weights")
    assert same[same.is_output].column_name.tolist() == [
        trace.keys(kind).surface(i) for i in range(len(trace.keys(kind)))
    ]
    projected = analysis.walk_numbers(tiny, trace, cell, "q")
    (w_q,) = (frame for name, frame in projected.groupby("part") if name == "W_Q")
    assert (w_q.row.max(), w_q.column.max()) == (15, 7)
    assert projected[projected.is_output].row.isna().all()
    with pytest.raises(ValueError, match=r"There is no step 'softmax': 1 to .*, weights"):
        analysis.walk_numbers(tiny, trace, cell, "softmax")
    with pytest.raises(ValueError, match=r"There is no step 0: 1 to"):
        analysis.walk_map(tiny, trace, cell, 0)
    with pytest.raises(ValueError, match=f"head 2 does not exist in {kind}: 0 to 1"):
        analysis.walk(tiny, trace, (kind, 1, 2, 0, 0))
    with pytest.raises(ValueError, match=r"A cell is \(kind, layer, head, query, key\), not"):
        analysis.walk(tiny, trace, (kind, 1, 2))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["t5", "marian, two vocabularies", "m2m100", LONG_WHISPER])
def test_every_step_of_other_families_is_a_table_and_a_picture(name: str, tmp_path: Path) -> None:
    write(name, tmp_path)
    write_words(tmp_path)
    model = headlight.load(tmp_path)
    given = "w3 w4 w5"
    if model.reads == "sound":
        given = headlight.Sound(np.sin(np.arange(16_000) / 20).astype(np.float32), 16_000)  # type: ignore[assignment]
    trace = model.run(given, max_len=3)
    for kind in ("encoder_self", "cross"):
        cell = (kind, 0, 1, 0, 1)
        found = analysis.walk(model, trace, cell).set_index("name")
        assert found.value["weights"] == trace.attention[kind][0].pattern[1, 0, 1]
        for step in found.index if kind == "cross" else ():
            given_last = analysis.walk_map(model, trace, cell, step).data[-1]
            assert given_last.name == found.gives[step]
        assert len(analysis.matrices(model, trace, (kind, 0, 1)).part.unique()) == 8


def test_arrays_of_a_step_as_a_picture(tiny: headlight.Model) -> None:
    trace = tiny.run("a b c", max_len=4)
    cell = ("decoder_self", 0, 0, 1, 0)
    raw, mask, masked = analysis.walk_map(tiny, trace, cell, "mask").data
    np.testing.assert_allclose(raw.z[0], trace.attention["decoder_self"][0].raw_scores[0, 1])
    assert (raw.zmin, raw.zmax) == (-np.abs(raw.z).max(), np.abs(raw.z).max())
    assert mask.z.tolist() == [[1, 1, 0, 0]]
    assert (mask.zmin, mask.zmax) == (0, 1)
    assert np.isnan(masked.z).tolist() == [[False, False, True, True]], "−∞ is left open"
    weights = analysis.walk_map(tiny, trace, cell, "weights").data[-1]
    assert (weights.zmin, weights.zmax) == (0, 1)
    whole = analysis.walk_map(tiny, trace, ("cross", 0, 0, 1, 0), "logits")
    assert [one.name for one in whole.data] == ["output", "E", "logits"]


def test_whole_matrices_as_a_table(tiny: headlight.Model) -> None:
    trace = tiny.run("a b c", max_len=4)
    found = {
        name: frame.pivot(index="row", columns="column", values="value").to_numpy()
        for name, frame in analysis.matrices(tiny, trace, ("cross", 1, 1)).groupby("part")
    }
    record = trace.attention["cross"][1]
    np.testing.assert_array_equal(found["Q"], record.q[1])
    np.testing.assert_array_equal(found["Kᵀ"], record.k[1].T)
    np.testing.assert_allclose(found["÷ √d_head"], found["Q"] @ found["Kᵀ"] / 8**0.5, rtol=1e-5)
    np.testing.assert_array_equal(found["weights"], record.pattern[1])
    np.testing.assert_allclose(found["weights"] @ found["V"], found["Z"], rtol=1e-4, atol=1e-6)
    figure = analysis.matrices_map(tiny, trace, ("cross", 1, 1))
    np.testing.assert_array_equal(figure.data[5].z, record.pattern[1])
    with pytest.raises(ValueError, match="layer 2 does not exist in cross: 0 to 1"):
        analysis.matrices(tiny, trace, ("cross", 2, 0))
    with pytest.raises(ValueError, match=r"no attention 'self'\. There are: encoder_self"):
        analysis.matrices_map(tiny, trace, ("self", 0, 0))
    with pytest.raises(ValueError, match=r"A head is \(kind, layer, head\), not 'cross'"):
        analysis.matrices(tiny, trace, "cross")  # type: ignore[arg-type]


@pytest.mark.parametrize("slug", ["reverse", "translate-en-fr"])
def test_a_recorded_training_as_tables(slug: str) -> None:
    model, kept = headlight.load(slug), of_model(slug)
    assert kept is not None
    source = kept.sources[1] if kept.sources else "d b a c"
    history = kept.history(source)
    assert analysis.film_sources(model) == kept.sources
    found = analysis.film(model, source)
    assert tuple(found.step) == history.steps
    assert tuple(found.output) == history.outputs
    assert found.loss.tolist() == pytest.approx((-history.log_probs.mean(-1)).tolist())

    heads = analysis.film_heads(model, source).set_index(["step", "layer", "head"])
    layers, n_heads = history.aer["writes"].shape[1:]
    last = history.steps[-1]
    assert len(heads) == len(history.steps) * layers * n_heads
    assert heads.aer[last, 1, 0] == history.aer["writes"][-1, 1, 0]
    assert heads.aer_shifted[last, 0, 2] == history.aer["reads"][-1, 0, 2]
    over_all = analysis.film_heads(model).set_index(["step", "layer", "head"])
    if kept.sources:  # the error of all sentences is Σ missed / Σ links, not a mean of means
        n = [one.n_links for one in kept.histories]  # type: ignore[attr-defined]
        each = [one.aer["writes"][-1, 1, 0] for one in kept.histories]  # type: ignore[attr-defined]
        assert over_all.aer[last, 1, 0] == pytest.approx(np.average(each, weights=n), abs=1e-6)

    step = history.steps[3]
    kept_cells = analysis.film_weights(model, step, source)
    one = kept_cells.set_index(["kind", "layer", "head"]).loc["decoder_self", 1, 2]
    pattern, mask = history.pattern(3, "decoder_self", 1, 2), history.masks["decoder_self"]
    assert one.weight.tolist() == pattern[np.broadcast_to(mask, pattern.shape)].tolist()
    picture = analysis.film_map(model, step, ("decoder_self", 1, 2), source)
    drawn = next(part for part in picture.data if part.name == "weights").z
    np.testing.assert_array_equal(drawn[mask], pattern[mask])
    lines = {line.name: line for line in analysis.film_lines(model, source).data}
    assert lines["loss on this source"].y.tolist() == history.loss.tolist()
    assert len(lines["training loss"].y) == len(kept.curve)
    quality, most = ("bleu", 100) if kept.sources else ("exact", 1)
    assert lines[SHARES[quality][0]].y[-1] == kept.curve[-1].quality[quality] / most
    best = lines["alignment error, best head"].y[-1]
    assert best == (over_all if kept.sources else heads).loc[last].min().min()
    with pytest.raises(ValueError, match=r"Step 3 was not kept\. There are: 0, "):
        analysis.film_weights(model, 3, source)


def test_trainings_that_were_not_recorded_are_told_of(tiny: headlight.Model) -> None:
    with pytest.raises(ValueError, match="recorded of “reverse” is of other weights"):
        analysis.film(tiny, "a b c")
    free = headlight.Model("free", tiny.network, tiny.tokenizer)
    for read in (analysis.film, analysis.film_heads, analysis.film_lines):
        with pytest.raises(ValueError, match="No training was recorded with “free”"):
            read(free)


def test_what_strategies_write(tiny: headlight.Model) -> None:
    found = analysis.strategies(tiny, "a b c", ["greedy", Beam(3), Sampling(seed=2)])
    beam = tiny.decode(tiny.read("a b c"), strategy=Beam(3))
    assert beam.tree is not None
    assert len(found) == 2 + len(beam.tree.best)
    searched = found[found.strategy == Beam(3).label]
    assert searched.log_prob.tolist() == [one.log_prob for one in beam.tree.best]
    assert searched.number.tolist() == list(range(1, len(searched) + 1))
    drawn = tiny.run("a b c", strategy=Sampling(seed=2))
    last = found.iloc[-1]
    assert (last.text, last.tokens) == (drawn.output_text, len(drawn.tgt_out))
    assert last.per_token == pytest.approx(drawn.chosen_log_probs.mean(), abs=1e-5)
    assert len(analysis.strategies(tiny, "a b c")) >= 3
    with pytest.raises(ValueError, match="There is no strategy “best”"):
        analysis.strategies(tiny, "a b c", ["best"])


def test_what_a_step_weighs(tiny: headlight.Model) -> None:
    trace, cold = tiny.run("a b c", max_len=4), Sampling(temperature=0.5)
    found = analysis.candidates(tiny, trace, k=3, sampling=cold)
    drawn = cold.distribution(trace.log_probs, tiny.never_written)
    ids = [tiny.tokenizer.piece(i) for i in range(tiny.config.d_vocab)]
    for row in found.itertuples():
        assert row.drawn == pytest.approx(drawn[row.step, ids.index(row.token)])
        assert row.source_share == pytest.approx(source_share(tiny, trace)[row.step])
    assert "drawn" not in analysis.candidates(tiny, trace)


def test_heads_that_see_a_forced_token_first(tiny: headlight.Model) -> None:
    one, other = tiny.teacher_force("a b c", "a b c"), tiny.teacher_force("a b c", "a x c")
    found = analysis.head_shifts(tiny, one, other)
    assert set(found.step) == {2}, "they part at 1, and 2 is the first to have read that"
    best = found.iloc[0]
    rows = [run.attention[best.kind][best.layer].pattern[best["head"], 2] for run in (one, other)]
    assert best.distance == pytest.approx(0.5 * np.abs(rows[0] - rows[1]).sum(), abs=1e-6)
    assert len(analysis.head_shifts(tiny, one, one)) == 0
    with pytest.raises(ValueError, match="Both runs must read the same source"):
        analysis.head_shifts(tiny, one, "b a")


def test_parts_of_a_difference_sum_to_it(tiny: headlight.Model) -> None:
    trace = tiny.run("a b c", max_len=4)
    parts = analysis.logit_parts(tiny, trace, 1, 5, against=7)
    assert parts.value.sum() == pytest.approx(trace.logits[1, 5] - trace.logits[1, 7], abs=1e-4)
    bars = analysis.logit_parts_bars(tiny, trace, 1, 5, against=7)
    assert sum(sum(bar.x) for bar in bars.data) == pytest.approx(parts.value.sum(), abs=1e-4)


def test_one_head_is_a_method_like_others(tiny: headlight.Model) -> None:
    trace = tiny.run("a b c", max_len=4)
    words = word_groups(trace.src)
    found = analysis.attribution(tiny, trace, "norm_attention_L1H0")
    scores = head_method(1, 0, normed=True).scores(tiny, trace, words)
    assert found.score.tolist() == scores.ravel().tolist()
    tau = analysis.agreement(tiny, trace, "attention").pivot(
        index="step", columns="method", values="tau"
    )
    truth = LEAVE_OUT.scores(tiny, trace, words)
    by_attention = agreement(ATTENTION.scores(tiny, trace, words), truth)
    np.testing.assert_allclose(tau["attention"], by_attention)
    steps = np.arange(4)[:, None] / 3  # the diagonal: the nearer a word is, the larger
    near = 2.0 - np.abs(steps - np.arange(3) / 2)
    np.testing.assert_allclose(tau["diagonal"], agreement(near, truth))
    assert tau["chance"].tolist() == [0, 0, 0, 0]


def test_damage_over_many_inputs(tiny: headlight.Model) -> None:
    edits = headlight.Edits(positions=False)
    counted = deque(damage(tiny, edits, 12), maxlen=1).pop()
    found = analysis.damage(tiny, edits, n=12).set_index("run")
    assert found.inputs.tolist() == [12, 12]
    assert found.loss.tolist() == [counted.loss_before, counted.loss_after]
    assert found.unchanged["edited"] == counted.same / 12
    assert found.right.tolist() == [0, 0], "an untrained model is right by chance only"
    own = analysis.damage(tiny, headlight.Edits(), ["a b", "c d"]).set_index("run")
    assert own.inputs.tolist() == [2, 2]
    assert own.right.isna().all(), "the right answers to somebody's own lines are not known"
    assert own.loss["whole"] == own.loss["edited"]


def test_vectors_of_tokens_and_positions(tiny: headlight.Model) -> None:
    found = analysis.neighbours(tiny, "b", 2)
    table = tiny.network.embedding.weight.numpy()
    ids = [tiny.tokenizer.piece(i) for i in range(tiny.config.d_vocab)]
    b, near = table[ids.index("b")], table[found.id[0]]
    assert found.cosine[0] == pytest.approx(b @ near / np.linalg.norm(b) / np.linalg.norm(near))
    assert found.token[0] == ids[found.id[0]]
    assert analysis.neighbours(tiny, ids.index("b"), 2).equals(found)
    added = analysis.positions(tiny, 5)
    assert added.shape == (5, tiny.config.d_model)
    assert added.iloc[1, :2].tolist() == pytest.approx([np.sin(1), np.cos(1)], abs=1e-6)
    np.testing.assert_array_equal(analysis.positions_map(tiny, 5).data[0].z, added)
    assert len(analysis.positions(tiny, 10**6)) == tiny.config.max_positions
    with pytest.raises(ValueError, match="“zz” is no token of this vocabulary"):
        analysis.neighbours(tiny, "zz")
    with pytest.raises(ValueError, match="side must be encoder or decoder, not 'both'"):
        analysis.positions(tiny, 5, "both")


def test_a_search_takes_a_distance_and_a_head(tiny: headlight.Model) -> None:
    found = analysis.heads.search(
        tiny, ["a b c d"], "encoder_self", "far", above=0.0, distance=2, only=(1, 0)
    )
    assert {*zip(found.row, found.column, strict=True)} == {(0, 3), (3, 0)}
    assert set(found.layer) == {1}
    assert set(found["head"]) == {0}


def test_a_patch_is_measured_by_the_tokens_that_are_named(tiny: headlight.Model) -> None:
    into, source = tiny.teacher_force("a b", "b a"), tiny.teacher_force("c a", "c a")
    found = analysis.patching(tiny, into, source, 0, "blocks", token=6, against=9)
    compared = compare(tiny, into, source, 0, token=6, against=9)
    *_, blocks = patching_map(tiny, compared, cells(tiny, compared, "blocks"))
    assert found.share.tolist() == blocks.shares.tolist()
    logits = [float(run.logits[0, 6] - run.logits[0, 9]) for run in (into, source)]
    assert [blocks.base, blocks.goal] == pytest.approx(logits, abs=1e-5)
