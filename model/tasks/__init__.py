"""The tasks that Headlight can train. A new one: write its file, name it here."""

from .base import Batch, Example, Links, Recipe, SyntheticTask, Task, TrainingData, exact_match
from .dates import Dates
from .hear_digits import HearDigits
from .read_digits import ReadDigits
from .reverse import Reverse
from .sort import Sort
from .translate import Translate

TASKS: tuple[Task, ...] = (Translate(), Reverse(), Sort(), Dates(), ReadDigits(), HearDigits())


def task(slug: str) -> Task:
    """The task of that name.

    Raises:
        ValueError: there is none; says which there are.
    """
    for one in TASKS:
        if one.slug == slug:
            return one
    raise ValueError(
        f"There is no task “{slug}”. There are: {', '.join(one.slug for one in TASKS)}."
    )


__all__ = [
    "TASKS",
    "Batch",
    "Example",
    "Links",
    "Recipe",
    "SyntheticTask",
    "Task",
    "TrainingData",
    "exact_match",
    "task",
]
