"""The bench above every page: which model, which text, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from model import Model, Trace
from viz import runtime, state
from viz.views.words import plain

RESULT = "bench-result"
"""The output line's container, which a page that asks for a guess hides."""

CHIPS_IN_ONE_LINE = f"""<style>
@media (max-width: 640px) {{
  .st-key-{state.EXAMPLE} [role=group], .st-key-{state.EXAMPLE} [role=radiogroup]
    {{ flex-wrap: nowrap; overflow-x: auto; }}
  .st-key-{state.EXAMPLE} button {{ flex-shrink: 0; }}
}}
</style>"""
"""On a phone the examples are one line to swipe along."""


@dataclass(frozen=True)
class Bench:
    """What every page starts from: the model, the text that it took, and the greedy trace.

    `pages` are all pages by their PATH, for links from one to another.
    """

    model: Model
    text: str
    trace: Trace
    pages: Mapping[str, StreamlitPage]

    def link(self, path: str, label: str, icon: str | None = None, **address: Any) -> None:
        """A link to another page, with this model and text and what `address` adds."""
        st.page_link(self.pages[path], label=label, icon=icon, query_params=state.link(**address))

    def open(self, path: str, **address: Any) -> None:
        """Go to another page now, with this model and text and what `address` adds."""
        st.switch_page(self.pages[path], query_params=state.link(**address))


def bench(pages: Mapping[str, StreamlitPage]) -> Bench:
    """Draw the bench and run what is on it; text that cannot be read keeps the last good run."""
    names = runtime.names()
    _take_model_from_address(names)
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        slug = st.selectbox(
            "Model", names, format_func=_title, key=state.MODEL, on_change=_new_model
        )
    loaded = runtime.get(slug)
    examples = loaded.task.examples if loaded.task else ()
    if state.TEXT not in st.session_state and state.asked(state.TEXT) is None and examples:
        state.set_text(examples[0].text)
    with right:
        text = st.text_input("Source text", key=state.TEXT, bind="query-params")
    if examples:
        st.html(CHIPS_IN_ONE_LINE)
        st.pills(
            "Examples",
            [example.text for example in examples],
            format_func=plain,
            key=state.EXAMPLE,
            on_change=_take_example,
            label_visibility="collapsed",
        )
    trace, text = _run(loaded, text)
    with st.container(key=RESULT):
        st.markdown(f":small[:gray[Output]]&emsp;{plain(trace.output_text) or ':gray[nothing]'}")
        note = next((example.note for example in examples if example.text == text), None)
        if note:
            st.caption(f"What to look for: {note}")
    return Bench(loaded, text, trace, pages)


def _run(loaded: Model, text: str) -> tuple[Trace, str]:
    """The trace of the text, or of the last good one with a sentence that says why."""
    try:
        trace = runtime.run(loaded, text)
    except ValueError as error:
        fallback = state.last_good(loaded.slug)
        if fallback is None and loaded.task is not None:
            fallback = loaded.task.examples[0].text
        if fallback is None:
            st.warning(plain(str(error)))
            st.stop()
        st.warning(f"{plain(str(error))} Below is still “{plain(fallback)}”.")
        return runtime.run(loaded, fallback), fallback
    state.keep_good(loaded.slug, text)
    return trace, text


def _title(slug: str) -> str:
    own = state.own_models().get(slug)
    task = own.task if own else runtime.get(slug).task
    return slug if own or task is None else task.title


def _take_model_from_address(names: tuple[str, ...]) -> None:
    """The model that the address names, else the one chosen before, else the first.

    A bound widget would write its label there; the address has the model's own name.
    """
    wanted = state.asked(state.MODEL)
    if wanted in names:
        state.set_model(wanted)
        return
    if state.chosen_model() not in names:
        state.set_model(names[0])
    if wanted is not None:
        st.warning(
            f"There is no model “{plain(wanted[:60])}”. There are: {plain(', '.join(names))}. "
            f"Here is {plain(state.chosen_model() or names[0])}."
        )
    state.show_model_in_address()


def _new_model() -> None:
    """Another model starts with its own first example."""
    state.show_model_in_address()
    task = runtime.get(state.chosen_model() or "").task
    if task is not None:
        state.set_text(task.examples[0].text)


def _take_example() -> None:
    if chosen := st.session_state.get(state.EXAMPLE):
        state.set_text(chosen)
        st.session_state[state.EXAMPLE] = None
