"""What a model is tried on: the project's sentences, or a text file that a person gives."""

from __future__ import annotations

import streamlit as st

from .. import runtime
from ..markdown import plain
from ..runtime import Corpus
from .context import RunContext
from .own_text import own_text


def corpus(context: RunContext, what: str) -> Corpus | None:
    """The sentences, or None, with the field for a file or a sentence that says why not.

    Args:
        what: is measured on them, as the beginning of a sentence.
    """
    if not runtime.needs_file(context.model):
        return runtime.corpus(context.model)
    if context.model.reads != "text":
        st.info(f"{what} takes many recordings, and none come with this model.")
        return None
    found = runtime.corpus(context.model)
    if found is None:
        st.info(f"{what} takes sentences such as this model was made to read: give a text file.")
        given = own_text(gold=False, key=f"own_text-{what}")
    else:
        st.caption(f"Sentences: **{plain(found.name)}**")
        with st.popover("Another file", type="tertiary", icon=":material/upload_file:"):
            given = own_text(gold=False, key=f"own_text-{what}")
    if given is not None and (fresh := Corpus(given.text, given.name)) != found:
        runtime.keep_corpus(fresh)
        st.rerun()
    return found
