"""What a class is asked, and what counts as an answer.

A question is plain values for the browser, `{"picture", "question", …}` as `viz.components.quiz`
makes them. Its `type` says what is answered:

    row     a share for each label, adding up to 1
    choice  one of the labels
    cells   which cells of a map are masked
    pick    one or more cells of a map, the heaviest in the guesser's eyes
    number  a number
    word    a word or a few
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]
Cell = tuple[int, int]

TRUTHS = ("truth", "values", "best", "why", "said", "mask", "weights")
"""What of a question tells its answer."""
MAX_CHARACTERS = 60
"""Of a word that is guessed."""
WRONG = "This is no answer to the question on the stage."


def without_truth(body: Body) -> dict[str, Any]:
    """The same for those who are still to guess; a picture's hidden rows go, too."""
    question = {n: v for n, v in body["question"].items() if n not in TRUTHS}
    if body["question"]["type"] == "cells":
        question |= {name: _zeros(body["question"][name]) for name in ("mask", "weights")}
    if body["question"]["type"] == "choice":
        question |= {"values": [], "best": []}
    return {**body, "question": question, "picture": _hidden(body["picture"])}


def _hidden(picture: Body) -> dict[str, Any]:
    """A picture without the rows that it hides until the answer is shown."""
    shown = dict(picture)
    hidden = picture.get("hidden")
    for name in ("weights", "scores"):
        if isinstance(hidden, list) and isinstance(picture.get(name), list):
            rows = picture[name]
            shown[name] = [_zeros(row) if i in hidden else row for i, row in enumerate(rows)]
    if picture["type"] == "softmax":
        shown["weights"] = _zeros(picture["weights"])
    if picture["type"] == "source":
        shown["row"] = _zeros(picture["row"])
    if picture["type"] == "outputs":
        shown["rows"] = [{**r, "tokens": []} if r["hidden"] else r for r in picture["rows"]]
    return shown


def _zeros(values: Any) -> Any:
    return [_zeros(one) for one in values] if isinstance(values, list) else 0


def clean(body: Body, value: Any) -> Any:
    """An answer as it is kept.

    Raises:
        ValueError: it is none to this question.
    """
    question = body["question"]
    match question["type"]:
        case "row":
            return _row(value, len(question["labels"]))
        case "choice":
            n = len(question["labels"])
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < n:
                return value
        case "cells" | "pick":
            return _cells(value, question)
        case "number":
            if isinstance(value, int | float) and not isinstance(value, bool):
                if math.isfinite(value) and abs(value) <= 1e9:
                    return float(value)
                raise ValueError("Send a number up to 1,000,000,000.")
        case "word":
            return _word(value)
    raise ValueError(WRONG)


def _row(value: Any, n: int) -> list[float]:
    if not isinstance(value, list) or len(value) != n:
        raise ValueError(WRONG)
    shares = [float(x) for x in value if isinstance(x, int | float) and math.isfinite(x) and x >= 0]
    total = sum(shares)
    if len(shares) != n or not 0 < total < 1e9:
        raise ValueError("Pull at least one bar, then send.")
    return [round(x / total, 4) for x in shares]


def _cells(value: Any, question: Body) -> list[list[int]]:
    rows, columns = len(question["rows"]), len(question["columns"])
    found: set[Cell] = set()
    for place in value if isinstance(value, list) else [None]:
        match place:
            case [int(i), int(j)] if 0 <= i < rows and 0 <= j < columns:
                found.add((i, j))
            case _:
                raise ValueError(WRONG)
    most = question.get("most")
    if most is not None and not 0 < len(found) <= most:
        raise ValueError(f"Choose up to {most} cells, at least one.")
    return [list(place) for place in sorted(found)]


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(WRONG)
    said = " ".join(value.split())
    if not said:
        raise ValueError("Type a word, then send.")
    if len(said) > MAX_CHARACTERS:
        raise ValueError(
            f"This has {len(said):,} characters; up to {MAX_CHARACTERS} are taken. Send a word."
        )
    return said
