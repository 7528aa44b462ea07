"""Lists of edits that say where their numbers come from: read back, and the numbers they name."""

from __future__ import annotations

import numpy as np
import pytest

import headlight
from headlight.model import Edits, Model
from headlight.model.analysis.interventions import path, recipes, steering
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.metrics import LOG_PROB
from headlight.model.analysis.interventions.noise import noise
from headlight.model.analysis.interventions.patching import Cell, patch
from headlight.model.analysis.interventions.recipes import (
    Maker,
    Mean,
    Noise,
    Path,
    Step,
    Swap,
    Toward,
)

TEXT, OTHER = "c a b", "b a c — “ü”"
STEPS = [
    Swap(Cell("z", "cross", 1, 3), "word", OTHER),
    Swap(Cell("resid_pre", "encoder", 0, None, 2), "0-2_1-1;0-0", "x"),
    Swap(Cell("z", "cross", 1, 3, 2), "word;;same", OTHER),
    Path(("encoder_self", 0, 1), ("cross", 1, 0), "position", OTHER),
    Noise((1, 2), 2.5, 7),
    Toward("decoder", 2, None, -1.25, "sentences", OTHER),
    Toward("encoder", 0, 3, 0.1, "head", "cross-1-3"),
    Mean(("decoder_self", 0, 2)),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return headlight.load("reverse")


@pytest.fixture(scope="module")
def maker(model: Model) -> Maker:
    return Maker(model, TEXT, lambda text, edits: model.run(text, edits=edits))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_is_read_back_from_its_text(step: recipes.Step) -> None:
    text = step.to_text()
    assert recipes.read(text) == step
    assert recipes.split(text) == [text]
    assert text.isascii()
    assert str(step)


@pytest.mark.parametrize(
    "text",
    [
        "swap",
        "swap.z.cross.1.all.all:word,YQ",
        "swap.out.cross.1.2.all:word,YQ",
        "swap.resid_mid_cross.encoder.1.all.all:word,YQ",
        "swap.z.cross.1.2.all:sound,YQ",
        "swap.z.cross.1.2.all:word,Y",
        "swap.z.cross.1.2.all:word;;other,YQ",
        "path.cross.1.2:word,YQ",
        "noise.:3,0",
        "noise.1:-3,0",
        "noise.1:3",
        "toward.decoder.0.all:x,token,YQ",
        "toward.decoder.0.all:1,wind,YQ",
        "mean.cross.1",
        "mean.cross.1.-2",
    ],
)
def test_what_is_no_step_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an edit that can be read"):
        recipes.read(text)


def test_each_step_gives_the_numbers_that_it_names(model: Model, maker: Maker) -> None:
    first, second = model.run(TEXT), model.run("b a c")
    both = compare(model, first, second, 0, align="word")
    forced = model.teacher_force("b a c", first.tgt_out.ids)
    given = compare(model, first, forced, 0, metric=LOG_PROB, align="word")
    cell, sender, receiver = Cell("z", "cross", 1, 3), ("encoder_self", 0, 1), ("cross", 1, 0)
    h = model.target_ids("h", first.src)[0]
    mean = np.linspace(-1, 1, model.config.head_width("cross"))
    expected: dict[Step, Edits] = {
        Swap(cell, "word", "b a c"): patch(both, cell),
        Swap(cell, "word;;same", "b a c"): patch(given, cell),
        Path(sender, receiver, "word", "b a c"): path.path_edits(model, both, sender, receiver),
        Noise((1, 2), 2.5, 7): noise(model, first, (1, 2), scale=2.5, seed=7),
        Toward("decoder", 2, None, 2.0, "token", "h"): Edits(
            steer=[("decoder", 2, None, 2.0, steering.unembedding(model, h))]
        ),
        Toward("decoder", 1, 0, 2.0, "sentences", "b a c"): Edits(
            steer=[("decoder", 1, 0, 2.0, steering.difference(second, first, "decoder", 1))]
        ),
        Toward("encoder", 1, 0, 2.0, "head", "cross-1-3"): Edits(
            steer=[("encoder", 1, 0, 2.0, steering.head_output(model, first, ("cross", 1, 3)))]
        ),
    }
    assert patch(given, cell) != patch(both, cell)
    for step, edits in expected.items():
        assert step.edits(maker, Edits()) == edits
    knows = Maker(model, TEXT, maker.run, lambda: {("cross", 1, 3): tuple(mean)})
    assert recipes.made([Mean(("cross", 1, 3))], knows) == Edits(
        ablate={("cross", 1, 3)}, means={("cross", 1, 3): mean}
    )
    with pytest.raises(ValueError, match="is not known yet"):
        recipes.made([Mean(("cross", 1, 3))], maker)


def test_steps_follow_each_other(model: Model, maker: Maker) -> None:
    """Noise first, then one position as it was without noise: that position is restored."""
    cell = Cell("resid_pre", "encoder", 0, None, 1)
    steps: list[Step] = [Noise((1,)), Swap(cell, "position", TEXT)]
    trace = model.run(TEXT, edits=recipes.made(steps, maker))
    plain = model.run(TEXT)
    np.testing.assert_array_equal(trace.logits, plain.logits)
    loud = model.teacher_force(TEXT, plain.tgt_out.ids, edits=recipes.made(steps[:1], maker))
    both = compare(model, loud, plain, 1, metric=LOG_PROB, token=plain.tgt_out.ids[1])
    assert recipes.made(steps, maker) == patch(both, cell)


def test_a_token_is_named_by_its_piece_or_by_text() -> None:
    model = headlight.load("translate-en-fr")
    trace = model.run("The cat sleeps.")
    token = trace.tgt_out.ids[1]
    assert recipes.token_id(model, trace, trace.tgt_out.pieces[1]) == token
    assert recipes.token_id(model, trace, trace.tgt_out.surface(1).strip()) == token
    with pytest.raises(ValueError, match="Type a token"):
        recipes.token_id(model, trace, "  ")
