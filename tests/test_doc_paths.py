"""Each path that the documents name is there, and the architecture names each room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "model/**/*.md", "benchmarks/*.md", "deploy/*.md")
    for path in ROOT.glob(pattern)
)
TOP = ("assets", "benchmarks", "deploy", "docs", "headlight", "model", "scripts", "static", "tests")
NAMED = re.compile(rf"`((?:{'|'.join((*TOP, 'viz'))})/[\w./*-]*)`")
"""A path from the project's top, in a document."""


def test_the_pattern_finds_paths_and_nothing_else() -> None:
    text = "`viz/web/build.js`, `model/*.py` and `tests/` but not `viz/views/<name>.py`, `a/b`"
    assert NAMED.findall(text) == ["viz/web/build.js", "model/*.py", "tests/"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_is_there(document: str) -> None:
    named = set(NAMED.findall((ROOT / document).read_text(encoding="utf-8")))
    assert not [path for path in named if not any(ROOT.glob(path.rstrip("/")))]


def test_the_architecture_names_every_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {path.rstrip("/") for path in NAMED.findall(text)}
    rooms = {
        path.relative_to(ROOT).as_posix()
        for house in ("model", "viz")
        for path in (ROOT / house).iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    assert len(rooms) > 10
    assert rooms <= named
