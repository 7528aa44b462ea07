"""The tables beside this file: tab-separated, # begins a remark."""

from __future__ import annotations

from pathlib import Path


def read_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The columns of every line."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if not line.startswith("#"))


def read_table(name: str) -> tuple[tuple[str, str], ...]:
    """A table of English and French."""
    return tuple((english, french) for english, french in read_rows(name))
