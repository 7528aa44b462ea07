"""The models that the tests run: small random ones, and every one that is shipped."""

from __future__ import annotations

import pytest

import headlight
from headlight.model import Model, Trace
from tests.model.builders import random_model
from tests.reading import TEXT_MODELS

UNTRAINED = {"random pre-norm": True, "random post-norm": False}


@pytest.fixture(scope="session")
def tiny() -> Model:
    """A random pre-norm model of the letters task."""
    return random_model(norm_first=True)


@pytest.fixture(scope="session", params=[*UNTRAINED, *TEXT_MODELS])
def any_model(request: pytest.FixtureRequest) -> Model:
    """Each norm order with random weights, then each shipped model."""
    name: str = request.param
    return random_model(norm_first=UNTRAINED[name]) if name in UNTRAINED else headlight.load(name)


@pytest.fixture(scope="session")
def texts(any_model: Model) -> tuple[str, ...]:
    """Three source texts of different lengths that the model takes."""
    assert any_model.task is not None
    found = sorted((example.text for example in any_model.task.examples), key=len)
    return found[0], found[len(found) // 2], found[-1]


@pytest.fixture(scope="session")
def trace(any_model: Model, texts: tuple[str, ...]) -> Trace:
    """A full run of each model, with the outputs of each head."""
    return any_model.run(texts[1], record_result=True)
