"""A second run beside the first: another sentence, another model, or both."""

from __future__ import annotations

import streamlit as st

from headlight.model import Model, Trace

from ... import runtime, selection
from ...labels import worded
from ...markdown import plain
from ...page.context import RunContext

NONE = ""


def choose(context: RunContext) -> None:
    """The field for a second model: of those that read what this one reads."""
    with st.popover("Compare with a model", icon=":material/compare:", type="tertiary"):
        names = _names(context)
        selection.choice("other", names, NONE)
        st.selectbox(
            "Second model",
            names,
            format_func=lambda name: name or "none",
            **selection.widget("other"),
        )
        said = (
            "It reads the same {source}. Layers and heads are counted from zero in both; where the "
            "second has fewer, its last one is shown. Where both have the same rows and columns, "
            "their difference is drawn as well."
        )
        st.caption(worded(said, context.model.reads))


def seconds(context: RunContext) -> list[str]:
    """Names of a second picture or sound; a text is typed."""
    if context.model.reads == "text":
        return []
    return [one.text for one in runtime.examples(context.model) if one.text != context.text]


def run(context: RunContext, trace: Trace, text: str) -> Trace | None:
    """The second trace; None where nothing is compared, or, with a word about why, it cannot be."""
    said = selection.current()["other"]
    other = said if said in _names(context) else NONE
    if not text and not other:
        return None
    try:
        if trace.digest != context.model.digest and not other:
            raise ValueError(
                f"the saved run comes from another model than “{context.model.slug}” above, so "
                "there is nothing to compare."
            )
        return runtime.run(_model(context, other), text or context.text)
    except ValueError as error:
        second = worded("Second sentence", context.model.reads)
        what = f"Second model “{plain(other)}”" if other else second
        st.warning(f"{what}: {plain(str(error))} Showing the first alone.")
        return None


def _model(context: RunContext, other: str) -> Model:
    """The second model.

    Raises:
        ValueError: its files cannot be used, or it reads something else.
    """
    if not other:
        return context.model
    found = runtime.get(other)
    if found.reads != context.model.reads:
        raise ValueError(f"it reads a {found.reads}, the first one a {context.model.reads}.")
    return found


def _names(context: RunContext) -> tuple[str, ...]:
    """Models that read what this one reads, as far as that is known before they are opened."""
    others = [name for name in runtime.names() if name != context.model.slug]
    return (NONE, *(name for name in others if runtime.may_read(name, context.model.reads)))
