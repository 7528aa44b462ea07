"""The lessons, in the order of the course. A new one: write its file, name it here.

Plain functions of a model and a trace; no Streamlit, no drawing.
"""

from . import (
    cause,
    context,
    cross_attention,
    heads,
    mask,
    not_only_words,
    self_attention,
    similarity,
    softmax,
    weighted_sum,
    whole,
    writing,
)
from .base import Lesson, Link, Scene, Screen
from .games import GAMES, Game

LESSONS: tuple[Lesson, ...] = (
    context.LESSON,
    similarity.LESSON,
    softmax.LESSON,
    weighted_sum.LESSON,
    heads.LESSON,
    self_attention.LESSON,
    mask.LESSON,
    cross_attention.LESSON,
    whole.LESSON,
    writing.LESSON,
    cause.LESSON,
    not_only_words.LESSON,
)

__all__ = ["GAMES", "LESSONS", "Game", "Lesson", "Link", "Scene", "Screen"]
