"""Links to all pages: in the sidebar, on a phone in a line above the page, icons above names.

Streamlit's own menu forgets the model, and the Back button would stop where it is put back.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from .. import address, state
from . import present

LINE = "menu-line"

_STYLE = f"""<style>
.st-key-{LINE} {{ display: none; }}
@media (max-width: 640px) {{
  [data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] {{ display: none; }}
  .st-key-{LINE} {{ display: flex; flex-wrap: nowrap; gap: 0; }}
  .st-key-{LINE} > div {{ flex: 1 1 auto; min-width: 0; width: auto !important; }}
  .st-key-{LINE} a {{ flex-direction: column; gap: 0.1rem; height: auto; padding: 0.3rem 0.1rem; }}
  .st-key-{LINE} p {{
    font-size: 0.7rem; line-height: 1.15; white-space: normal; text-align: center;
  }}
}}
</style>"""


def menu(pages: Mapping[str, StreamlitPage]) -> None:
    """All pages in the sidebar, and in a line for where it has no room."""
    st.html(_STYLE)
    with st.sidebar:
        links(pages)
    if not present.presenting():  # that has a line of its own
        with st.container(horizontal=True, gap="small", key=LINE):
            links(pages)


def links(pages: Mapping[str, StreamlitPage]) -> None:
    """Each page, with the model that is on the bench."""
    given = {k: v for k, v in address.link(**present.kept()).items() if k != state.TEXT}
    for page in pages.values():
        st.page_link(page, query_params=given)
