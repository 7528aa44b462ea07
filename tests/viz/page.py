"""One page without a browser, opened by its address."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

PLACES: tuple[tuple[str, dict[str, str]], ...] = (
    ("explore", {}),
    ("explore", {"compare": "d a b", "edits": "off.scale"}),
    ("explore", {"model": "read-digits", "text": "example"}),
    *(("decode", {"view": view}) for view in ("steps", "strategies", "forcing")),
    ("decode", {"strategy": "beam", "beam": "3"}),
    *(("heads", {"part": part}) for part in ("map", "lab", "pruning", "sources", "search")),
    *(
        ("inside", {"section": section})
        for section in ("follow", "matrices", "places", "break", "layers", "words")
    ),
    ("interventions", {"act": "patch", "compare": "d a b"}),
    ("interventions", {"act": "patch", "second_run": "noise", "noise_at": "1"}),
    ("interventions", {"act": "steer", "compare": "d a b"}),
    *(("learn", {"learn": part}) for part in ("lessons", "predict", "notes")),
    ("training", {}),
    ("training", {"training": "live"}),
)
"""Every part of every page."""


def app(path: str) -> None:
    import streamlit as st

    from headlight.viz import selection
    from headlight.viz.page import given, link_notice
    from headlight.viz.page.input_bar import input_bar
    from headlight.viz.views import VIEWS

    def page_of(view):  # type: ignore[no-untyped-def]
        first = path == view.PATH
        return st.Page(lambda: given.render(view.render, shared), url_path=view.PATH, default=first)

    pages = {view.PATH: page_of(view) for view in VIEWS}
    st.navigation(list(pages.values()), position="hidden")
    selection.begin(path, pages)
    shared = input_bar(pages, path)
    link_notice.run(pages[path])
    shared.rest()
    selection.bridge()


def run(path: str, /, **query: str) -> Any:
    tester = AppTest.from_function(app, default_timeout=120, kwargs={"path": path})
    for name, value in {"model": "reverse", "text": "h e a d", **query}.items():
        tester.query_params[name] = value
    tester.run()
    assert not tester.exception
    return tester


def address(tester: Any) -> dict[str, str]:
    """What the page's address says after the run."""
    here = tester.session_state["_selection"]
    return dict(parse_qsl(here.value.query(here.page), keep_blank_values=True))
