"""The Python in docs/ runs, and comes to what the words beside it say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[1] / "docs"


def python_of(name: str) -> dict[str, Any]:
    """What is known after all Python blocks of a page, one after the other."""
    names: dict[str, Any] = {}
    for block in re.findall(
        r"^```python\n(.*?)^```", (DOCS / name).read_text("utf-8"), re.M | re.S
    ):
        exec(compile(block, name, "exec"), names)
    return names


def test_interventions(capsys: pytest.CaptureFixture[str]) -> None:
    names = python_of("interventions.md")
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "1 Je vois les chats."
    assert said.splitlines()[-3] == "0 Je vois le chat."
    assert names["t"].output_text == "Le chat dort."
    assert names["both"].into.tgt_out.pieces[2] == "▁le"
    assert 0.1 < names["found"].shares.max() < 0.5
    assert names["step"].to_text() in (DOCS / "interventions.md").read_text("utf-8")
