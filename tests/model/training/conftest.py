"""A training that was never stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from headlight.model.training.train import train
from tests.model.training.small import trainer


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("unbroken")
    train(trainer(), run)
    return run
