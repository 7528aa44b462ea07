"""What holds for every test."""

from __future__ import annotations

import os

# One thread gives the same sums on every machine, and is as fast at this size; torch reads it once.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow tests in the browser come last, so that a plain mistake shows at once."""
    items.sort(key=lambda item: "tests/browser/" in item.path.as_posix())
