"""Guess first, then see the model's numbers: a picture and a question in the browser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from .. import theme
from .palette import palette
from .static import loader

CHOSEN_THERE = ("gallery", "dot", "mix", "source")
"""Pictures whose parts are the options of the question."""

_COMPONENT = st.components.v2.component("headlight_quiz", js=loader("quiz"))


def quiz(
    picture: Mapping[str, Any],
    question: Mapping[str, Any],
    *,
    kind: str | None,
    present: bool,
    key: str,
) -> None:
    """Mount a picture and its question; a guess lasts until they change.

    Args:
        picture, question: plain values, as `viz.lessons` makes them.
        kind: the kind of attention whose colour is used; None for no kind.
        present: large type for the last row of the room.
        key: one for each lesson.
    """
    shown = board(picture, question, kind)
    digest = hashlib.blake2b(json.dumps(shown).encode(), digest_size=8).hexdigest()
    _COMPONENT(key=key, data={**shown, "id": digest, "present": present})


def board(
    picture: Mapping[str, Any], question: Mapping[str, Any], kind: str | None
) -> dict[str, Any]:
    """A picture and its question as the browser draws them, with their colours."""
    return {
        "picture": dict(picture),
        "question": {**question, "inPicture": picture["type"] in CHOSEN_THERE},
        "colour": theme.KIND_COLOURS.get(kind or "", ""),
        **palette(),
    }
