"""How well digits are read or heard: rows and single digits that training never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..run.runner import Model
from ..run.sounds import speech
from ..run.sources import Sound
from ..tasks.base import share_equal
from ..tasks.digits import DigitsTask, Made, Maker

SEED = 778_000
"""Of the rows that are measured; no other part of the project uses it."""

MANY = 5
"""How many times as many rows of a whole test part are measured, in which there are more digits."""


def digits(model: Model, n: int, data: Path | None, person: str | None = None) -> dict[str, Any]:
    """Shares of `n` rows of every length in turn, and of single digits, that are exactly right.

    Rows are varied less than in training; single digits are as they were stored, and spoken ones
    also as a page hears what is recorded there (`model.run.sounds.speech`). A test part that stands
    beside the others is measured as well.

    Args:
        data: the folder with all held-out digits; those that come with the project by default.
        person: all recordings of one person instead, whom training did not hear.

    Raises:
        ValueError: no such person, or the file is not there.
    """
    assert isinstance(model.task, DigitsTask)
    task = model.task.leave_out(person) if person else model.task
    assert isinstance(task, DigitsTask)
    maker = task.shipped if data is None and not person else task.makers(data)[1]
    singles = maker.singles()
    answers, written = _read(model, singles)
    found = {
        "inputs": n,
        "exact_match": _rows(model, maker, n),
        "single_digits": len(singles),
        "single_digits_right": share_equal(written, answers),
        "most_often_wrong": most_often_wrong(answers, written),
    }
    if data and not person and (test := task.test_part(data)):
        parted = test.singles()
        found |= {
            "test_part_inputs": MANY * n,
            "test_part_exact_match": _rows(model, test, MANY * n),
            "test_part_single_digits": len(parted),
            "test_part_single_digits_right": share_equal(*_read(model, parted)),
        }
    if heard := [(speech(one), said) for one, said in singles if isinstance(one, Sound)]:
        found["single_digits_recorded_right"] = share_equal(*_read(model, heard))
    return found


def _rows(model: Model, maker: Maker, n: int) -> float:
    """The share of `n` rows of every length in turn that are exactly right."""
    assert isinstance(model.task, DigitsTask)
    sizes = [1 + i % model.task.most for i in range(n)]
    rows = maker.make(sizes, np.random.default_rng(SEED), calm=True)
    return share_equal(*_read(model, rows))


def most_often_wrong(answers: Sequence[str], written: Sequence[str], most: int = 5) -> str:
    """Such as `five as nine 27, two as zero 16`: how often a digit was taken for which other."""
    wrong = Counter(pair for pair in zip(answers, written, strict=True) if pair[0] != pair[1])
    return ", ".join(f"{a} as {b or 'nothing'} {n}" for (a, b), n in wrong.most_common(most))


def _read(model: Model, made: Sequence[Made]) -> tuple[list[str], list[str]]:
    """What stands on each source, and what the model writes."""
    sources, answers = zip(*made, strict=True)
    return list(answers), model.translate(list(sources))
