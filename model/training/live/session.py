"""What one browser session trains: one training at a time, and what came of the ended ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...run.runner import Model
from ..history import TrainingHistory
from ..recording import CurvePoint
from .build import build
from .queue import TrainingQueue
from .settings import LONGEST, Settings
from .training import Result, Training


@dataclass(frozen=True)
class Trained:
    """A model that was trained here, with the history of its training.

    `longest`: tokens of the longest sources of its training; None where all lengths were drawn.
    """

    model: Model
    history: TrainingHistory
    curve: tuple[CurvePoint, ...]
    reason: str
    longest: int | None
    n_parameters: int


def trained(
    result: Result,
    name: str,
    history: TrainingHistory,
    curve: tuple[CurvePoint, ...],
    n_parameters: int,
) -> Trained:
    """What a training that has ended leaves behind, under a name."""
    items = LONGEST.get(result.settings.task)
    return Trained(
        build(result, name),
        history,
        curve,
        result.reason,
        None if items is None else items + 1,
        n_parameters,
    )


class TrainingSession:
    """A session's place at the server's line; `close` it when the session ends."""

    def __init__(self, line: TrainingQueue) -> None:
        self.line = line
        self.training: Training | None = None
        self.trained: dict[str, Trained] = {}

    def start(self, settings: Settings) -> None:
        """Enter the line with a new training; one that is still under way is ended."""
        self.close()
        self.training = Training(settings)
        self.line.enter(self.training)

    def collect_finished(self, taken: Sequence[str]) -> str | None:
        """Build the model of a training that has just ended; returns its name.

        Args:
            taken: names that cannot be used again.
        """
        ended = self.training
        if ended is None or ended.status != "done" or ended.result is None or ended.history is None:
            return None
        self.training = None
        name = f"{ended.settings.task}-mine"
        number = 1
        while name in taken:
            number += 1
            name = f"{ended.settings.task}-mine-{number}"
        self.trained[name] = trained(
            ended.result, name, ended.history, ended.curve, ended.n_parameters
        )
        return name

    def close(self) -> None:
        """End a training under way, or take it out of the line."""
        if self.training is not None:
            self.training.close()
            self.training = None
