"""Predict the map: five things to guess, for one learner or for a whole class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from . import cause, cross_attention, heads, mask, writing
from .base import Scene, Screen
from .self_attention import row_screen

TURNS = ("cross", "encoder_self", "decoder_self")
"""The kind of attention changes with each turn."""


@dataclass(frozen=True)
class Game:
    """One thing to guess: its name in the address, its title, and how its screen is made."""

    slug: str
    title: str
    build: Callable[[Scene], Screen]


def _row(scene: Scene) -> Screen:
    kind = TURNS[scene.turn % 3]
    return row_screen(_turn(scene, scene.turn // 3), kind)


def _cells(scene: Scene) -> Screen:
    kinds = ("decoder_self", "encoder_self", "cross")
    return mask.cells_screen(scene, kinds[scene.turn % 3])


def _head(scene: Scene) -> Screen:
    """First the head that aligns, then a habit of the encoder's heads, in turn."""
    if scene.turn % 4 == 0:
        return cross_attention.build(scene)
    return heads.build(_turn(scene, scene.turn % 4 - 1))


def _turn(scene: Scene, turn: int) -> Scene:
    return replace(scene, turn=turn)


GAMES = (
    Game("row", "A row of attention", _row),
    Game("cells", "The masked cells", _cells),
    Game("head", "The right head", _head),
    Game("token", "The next token", writing.build),
    Game("cut", "The cut that hurts", cause.build),
)
