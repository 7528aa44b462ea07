"""Headlight: attention in encoder-decoder transformers, live. Start with `streamlit run app.py`."""

from collections.abc import Callable
from types import ModuleType

import streamlit as st

from viz.views import VIEWS
from viz.views.bench import bench

st.set_page_config(page_title="Headlight", page_icon=":material/flare:", layout="wide")


def opener(view: ModuleType) -> Callable[[], None]:
    """What Streamlit calls for a page: it draws below the bench, which all pages share."""
    return lambda: view.render(shared)


pages = {
    view.PATH: st.Page(opener(view), title=view.TITLE, icon=view.ICON, url_path=view.PATH)
    for view in VIEWS
}
page = st.navigation(list(pages.values()))
shared = bench(pages)
page.run()
