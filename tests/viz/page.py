"""One page without a browser, opened by its address."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest


def app(path: str) -> None:
    import streamlit as st

    from headlight.viz.views import VIEWS, links
    from headlight.viz.views.bench import bench

    def page_of(view):  # type: ignore[no-untyped-def]
        first = path == view.PATH
        return st.Page(lambda: view.render(shared), url_path=view.PATH, default=first)

    pages = {view.PATH: page_of(view) for view in VIEWS}
    st.navigation(list(pages.values()), position="hidden")
    shared = bench(pages)
    links.run(pages[path])


def run(path: str, /, **query: str) -> Any:
    tester = AppTest.from_function(app, default_timeout=120, kwargs={"path": path})
    for name, value in {"model": "reverse", "text": "h e a d", **query}.items():
        tester.query_params[name] = value
    tester.run()
    assert not tester.exception
    return tester
