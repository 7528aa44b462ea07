"""The app on several server processes behind nginx, as `headlight serve` starts it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from headlight.hosting.serve import find_nginx
from tests.browser.session import ROOT, Server, serve_command

SERVE = [sys.executable, "-m", "headlight", "serve", "--address", "127.0.0.1", "--port", "{port}"]


@contextmanager
def serve_workers(n: int, log: Path) -> Iterator[Server]:
    """`n` of them; without nginx the test is skipped, which under CI is a failure."""
    try:
        find_nginx()
    except ValueError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    with serve_command([*SERVE, "--workers", str(n)], log, cwd=ROOT) as server:
        yield server
