"""What a teacher takes along as a table (the page to print: `printed`). What was typed is text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headlight.model.cells import to_csv

from .questions import Body
from .records import Answer, Asked, Entry
from .tally import distance

Rounds = Sequence[tuple[Asked, Sequence[Answer]]]
COLUMNS = ("question", "asked", "pupil", "answer", "distance")


def as_csv(rounds: Rounds, wall: Sequence[Entry]) -> str:
    """One row an answer, then one an entry of the wall; pupils by their animals."""
    rows: list[dict[str, str | float]] = []
    for n, (asked, answers) in enumerate(rounds, 1):
        for one in answers:
            d = distance(asked.body, one.value)
            told = (n, asked.body["question"]["ask"], one.name, said(asked.body, one.value))
            rows.append(dict(zip(COLUMNS, (*told, "" if d is None else round(d, 3)), strict=True)))
    for entry in reversed(wall):
        body = entry.body if entry.kind == "text" else f"({entry.kind})"
        rows.append(dict(zip(COLUMNS, ("wall", "", entry.name, body, ""), strict=True)))
    text = to_csv(rows or [dict.fromkeys(COLUMNS, "")])
    return f"\ufeff{text}"  # the mark by which a spreadsheet knows UTF-8


def said(body: Body, value: Any) -> str | float:
    """An answer in words."""
    question = body["question"]
    match question["type"]:
        case "row":
            shares = zip(question["labels"], value, strict=True)
            return ", ".join(f"{label} {share:.3f}" for label, share in shares if share)
        case "choice":
            return str(question["labels"][value])
        case "cells" | "pick":
            rows, columns = question["rows"], question["columns"]
            names = [f"{rows[i]['label']} / {columns[j]['label']}" for i, j in value]
            return "; ".join(names) or "none"
        case "number":
            return float(value)
    return str(value)
