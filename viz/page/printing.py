"""Printing a page without everything that is not its text."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_PRINT = st.components.v2.component(
    "headlight_print",
    html='<button type="button">Print these notes</button>',
    css="""
    button { font: inherit; color: var(--st-text-color); background: var(--st-background-color);
      border: 1px solid var(--st-border-color); border-radius: 4px; padding: 0.4em 0.9em; }
    button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
    """,
    js="""export default function ({ parentElement }) {
      const button = parentElement.querySelector("button");
      button.onclick = () => window.print();
    }""",
)


def print_button() -> None:
    """The button, and the style sheet for paper."""
    st.html(Path(__file__).with_name("print.css"))
    _PRINT(key="print")
