"""What is said of each step of a walk is true of the numbers beside it."""

from __future__ import annotations

import pytest

import headlight
from headlight.model import KINDS, Model, Trace
from headlight.model.analysis.walk import STAGES as STAGES_OF_THE_WALK
from headlight.model.analysis.walk import Cell, Place, walk
from headlight.viz.explain import EXPLAIN, STAGES, Explanation, explain
from tests.model.builders import random_model


def said(model: Model, trace: Trace, cell: Cell) -> dict[str, Explanation]:
    place = Place(model, trace, cell)
    return {step.key: explain(place, step) for step in walk(model, trace, cell)}


@pytest.fixture(scope="module", params=[True, False], ids=["pre-norm", "post-norm"])
def model(request: pytest.FixtureRequest) -> Model:
    return random_model(norm_first=request.param)


@pytest.fixture(scope="module")
def trace(model: Model) -> Trace:
    return model.run("c a b", max_len=6)


def test_every_step_has_its_words(model: Model, trace: Trace) -> None:
    for kind in KINDS:
        for key, words in said(model, trace, Cell(kind, 1, 0, 1, 1)).items():
            assert words.title, key
            assert words.formula, key
            assert words.sentence.endswith("."), key
    assert tuple(STAGES) == STAGES_OF_THE_WALK


def test_as_many_numbers_are_above_zero_as_it_says(model: Model, trace: Trace) -> None:
    before = trace.decoder.layers[0].mlp_pre[1]
    above = int((before > 0).sum())
    assert 0 < above < len(before)
    words = said(model, trace, Cell("cross", 0, 0, 1, 1))["mlp-post"]
    assert words.sentence == f"{above:,} of {len(before):,} are above zero here."


def test_a_masked_cell_is_said_to_be_not_written_yet(model: Model, trace: Trace) -> None:
    words = said(model, trace, Cell("decoder_self", 0, 0, 0, 2))
    assert "had not been written yet" in words["mask"].sentence
    assert words["exponentials"].numbers == r"e^{-\infty} = 0"
    assert words["weights"].numbers.endswith("= 0.000")


def test_the_numbers_of_a_formula_are_those_of_the_cell(model: Model, trace: Trace) -> None:
    record = trace.attention["cross"][1]
    words = said(model, trace, Cell("cross", 1, 1, 2, 0))
    weight, score = record.pattern[1, 2, 0], record.raw_scores[1, 2, 0]
    assert words["weights"].numbers.endswith(f"= {weight:.3f}")
    assert words["scale"].numbers.endswith(f"= {score:.3f}")
    assert f"gives {weight:.3f} of its attention to “c”" in words["weights"].sentence
    best, written = trace.probs[2].max(), trace.probs[2, trace.tgt_out.ids[2]]
    assert f"with {best:.3f}. Written: " in words["next-token"].sentence
    assert words["next-token"].sentence.endswith(f"with {written:.3f}.")


def test_a_layer_is_the_sum_of_its_blocks_or_the_norms_of_it(model: Model, trace: Trace) -> None:
    formula = said(model, trace, Cell("cross", 1, 0, 1, 1))["query-layer-0"].formula
    inner = r"x + \text{attention}"
    if model.config.norm_first:
        assert formula == rf"x_{{\text{{after}}}} = {inner} + \text{{cross}} + \text{{mlp}}"
    else:
        assert formula.count(r"\operatorname{LN}") == 3
        assert inner in formula


def test_no_words_are_left_over(model: Model, trace: Trace) -> None:
    """Every entry is that of a step which some model takes."""
    found = {step.name for kind in KINDS for step in walk(model, trace, Cell(kind, 0, 0, 2, 1))}
    rare = {"position-bias", "unscaled", "mlp-gate"}  # T5's
    one_order = {"norm", "mlp-norm", "final-norm", "residual-norm", "mlp-residual-norm"}
    of_fronts = {"columns", "front", "frames", "convolution"}
    assert set(EXPLAIN) - found <= rare | one_order | of_fronts
    assert found <= set(EXPLAIN)


def test_the_columns_that_a_position_sees_are_named() -> None:
    model = headlight.load("hear-digits")
    assert model.task is not None
    trace = model.run(model.task.examples[0].source)
    words = said(model, trace, Cell("encoder_self", 0, 0, 1, 5))
    assert (
        "Position 5 stands for the time from 0.30 to 0.36 seconds." in words["key-columns"].sentence
    )
    assert "3 convolutions and 3 more, each added to what it reads" in words["key-columns"].sentence
    assert "the 37 columns 12 to 48" in words["key-columns"].sentence
    assert r"y_n + \operatorname{conv}'_n(y_n)" in words["key-columns"].formula
