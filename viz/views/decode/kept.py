"""What Decode keeps for one text: the branches that were grown; one of them is selected."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from headlight.model.decoding import Forks
from headlight.model.decoding.forks import Prefix

from ... import selection

_DECODING = "decoding"


@dataclass
class Decoding:
    """For one text; everything is empty at first.

    Attributes:
        forks: the branches that were grown.
        current: the branch that is shown, by its forced tokens.
        other: the branch that it is compared with.
        path: a way through the beam's tree, shown in place of the best one.
        said: why the last thing asked for was not done.
        target: the last target text that could be forced as a whole.
    """

    forks: Forks = field(default_factory=Forks)
    current: Prefix = ()
    other: Prefix | None = None
    path: Prefix | None = None
    said: str = ""
    target: str = ""

    def select(self, step: int | None = None) -> None:
        """Select the branch and the way that are shown, and a step of them."""
        here = {"forced": as_text(self.current), "path": as_text(self.path or ())}
        selection.update(**here, **({} if step is None else {"step": step}))


def decoding(digest: str, text: str) -> Decoding:
    """What is kept for these weights and this text."""
    key, kept = st.session_state.get(_DECODING, (None, Decoding()))
    if key == (digest, text):
        return kept
    fresh = Decoding()
    st.session_state[_DECODING] = ((digest, text), fresh)
    return fresh


def as_text(ids: Prefix) -> str | None:
    """Token ids as an address has them, `5-17-2`; None for none."""
    return "-".join(map(str, ids)) or None


def as_ids(text: str) -> Prefix:
    """The inverse.

    Raises:
        ValueError: they are no token ids.
    """
    parts = text.split("-") if text else []
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise ValueError("These are not token ids.")
    return tuple(map(int, parts))
