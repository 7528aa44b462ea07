"""The bench above every page: which model, which text, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from headlight.model import Model, Trace
from headlight.model.tasks import TASKS

from .. import address, runtime, state
from . import menu, present
from .words import plain, short

RESULT = "bench-result"
"""The output line's container, which a page that asks for a guess hides."""

STYLE = f"""<style>
@media (min-width: 641px) {{
  [data-testid=stMainBlockContainer] {{ padding-left: 2.5rem; padding-right: 2.5rem; }}
}}
.st-key-bench-row:has(.st-key-{state.EXAMPLE}) {{ flex-wrap: nowrap; }}
.st-key-{state.EXAMPLE} {{ flex: 1 1 0; min-width: 0; }}
.st-key-{state.EXAMPLE} [role=group], .st-key-{state.EXAMPLE} [role=radiogroup]
  {{ flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; }}
.st-key-{state.EXAMPLE} button
  {{ flex-shrink: 1; min-width: 0; max-width: 9.2vw; padding: 0 0.6rem; }}
.st-key-{state.EXAMPLE} button p {{ overflow: hidden; text-overflow: ellipsis; }}
@media (max-width: 1100px) {{
  .st-key-{state.EXAMPLE} button {{ flex-shrink: 0; max-width: none; }}
}}
.st-key-{RESULT} {{ position: relative; min-height: 1.7rem; max-height: 5.2rem; overflow-y: auto; }}
.st-key-{RESULT}:has([data-testid=stSpinner]) > :not(:has([data-testid=stSpinner]))
  {{ visibility: hidden; }}
.st-key-{RESULT} > :has([data-testid=stSpinner]) {{ position: absolute; }}
@media (max-width: 640px) {{
  .st-key-{present.BEGIN}, .modebar-container {{ display: none; }}
  .st-key-{state.MODEL} label, .st-key-{state.TEXT} label
    {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
  [data-testid=stHorizontalBlock]:has(.st-key-{state.TEXT}) {{ gap: 0.5rem; }}
  [data-testid=stMainBlockContainer] > [data-testid=stVerticalBlock] {{ gap: 0.6rem; }}
}}
@media (hover: none) {{ [data-has-shortcut] kbd {{ display: none; }} }}
</style>"""
"""Room for the pictures; the examples are one line: shortened, and to swipe where it is narrow.
A long output scrolls, and what says that the model is running lies over the last output, so that
the page below stays where it is. On a phone the model and the text do without the names above
them, which are still read out; keys are no hint without a keyboard, and where there is no pointer,
Plotly's buttons would always lie over a figure's legend."""

SEVERAL = ("decode",)
"""Paths of the pages that show other outputs of the same text than the bench's greedy one."""


@dataclass(frozen=True)
class Bench:
    """What every page starts from: the model, the text that it took, and the greedy trace.

    `pages` are all pages by their PATH, for links from one to another.
    """

    model: Model
    text: str
    trace: Trace
    pages: Mapping[str, StreamlitPage]

    def link(self, path: str, label: str, icon: str | None = None, **options: Any) -> None:
        """A link to another page, with this model and text and what `options` add."""
        given = address.link(**present.kept(), **options)
        if state.TEXT not in options:  # the text's widget keeps it in the address by itself
            given.pop(state.TEXT, None)
        st.page_link(self.pages[path], label=label, icon=icon, query_params=given)

    def open(self, path: str, *, text: str | None = None, **options: Any) -> None:
        """Go to another page now, with this model, this text or another one, and `options`."""
        if text is not None:
            state.hand_over(text)
        # The text's widget is bound to the address and keeps its value; it may not be set here.
        given = address.link(**present.kept(), **options)
        given.pop(state.TEXT, None)
        st.switch_page(self.pages[path], query_params=given)


def bench(pages: Mapping[str, StreamlitPage], path: str = "") -> Bench:
    """Draw the bench above the page at `path`, and run what is on it.

    Text that cannot be read keeps the last good run.
    """
    st.html(STYLE)
    names = runtime.names()
    if not names:
        st.error("There is no model in assets/checkpoints. `make train TASK=reverse` makes one.")
        st.stop()
    _take_model_from_address(names)
    menu.menu(pages)
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        slug = st.selectbox(
            "Model", names, format_func=_title, key=state.MODEL, on_change=_new_model
        )
    loaded = _load(slug)
    examples = loaded.task.examples if loaded.task else ()
    state.take_over()
    if state.TEXT not in st.session_state and address.asked(state.TEXT) is None and examples:
        state.start_with_text(examples[0].text)
    with right:
        text = st.text_input("Source text", key=state.TEXT, bind="query-params")
    with st.container(horizontal=True, vertical_alignment="center", key="bench-row"):
        if present.presenting():
            menu.links(pages)
        elif examples:
            st.pills(
                "Examples",
                [example.text for example in examples],
                format_func=plain,
                key=state.EXAMPLE,
                on_change=_take_example,
                label_visibility="collapsed",
            )
        present.switch()
    notice, result = st.container(), st.container(key=RESULT)
    trace, text = _run(loaded, text, notice, result)
    with result:
        name = "Greedy output" if path in SEVERAL else "Output"
        line = f":small[:gray[{name}]]&emsp;{plain(trace.output_text) or ':gray[nothing]'}"
        unknown = loaded.tokenizer.unknown(trace.src)
        if lost := [sign for sign in unknown if sign not in trace.output_text]:
            line += f"&emsp;:small[:gray[Unknown to the model and lost: {plain(' '.join(lost))}]]"
        note = next((example.note for example in examples if example.text == text), None)
        if note:
            line += f"&emsp;&emsp;:small[:gray[What to look for: {plain(note)}]]"
        st.markdown(line)
    runtime.settle()
    return Bench(loaded, text, trace, pages)


def _run(
    loaded: Model, text: str, notice: DeltaGenerator, result: DeltaGenerator
) -> tuple[Trace, str]:
    """The trace of the text, or of the last good one with a sentence in `notice` that says why."""
    doing = loaded.task.doing if loaded.task else runtime.DOING
    try:
        with result:
            trace = runtime.run(loaded, text, doing=doing)
    except ValueError as error:
        fallback = state.last_good(loaded.slug) or ""
        if not fallback and loaded.task is not None:
            fallback = loaded.task.examples[0].text
        try:
            with result:
                kept = runtime.run(loaded, fallback, doing=doing)
        except ValueError:  # no text helps: the weights are at fault
            notice.warning(plain(str(error)))
            st.stop()
        notice.warning(f"{plain(str(error))} Below is still “{short(fallback)}”.")
        return kept, fallback
    state.keep_good(loaded.slug, text)
    return trace, text


def _load(slug: str) -> Model:
    """The model; weights that cannot be used are told of, and the others stay within reach."""
    try:
        return runtime.get(slug)
    except ValueError as error:
        st.error(f"{plain(str(error))} Choose another model.")
        st.stop()


def _title(slug: str) -> str:
    if slug in runtime.own_models():
        return slug
    return next((task.title for task in TASKS if task.slug == slug), slug)


def _take_model_from_address(names: tuple[str, ...]) -> None:
    """The model that the address names, else the one chosen before, else the first.

    A bound widget would write its label there; the address has the model's own name.
    """
    wanted = address.linked(state.MODEL, names)
    if wanted is not None:
        state.set_model(wanted)
        return
    if state.chosen_model() not in names:
        state.set_model(names[0])
    state.show_model_in_address()


def _new_model() -> None:
    """Another model starts with its own first example."""
    state.show_model_in_address()
    try:
        task = runtime.get(state.chosen_model() or "").task
    except ValueError:  # told of when the page is drawn
        return
    if task is not None:
        state.set_text(task.examples[0].text)


def _take_example() -> None:
    if chosen := st.session_state.get(state.EXAMPLE):
        state.set_text(chosen)
        st.session_state[state.EXAMPLE] = None
