"""Tells `python -m tests.fuzz` how many inputs were tried."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.fuzz.inputs import COUNTS

TOLD = "HEADLIGHT_FUZZ_COUNTS"
"""The file that takes the counts."""


def pytest_sessionfinish() -> None:
    if file := os.environ.get(TOLD):
        Path(file).write_text(json.dumps(COUNTS), encoding="utf-8")
