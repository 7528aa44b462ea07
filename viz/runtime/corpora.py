"""The sentences that a model is tried on: the project's, or a file of whoever sits before the page.

What comes with the project is for its own tasks. For a model that was brought along nobody knows
what it was made to read, so a person gives a file; it is kept for the session, in memory only.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from headlight.model import Model

_KEPT = "own-corpus"


class Corpus(NamedTuple):
    """Lines to try a model on. `text` None: those that come with the project."""

    text: str | None
    name: str


def needs_file(loaded: Model) -> bool:
    """Whether nothing that comes with the project is known to be what this model reads."""
    return loaded.task is None


def corpus_name(loaded: Model) -> str:
    """What comes with the project for a model is called so."""
    return f"the project's {'sentence' if loaded.reads == 'text' else loaded.reads}s"


def corpus(loaded: Model) -> Corpus | None:
    """What a model is tried on; None where a file has yet to be given."""
    if not needs_file(loaded):
        return Corpus(None, corpus_name(loaded))
    kept: Corpus | None = st.session_state.get(_KEPT)
    return kept if loaded.reads == "text" else None


def keep_corpus(given: Corpus) -> None:
    """Take a file for this session's models that need one."""
    st.session_state[_KEPT] = given
