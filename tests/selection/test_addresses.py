"""The address of this server as others open it: its name, its port, its path."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from headlight.viz.selection import address_of, links


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "context", SimpleNamespace(url="http://localhost:8501/learn"))
    monkeypatch.setattr(links, "own_address", lambda: "10.0.0.7")
    monkeypatch.delenv("HEADLIGHT_URL", raising=False)


@pytest.mark.parametrize(
    ("root", "base", "expected"),
    [
        ("", "", "http://10.0.0.7:8501/learn?a=1"),
        ("lab", "", "http://10.0.0.7:8501/lab/learn?a=1"),
        ("", "10.0.0.9", "http://10.0.0.9:8501/learn?a=1"),
        ("/lab/", "room.local:80", "http://room.local:80/lab/learn?a=1"),
        ("lab", "https://school.example/lab/", "https://school.example/lab/learn?a=1"),
    ],
)
def test_a_page_as_others_open_it(
    monkeypatch: pytest.MonkeyPatch, root: str, base: str, expected: str
) -> None:
    monkeypatch.setattr(st, "get_option", lambda name: root)
    assert address_of("learn", "a=1", base) == expected
    monkeypatch.setenv("HEADLIGHT_URL", base)
    assert address_of("learn", "a=1") == expected


def test_the_first_page_is_the_servers_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", lambda name: "")
    assert address_of("", "class=BCDF", "https://school.example") == (
        "https://school.example/?class=BCDF"
    )
    assert address_of("", "") == "http://10.0.0.7:8501/"
