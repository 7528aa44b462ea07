"""Where a live training stands, in words: for who trains, and on all screens of a class."""

from __future__ import annotations

from collections.abc import Sequence

from headlight.model.training.live import Point, Training

VERBS = {"running": "Training", "paused": "Paused", "done": "Trained"}


def waits(place: int, seconds: float) -> str:
    """How long until its turn.

    Args:
        place: trainings before it.
        seconds: the most that each of them may take.
    """
    others = "1 training is" if place == 1 else f"{place} trainings are"
    minutes = place * seconds / 60
    latest = "a minute" if minutes <= 1 else f"{minutes:.0f} minutes"
    return f"{others} before yours, which starts by itself in {latest} at the latest."


def standing(training: Training, status: str = "") -> str:
    """Step, time, and how well it does.

    Args:
        status: told in place of the training's own.
    """
    points: Sequence[Point] = training.points
    if not points:
        return "Starting"
    point, exact = points[-1], training.exact
    whole = "" if exact is None else f" · exact match {exact:.3f}"
    return (
        f"{VERBS.get(status or training.status, 'Training')} · step {point.step:,} · "
        f"{point.seconds:.0f} s · accuracy {point.accuracy:.3f}{whole} · "
        f"{training.n_parameters:,} parameters"
    )
