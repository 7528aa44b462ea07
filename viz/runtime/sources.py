"""Pictures and sounds by name: pages and addresses name a source by a text, here it is found.

An example goes by its own name, and a drawing by its strokes, which links carry along. What was
spoken or uploaded goes by its digest, and is kept for the session only: nothing of it is stored on
the server.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from contextlib import suppress

import streamlit as st

from headlight.model import AnySource, Model, Picture, Sound
from headlight.model.run import ink
from headlight.model.run.reading import kind_of_source
from headlight.model.tasks import TASKS
from headlight.model.tasks.base import Example

KEPT = "sources"
MOST = 30
"""Drawings and recordings that a session keeps; the oldest goes first."""

_NAMES = {"picture": "picture ", "sound": "recording "}
_DIGEST = re.compile(
    "|".join(rf"(?P<{kind}>{name}[0-9a-f]{{16}})" for kind, name in _NAMES.items())
)


def keep(source: Picture | Sound, name: str = "") -> str:
    """Keep a source for this session, and name it, unless it has a name where it comes from."""
    name = name or _NAMES[kind_of_source(source)] + source.digest
    known = _kept()
    known[name] = source
    while len(known) > MOST:
        known.pop(next(iter(known)))
    return name


def kept(name: str) -> Picture | Sound | None:
    """What this session keeps under a name, or a drawing that is its own name."""
    if name.startswith(ink.HEAD):
        with suppress(ValueError):
            return ink.picture(name)
    return _kept().get(name)


def examples(loaded: Model) -> tuple[Example, ...]:
    """The examples of a model's task; a model of no task that hears gets those of one that does."""
    if loaded.task is not None:
        return loaded.task.examples
    if loaded.reads != "sound":
        return ()
    spoken = (task.examples for task in TASKS if isinstance(task.examples[0].source, Sound))
    return next(spoken, ())


def name_of(loaded: Model, source: AnySource) -> str:
    """What an example is named; "" for a source that is none."""
    return next((one.text for one in examples(loaded) if one.source == source), "")


def unnamed(text: str) -> str:
    """What a text names that says nothing to a person: "picture" or "sound"; else ""."""
    with suppress(ValueError):
        ink.strokes(text)
        return "picture"
    found = _DIGEST.fullmatch(text)
    return "" if found is None else str(found.lastgroup)


def may_read(name: str, reads: str) -> bool:
    """Whether a model of that name may read this, as far as is known before it is opened."""
    tasks = (task for task in TASKS if task.slug == name)
    return all(kind_of_source(task.examples[0].source) == reads for task in tasks)


def source_of(loaded: Model, text: str) -> AnySource:
    """What a text names for this model; the text itself where the model reads text.

    Raises:
        ValueError: a drawing or a recording that this session does not have.
    """
    if loaded.reads == "text":
        return text
    for one in examples(loaded):
        if one.text == text:
            return one.source
    if (found := _kept().get(text)) is not None:
        return found
    if loaded.reads == "picture" and text.startswith(ink.HEAD):
        return ink.picture(text)
    what = "picture" if loaded.reads == "picture" else "recording"
    raise ValueError(
        f"This {what} is not here: a link does not carry it, and none is stored. "
        "Make a new one, or choose an example."
    )


def _kept() -> MutableMapping[str, Picture | Sound]:
    found: MutableMapping[str, Picture | Sound] = st.session_state.setdefault(KEPT, {})
    return found
