"""Interventions: one frozen value that says what to change in a run, passed as an argument."""

from .given import PATCHABLE, Edge, Head, Place, Row, Steer, Vector
from .places import Change
from .rows import AnyEdits, EditsPerRow
from .value import Edits

__all__ = [
    "PATCHABLE",
    "AnyEdits",
    "Change",
    "Edge",
    "Edits",
    "EditsPerRow",
    "Head",
    "Place",
    "Row",
    "Steer",
    "Vector",
]
