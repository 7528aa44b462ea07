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


def test_the_name_that_headlight_host_gives_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADLIGHT_HOST", " room-12.school.example ")
    assert links.own_addresses()[0] == "room-12.school.example"
    monkeypatch.setenv("HEADLIGHT_HOST", "")
    assert "" not in links.own_addresses()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("room-12", "room-12:8501"), ("room-12:80", "room-12:80"), ("", "localhost:8501")],
)
def test_localhost_becomes_the_name_that_others_know(
    monkeypatch: pytest.MonkeyPatch, name: str, expected: str
) -> None:
    monkeypatch.setattr(links, "own_address", lambda: name)
    assert links.reachable("localhost:8501") == expected
    assert links.reachable("attention.example:8501") == "attention.example:8501"
