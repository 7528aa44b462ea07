"""The models that can be chosen, and what follows from their weights alone."""

from __future__ import annotations

import streamlit as st

import headlight
from headlight.model import Model
from headlight.model.analysis.stream import embeddings
from headlight.model.checkpoints.yours import yours

from .computing import remembered
from .server import server
from .session import own_models
from .training import training_seat


def names() -> tuple[str, ...]:
    """Models that can be chosen: the shipped ones, the server's, those trained in this session."""
    seat, own = training_seat(), own_models()
    own.update({name: one.model for name, one in seat.trained.items() if name not in own})
    there = (*headlight.available(), *yours())
    if ended := seat.collect_finished((*there, *own)):
        own[ended] = seat.trained[ended].model
    return (*there, *own)


def is_yours(slug: str) -> bool:
    """Whether whoever started the server brought this model."""
    return slug in yours()


def get(slug: str) -> Model:
    """A model by its name, loaded once for the whole server.

    Raises:
        ValueError: there is none of that name, or its files cannot be used.
    """
    if slug in (own := own_models()):
        return own[slug]
    models = server().models
    if slug in models:
        return models.get(slug)
    with st.spinner("Reading the weights …"):
        return models.get(slug)


def longest_learned(loaded: Model) -> int | None:
    """Tokens of the longest sources that a model has learned from; None where it is not known."""
    if (own := training_seat().trained.get(loaded.slug)) is not None:
        return own.longest
    return loaded.task.longest if loaded.task is not None else None


def projection(loaded: Model) -> embeddings.Projection:
    """The embeddings along their three main directions."""
    return remembered(
        ("projection", loaded.digest),
        lambda: embeddings.project(loaded),
        "Finding the main directions …",
    )


def vocabulary(loaded: Model) -> tuple[str, ...]:
    """Every token as the vocabulary spells it."""
    return remembered(
        ("vocabulary", loaded.digest),
        lambda: tuple(loaded.tokenizer.piece(i) for i in range(len(loaded.tokenizer))),
        "",
        light=True,
    )
