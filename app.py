"""Headlight: attention in encoder-decoder transformers, live. Start with `streamlit run app.py`."""

from pathlib import Path
from types import ModuleType
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from headlight.viz import runtime, selection
from headlight.viz.page import classroom, given, link_notice
from headlight.viz.page.context import RunContext
from headlight.viz.page.input_bar import input_bar
from headlight.viz.views import VIEWS

ASSETS = Path(__file__).parent / "assets"
ICON = str(ASSETS / "icon.svg")
ABOUT = """
**Headlight** runs a small encoder–decoder transformer and draws every number behind its attention.
Every number on the screen is one that the model really computed.
"""

st.set_page_config(
    page_title="Headlight",
    page_icon=ICON,
    layout="wide",
    initial_sidebar_state=220,
    menu_items={"About": ABOUT},
)
st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=ICON)


def page_of(view: ModuleType, **options: Any) -> StreamlitPage:
    """A view as a page: it draws below the input bar, which all pages share."""
    options = {"title": view.TITLE, "icon": view.ICON, "url_path": view.PATH, **options}
    return st.Page(lambda: given.render(view.render, shared), **options)


first, *others = VIEWS
pages = {first.PATH: page_of(first, default=True, url_path="home")}
pages |= {view.PATH: page_of(view) for view in others}
# Streamlit serves its first page at "/" only; this one is for those who type the page's own path.
typed = page_of(first, visibility="hidden")
page = st.navigation([*pages.values(), typed], position="hidden")  # `menu` draws the links
path = page.url_path or first.PATH
selection.begin(path, pages)
classroom.catch_up(pages)
address = st.container(key="beside")  # first: its fragment keeps its name on every page
selection.announce()
drawn: RunContext | None = None
try:
    with runtime.page():
        drawn = shared = input_bar(pages, path)
        link_notice.run(page)
finally:  # also where a page stopped early
    if drawn is not None:
        drawn.rest()
    with address:
        selection.bridge(lambda: classroom.live(drawn, pages))
