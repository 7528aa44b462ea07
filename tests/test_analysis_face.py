"""The analysis as one documented face: every example in a docstring is run."""

from __future__ import annotations

import doctest
import inspect
import warnings
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import headlight
import headlight.analysis
from headlight.analysis import (
    changes,
    films,
    heads,
    runs,
    shipped,
    sources,
    steps,
    trainings,
    vectors,
    walks,
)
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.patching import cells, patching_map
from headlight.model.analysis.interventions.path import path_map
from headlight.model.decoding import Beam
from tests.model.builders import random_model


@pytest.fixture(scope="module")
def tiny() -> headlight.Model:
    return random_model()


MODULES = (changes, films, heads, runs, shipped, sources, steps, trainings, vectors, walks)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_are_true(module: ModuleType) -> None:
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert found.attempted >= 2
    assert found.failed == 0


def test_every_function_has_an_example() -> None:
    face = [getattr(headlight.analysis, name) for name in headlight.analysis.__all__]
    own = [getattr(heads, name) for name in heads.__all__]
    functions = [
        one
        for one in (*face, *own)
        if inspect.isfunction(one) and one.__module__.startswith("headlight.analysis")
    ]
    assert len(functions) >= 58
    for one in functions:
        assert ">>>" in (one.__doc__ or ""), one.__name__


def test_what_cannot_be_used_is_told_in_words(tiny: headlight.Model) -> None:
    with pytest.raises(ValueError, match=r"no method “magic”\. There are: leave_out"):
        headlight.analysis.attribution(tiny, "a b", "magic")
    with pytest.raises(ValueError, match="A text, a picture, a sound or a Trace is taken, not 3"):
        headlight.analysis.attribution(tiny, 3)  # type: ignore[arg-type]
    for wrong in (0, -1, 2.5, True, None):
        with pytest.raises(ValueError, match="k must be a whole number of at least 1, not"):
            headlight.analysis.candidates(tiny, "a b", k=wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="k must be a whole number of at least 1, not"):
            headlight.analysis.logit_lens(tiny, "a b", k=wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="n must be a whole number from 1 to 16, not"):
            headlight.analysis.embeddings(tiny, n=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="n must be a whole number from 2 to 3, not 4"):
        headlight.analysis.embeddings_map(tiny, n=4)
    last = len(tiny.run("a b").tgt_out) - 1
    for wrong in (-1, 0.5, last + 1):
        with pytest.raises(ValueError, match=f"step {wrong} does not exist: 0 to {last}"):
            headlight.analysis.attribution_bars(tiny, "a b", wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=f"step {wrong} does not exist: 0 to {last}"):
            headlight.analysis.logit_parts(tiny, "a b", wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"no part “self”\. There are: encoder_self, .*, blocks"):
        headlight.analysis.patching_map(tiny, "a b c", "a b d", 0, "self")
    for measure in (heads.table, headlight.analysis.findings):
        with pytest.raises(ValueError, match=r"Several texts are taken, .*, not 'a b c'"):
            measure(tiny, "a b c")
    table = heads.table(tiny, ["a b c"], metrics=["entropy"])
    with pytest.raises(ValueError, match="was not measured"):
        heads.map(table, "distance", "cross")
    with pytest.raises(ValueError, match="defined for cross, not 'encoder_self'"):
        heads.map(table, "aer", "encoder_self")
    with pytest.raises(ValueError, match="no metric “depth”"):
        heads.table(tiny, ["a b c"], metrics=["depth"])


def test_ranks_count_from_one(tiny: headlight.Model) -> None:
    lens = headlight.analysis.logit_lens(tiny, "a b c", k=2)
    weighed = headlight.analysis.candidates(tiny, "a b c", k=2)
    assert set(lens["rank"]) == set(weighed["rank"]) == {1, 2}
    last = lens[lens.depth == lens.depth.max()]
    assert last.probability.tolist() == pytest.approx(weighed.probability.tolist(), abs=1e-5)


def test_heads_of_an_edited_run_are_silenced_on_top_of_its_edits(tiny: headlight.Model) -> None:
    first = headlight.Edits(ablate={("cross", 0, 0)})
    edited = tiny.run("a b c", edits=first)
    found = headlight.analysis.ablation(tiny, edited, [("cross", 1, 1)])
    both = tiny.teacher_force(
        "a b c", edited.tgt_out.ids, edits=first | headlight.Edits(ablate={("cross", 1, 1)})
    )
    n = len(edited.tgt_out)  # teacher forcing closes a text that was cut off
    assert found.whole.tolist() == edited.chosen_log_probs.tolist()
    assert found.ablated.tolist() == pytest.approx(both.chosen_log_probs[:n].tolist(), abs=1e-5)
    assert headlight.analysis.ablation(tiny, edited, []).change.tolist() == [0.0] * n


def test_a_source_is_run_whatever_it_is() -> None:
    model = headlight.load("read-digits")
    assert model.task is not None
    strip = model.task.examples[0].source
    scores = headlight.analysis.attribution(model, strip, "attention")
    assert scores.step.max() + 1 == len(model.run(strip).tgt_out)


def test_a_search_as_a_table(tiny: headlight.Model) -> None:
    found = headlight.analysis.beam(tiny, "a b c", size=3)
    for row in found.itertuples():
        before = found.total[row.parent] if row.parent >= 0 else 0.0
        assert row.total == pytest.approx(before + row.log_prob, abs=1e-4)
    best = found[found.best]
    trace = tiny.run("a b c", strategy=Beam(3))
    assert tuple(best.token) == trace.tgt_out.pieces
    assert best.log_prob.tolist() == pytest.approx(trace.chosen_log_probs.tolist(), abs=1e-4)
    figure = headlight.analysis.beam_tree(tiny, "a b c", size=3)
    points = [one.customdata for one in figure.data if one.customdata is not None]
    assert sorted({int(node[0]) for one in points for node in one}) == list(range(len(found)))


def test_patches_paths_and_steering_are_those_of_the_runs(tiny: headlight.Model) -> None:
    into, source = tiny.teacher_force("a b", "b a"), tiny.teacher_force("c a b", "c a")
    how: dict[str, Any] = {"metric": "log_prob", "align": "word"}
    compared = compare(tiny, into, source, 0, **how)
    (*_, heads_) = patching_map(tiny, compared, cells(tiny, compared, "heads"))
    found = headlight.analysis.patching(tiny, into, source, 0, **how)
    assert found.share.tolist() == heads_.shares.tolist()
    assert found["where"].tolist() == [cell.where for cell in heads_.cells]
    sender = ("encoder_self", 0, 1)
    (*_, ways) = path_map(tiny, compared, sender)
    found = headlight.analysis.paths(tiny, into, source, 0, sender, **how)
    assert found.share.tolist() == ways.shares.tolist()
    with pytest.raises(ValueError, match="no paths"):
        headlight.analysis.paths(tiny, into, source, 0, ("cross", 1, 0), **how)
    direction = np.linspace(-1, 1, tiny.config.d_model)
    swept = headlight.analysis.steered(tiny, "a b", direction, "decoder", 1, [0, 3.0], position=0)
    edits = headlight.Edits(steer=[("decoder", 1, 0, 3.0, direction)])
    runs = [tiny.run("a b"), tiny.run("a b", edits=edits)]
    assert swept.output.tolist() == [one.output_text for one in runs]
    assert swept.log_prob.tolist() == [float(one.chosen_log_probs.sum()) for one in runs]


def test_what_is_shipped_is_of_these_weights_or_refused(tiny: headlight.Model) -> None:
    """`tiny` goes by the name of a shipped model."""
    for read in (
        headlight.analysis.shipped_heads,
        headlight.analysis.shipped_pruning,
        headlight.analysis.shipped_findings,
    ):
        with pytest.raises(ValueError, match="for “reverse” was measured on other weights"):
            read(tiny)
        free = headlight.Model("free", tiny.network, tiny.tokenizer)
        with pytest.raises(ValueError, match="Nothing is shipped for “free”"):
            read(free)


def test_it_is_only_said_what_links_were_known_where_some_were(tiny: headlight.Model) -> None:
    free = headlight.Model("free", tiny.network, tiny.tokenizer)
    for metrics in (["aer"], ["entropy"]):
        assert heads.table(free, ["a b c"], metrics=metrics).gold == ""


def test_whole_numbers_stay_whole_beside_empty_cells(tiny: headlight.Model) -> None:
    parts = headlight.analysis.logit_parts(tiny, "a b c", 0)
    assert parts[parts.group == "cross"][["layer", "head"]].values.tolist() == [
        [layer, head] for layer in range(2) for head in range(2)
    ]
    assert {str(parts[name].dtype) for name in ("layer", "head")} == {"Int64"}
    assert parts[parts.group == "embedding"]["layer"].isna().all()


def test_one_source_word_has_no_ranking(tiny: headlight.Model) -> None:
    free = headlight.Model("free", tiny.network, tiny.tokenizer)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = headlight.analysis.findings(free, ["a"], methods="attention")
    assert found.tau.isna().all()
    assert found.rows.tolist() == [0, 0, 0]


def test_gold_links_take_the_place_of_the_tasks_own(tiny: headlight.Model) -> None:
    from headlight.model.analysis.alignment.gold import parse_gold

    gold = parse_gold(["one\ta b c\tc b a\t0-0 1-1 2-2"], "gold")
    own = heads.table(tiny, ["a b c"], metrics=["aer"])
    other = heads.table(tiny, ["a b c"], metrics=["aer"], gold=gold)
    assert own.gold == "the task's own rule"
    assert other.gold == "1 hand-aligned pairs"
    assert other.baseline("aer", "cross", "diagonal") == 0  # c b a is linked straight down
