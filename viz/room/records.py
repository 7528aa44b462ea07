"""What the store hands out, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .codes import animal

State = Literal["open", "closed", "revealed"]
ACTIVE = ("waiting", "running", "paused")
"""What the status of a training says until it has ended."""


@dataclass(frozen=True)
class Room:
    """One class.

    Attributes:
        code: four letters.
        moved: counts what everybody has to hear of: selection, question, what is on show.
        heard: counts what only the teacher has to: pupils, answers, the wall.
        page, query: the page that the teacher is on, and what is selected there.
        steered: counts the changes of page and query.
        eyes: counts how often all were called back.
        base: the address of this server as the teacher had it changed; "" for the one found.
        teams: how many; 0 for none.
        asked: the question that has the stage; None for none.
        shown: the wall's entry that is on show; None for none.
        trains: the class's training that has the stage; None for none.
        wall: whether pupils may send to the wall.
    """

    code: str
    moved: int
    heard: int
    page: str
    query: str
    steered: int
    eyes: int
    base: str
    teams: int
    asked: int | None
    shown: int | None
    trains: int | None
    wall: bool


@dataclass(frozen=True)
class Member:
    """A pupil: `token` is known to the own browser only, `number` counts from zero."""

    token: str
    number: int

    @property
    def name(self) -> str:
        """The animal."""
        return animal(self.number)


@dataclass(frozen=True)
class Asked:
    """A question that was put to the class: `body` as `questions` makes it."""

    id: int
    state: State
    body: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a pupil answered."""

    number: int
    value: Any

    @property
    def name(self) -> str:
        """The animal."""
        return animal(self.number)


@dataclass(frozen=True)
class Entry:
    """What a pupil sent to the wall: a `text`, a `picture` or a `sound`; a large one's `body` is
    empty in lists.
    """

    id: int
    number: int
    kind: str
    body: str

    @property
    def name(self) -> str:
        """The animal."""
        return animal(self.number)


@dataclass(frozen=True)
class Together:
    """A training of the class, as all of its processes see it.

    Attributes:
        number: counts the room's trainings from one.
        name: of the model that comes of it.
        status: as of a live training; `failed` also when the process that trained is gone.
        facts: what is said of it, as plain values.
        frame: counts its pictures.
    """

    code: str
    number: int
    name: str
    status: str
    facts: dict[str, Any]
    frame: int

    @property
    def active(self) -> bool:
        """Waiting, running or paused."""
        return self.status in ACTIVE
