"""The analysis as one documented face: every example in a docstring is run."""

from __future__ import annotations

import doctest
import inspect
from types import ModuleType

import pytest

import headlight
import headlight.analysis
from headlight.analysis import heads, runs, sources, steps, trainings
from tests.model.builders import random_model


@pytest.fixture(scope="module")
def tiny() -> headlight.Model:
    return random_model()


MODULES = (heads, runs, sources, steps, trainings)


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
    assert len(functions) >= 27
    for one in functions:
        assert ">>>" in (one.__doc__ or ""), one.__name__


def test_what_cannot_be_used_is_told_in_words(tiny: headlight.Model) -> None:
    with pytest.raises(ValueError, match=r"no method “magic”\. There are: leave_out"):
        headlight.analysis.attribution(tiny, "a b", "magic")
    with pytest.raises(ValueError, match="A text or a Trace is taken, not 3"):
        headlight.analysis.attribution(tiny, 3)  # type: ignore[arg-type]
    table = heads.table(tiny, ["a b c"], metrics=["entropy"])
    with pytest.raises(ValueError, match="was not measured"):
        heads.map(table, "distance", "cross")
    with pytest.raises(ValueError, match="defined for cross, not 'encoder_self'"):
        heads.map(table, "aer", "encoder_self")
    with pytest.raises(ValueError, match="no metric “depth”"):
        heads.table(tiny, ["a b c"], metrics=["depth"])


def test_gold_links_take_the_place_of_the_tasks_own(tiny: headlight.Model) -> None:
    from headlight.model.analysis.alignment.gold import parse_gold

    gold = parse_gold(["one\ta b c\tc b a\t0-0 1-1 2-2"], "gold")
    own = heads.table(tiny, ["a b c"], metrics=["aer"])
    other = heads.table(tiny, ["a b c"], metrics=["aer"], gold=gold)
    assert own.gold == "the task's own rule"
    assert other.gold == "1 hand-aligned pairs"
    assert other.baseline("aer", "cross", "diagonal") == 0  # c b a is linked straight down
