"""A small random model of letters."""

from __future__ import annotations

import pytest

from headlight.model import Model
from tests.model.builders import random_model


@pytest.fixture(scope="session")
def tiny() -> Model:
    """A random model; its numbers are real, only its texts mean nothing."""
    return random_model(norm_first=True)
