"""Paper: of a page, what is made to be printed, and nothing else.

What stands in `on_paper()` is what the browser prints, by the button or by its own command.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ..components.static import style

_PRINT = st.components.v2.component(
    "headlight_print",
    html='<button type="button"></button>',
    css="""
    button { font: inherit; color: var(--st-text-color); background: var(--st-background-color);
      border: 1px solid var(--st-border-color); border-radius: 4px; padding: 0.4em 0.9em; }
    button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
    """,
    js="""export default function ({ parentElement, data }) {
      const button = parentElement.querySelector("button");
      button.textContent = data.label;
      button.onclick = () => window.print();
    }""",
)


def print_button(label: str) -> None:
    """The button of what stands in `on_paper()`."""
    _PRINT(key="print", data={"label": label})


def on_paper() -> DeltaGenerator:
    """The place of what is printed; a worksheet is seen on paper only."""
    st.html(style("print"))
    return st.container(key="printed")
