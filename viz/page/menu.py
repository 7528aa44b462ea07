"""Links to all pages: in the sidebar, on a phone in a line above the page, icons above names.

Streamlit's own menu forgets the model, and the Back button would stop where it is put back.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from .. import selection
from ..components.static import style
from . import present

LINE = "menu-line"


def menu(pages: Mapping[str, StreamlitPage]) -> None:
    """All pages in the sidebar, and in a line for where it has no room."""
    st.html(style("menu"))
    with st.sidebar:
        links(pages)
    if not present.presenting():  # that has a line of its own
        with st.container(horizontal=True, gap="small", key=LINE):
            links(pages)


def links(pages: Mapping[str, StreamlitPage]) -> None:
    """Each page; what is selected goes along."""
    for page in pages.values():
        selection.link(page)
