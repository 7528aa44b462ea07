"""The run that values come from: another sentence, or this one with noise."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from headlight.model import Model, Trace
from headlight.model.analysis.interventions.noise import noise
from headlight.model.analysis.interventions.same_tokens import same_tokens

from ... import runtime, selection
from ...labels import token_noun
from ...markdown import plain
from ...page.context import RunContext
from ...page.present import presenting, wide

TEXT, NOISE = "text", "noise"
_SOURCES = {TEXT: "another source", NOISE: "noise on this one"}
OWN, FIRST = "own", "first"
_TARGETS = {OWN: "its own output", FIRST: "the first output (forced)"}


class Made(NamedTuple):
    """How the other run is made: from a source of its own, or with noise at some positions.

    `forced`: it was given the tokens of the first run, so both have the same rows.
    """

    kind: str
    forced: bool
    text: str = ""
    positions: tuple[int, ...] = ()
    scale: float = 0.0
    seed: int = 0


class Second(NamedTuple):
    """The other run, and how it is made."""

    trace: Trace
    made: Made


def second_run(
    context: RunContext, first: Trace, row: DeltaGenerator, aside: DeltaGenerator
) -> Second | None:
    """The controls and the run that they ask for; None, with a word about why, if there is none.

    Args:
        row: takes the fields.
        aside: takes the choice of what kind of run it is.

    Raises:
        ValueError: a text that the model cannot read; sentences for the page.
    """
    kind = selection.choice("second_run", list(_SOURCES), TEXT)
    aside.selectbox(
        "Values come from",
        list(_SOURCES),
        format_func=_SOURCES.__getitem__,
        width=wide(190),
        **selection.widget("second_run"),
    )
    with row:
        second = _of_text(context, first, aside) if kind == TEXT else _of_noise(context, first)
    if second is None and kind == TEXT:
        ask_for_text(context, "Type a second sentence that differs in one thing, say a plural.")
    return second


def text_field(context: RunContext) -> str:
    """The second source: typed; a picture or a sound is an example, or what was given here."""
    if context.model.reads == "text":
        text = selection.text("compare").strip()
        st.text_input(
            "Second sentence",
            placeholder="The same sentence with one thing changed, say a plural",
            width=wide(440),
            **selection.widget("compare"),
        )
        return text
    reads, asked = context.model.reads, selection.current()["compare"]
    names = [one.text for one in runtime.examples(context.model) if one.text != context.text]
    if asked not in names and _here(context.model, asked):
        names.append(asked)
    text = selection.choice("compare", names)
    selection.settle(compare=text)
    st.selectbox(
        f"Second {reads}",
        names,
        format_func=lambda name: f"the {reads} from before" if runtime.unnamed(name) else name,
        width=wide(300),
        **selection.widget("compare"),
    )
    return text


def _here(model: Model, text: str) -> bool:
    """Whether a drawing or a recording of this name can be read."""
    try:
        model.read(runtime.source_of(model, text))
    except ValueError:
        return False
    return True


def _of_text(context: RunContext, first: Trace, aside: DeltaGenerator) -> Second | None:
    text = text_field(context)
    target = selection.choice("second_target", list(_TARGETS), OWN)
    aside.selectbox(
        "It writes",
        list(_TARGETS),
        format_func=_TARGETS.__getitem__,
        width=wide(210),
        help="Forced: the second source is read, but the decoder is given the first output's "
        "tokens, so that row answers to row.",
        **selection.widget("second_target", row_of_patch=None, patch_cell=None),
    )
    if not text:
        return None
    own = runtime.run(context.model, text)
    forced = target == FIRST
    if forced or not presenting():  # presenting it is said below: the fields stay on one line
        said = "By itself the second would write" if forced else "Second output"
        st.caption(f"{said}: {plain(own.output_text)}")
    if forced:
        own = runtime.run(context.model, text, strategy=same_tokens(first))
    return Second(own, Made(TEXT, forced, text))


def ask_for_text(context: RunContext, words: str) -> None:
    """Ask for a second text, and offer the first with one thing changed where an example has it."""
    examples = runtime.examples(context.model)
    changed = next((one.changed for one in examples if one.text == context.text), "")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(words, icon=":material/swap_horiz:")
        if changed:
            pressed = {"compare": changed}
            st.button(f"Try “{plain(changed)}”", on_click=selection.update, kwargs=pressed)


def _of_noise(context: RunContext, first: Trace) -> Second | None:
    tokens, options = first.src, selection.positions(len(first.src))
    chosen = selection.several("noise_at", options, [])
    st.multiselect(
        "Noise on",
        options,
        format_func=lambda i: f"{i} · {tokens.surface(int(i))}",
        placeholder=f"Choose {token_noun(tokens)}s",
        width=wide(300),
        **selection.widget("noise_at"),
    )
    scale, seed = selection.number("noise_scale"), selection.whole("noise_seed")
    st.number_input(
        "Standard deviations",
        0.5,
        10.0,
        step=0.5,
        width=wide(150),
        help="Of the vectors that the encoder reads. Meng et al. 2022 used 3.",
        **selection.widget("noise_scale"),
    )
    st.number_input("Seed", 0, 9_999, width=wide(110), **selection.widget("noise_seed"))
    if not chosen:
        st.info(f"Choose the {token_noun(tokens)}s to make unreadable.", icon=":material/blur_on:")
        return None
    positions = tuple(map(int, chosen))
    edits = first.edits | noise(context.model, first, positions, scale=scale, seed=seed)
    noisy = runtime.run(context.model, context.text, strategy=same_tokens(first), edits=edits)
    return Second(noisy, Made(NOISE, True, "", positions, scale, seed))
