"""What came of a question: votes, the averaged row, distances to the model's numbers.

A distance is 0 for what the model did and 1 for nothing in common:

    row     total variation, half the sum of all differences
    choice  0 for one of the best, else 1
    cells   the share of cells that are wrong
    pick    1 − the share of the heaviest cells' weight that the chosen ones have
    number  |guess − truth| on the question's `scale`, at most 1
    word    0 for the word, whatever its capitals, else 1
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median
from typing import Any

from .questions import Body
from .records import Answer

MAX_DOTS = 200
MAX_WORDS = 40


def tally(body: Body, answers: Sequence[Answer], *, revealed: bool) -> dict[str, Any]:
    """How the class answered, for the teacher's screen; nobody's name is in it."""
    values = [one.value for one in answers]
    counted: dict[str, Any] = {"n": len(values), **_counted(body["question"], values)}
    if revealed and values:
        distances = [d for d in (distance(body, value) for value in values) if d is not None]
        if distances:
            counted["best"] = min(distances)
            counted["nearest"] = sum(d <= min(distances) + 1e-9 for d in distances)
            counted["distance"] = _of_class(body, values, distances)
    return counted


def _counted(question: Body, values: Sequence[Any]) -> dict[str, Any]:
    match question["type"]:
        case "row":
            n = len(question["labels"])
            mean = [fmean(v[i] for v in values) for i in range(n)] if values else [0.0] * n
            return {"mean": mean, "dots": list(values[-MAX_DOTS:])}
        case "choice":
            return {"votes": [values.count(i) for i in range(len(question["labels"]))]}
        case "cells" | "pick":
            votes = [[0] * len(question["columns"]) for _ in question["rows"]]
            for value in values:
                for i, j in value:
                    votes[i][j] += 1
            return {"votes": votes}
        case "number":
            return {
                "dots": sorted(values)[-MAX_DOTS:],
                "median": median(values) if values else None,
            }
    return {"words": _words(values)}


def _words(values: Sequence[str]) -> list[list[Any]]:
    """The words that were sent and how often, the most frequent first."""
    spelt: dict[str, str] = {}
    counts: dict[str, int] = {}
    for value in values:
        key = value.casefold()
        spelt.setdefault(key, value)
        counts[key] = counts.get(key, 0) + 1
    order = sorted(counts, key=lambda key: -counts[key])
    return [[spelt[key], counts[key]] for key in order[:MAX_WORDS]]


def distance(body: Body, value: Any) -> float | None:
    """From one answer to the model's; None where no number of the model answers the question."""
    question = body["question"]
    match question["type"]:
        case "row":
            return variation(value, question["truth"])
        case "choice":
            return None if not question.get("best") else float(value not in question["best"])
        case "cells":
            mask = question["mask"]
            marked = {(i, j) for i, j in value}
            wrong = [
                ((i, j) in marked) == bool(may)
                for i, row in enumerate(mask)
                for j, may in enumerate(row)
            ]
            return fmean(wrong)
        case "pick":
            return 1 - _weight(question, value)
    truth = question.get("truth")
    if truth is None:
        return None
    if question["type"] == "number":
        return min(1.0, abs(value - truth) / question["scale"])
    return float(value.casefold() != truth.casefold())


def variation(a: Sequence[float], b: Sequence[float]) -> float:
    """Total variation distance of two rows, the second as printed: it is made to add up to 1."""
    total = sum(b) or 1.0
    return min(1.0, sum(abs(x - y / total) for x, y in zip(a, b, strict=True)) / 2)


def _weight(question: Body, cells: Sequence[Sequence[int]]) -> float:
    """Weight on the chosen cells, of the most that as many cells can have."""
    weights = question["weights"]
    heaviest = sorted((w for row in weights for w in row), reverse=True)[: len(cells)]
    return min(1.0, sum(weights[i][j] for i, j in cells) / (sum(heaviest) or 1.0))


def _of_class(body: Body, values: Sequence[Any], distances: Sequence[float]) -> float:
    """Of the averaged row from the truth; elsewhere the mean of the pupils' distances."""
    question = body["question"]
    if question["type"] == "row":
        n = len(question["labels"])
        return variation([fmean(v[i] for v in values) for i in range(n)], question["truth"])
    return fmean(distances)


def own(body: Body, value: Any) -> str:
    """One sentence to a pupil about the own answer, once the truth is known."""
    d = distance(body, value)
    if d is None:
        return "Your answer is among those on the teacher's screen."
    match body["question"]["type"]:
        case "choice" | "word":
            return "Right." if d == 0 else "Not this time."
        case "cells":
            n = sum(len(row) for row in body["question"]["mask"])
            return f"{round((1 - d) * n)} of {n} cells right."
        case "pick":
            return f"Your cells have {1 - d:.0%} of the weight that as many cells can have."
    return f"Your distance: {d:.3f}."


def scores(
    rounds: Sequence[tuple[Body, Sequence[Answer]]], teams: int
) -> list[dict[str, int | float]]:
    """Points of each team: for each question 100 × (1 − the mean distance of its answers).

    Pupils are in team `number % teams`. Questions without a truth give no points.
    """
    points = [0.0] * teams
    for body, answers in rounds:
        for team in range(teams):
            mine = [one for one in answers if one.number % teams == team]
            found = [d for d in (distance(body, one.value) for one in mine) if d is not None]
            points[team] += 100 * (1 - fmean(found)) if found else 0
    return [{"team": team + 1, "points": round(value)} for team, value in enumerate(points)]
