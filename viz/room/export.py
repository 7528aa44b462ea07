"""What a teacher takes along: one table, or one page to print. Everything typed is text in both."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from headlight.model.cells import to_csv

from .questions import Body
from .records import Answer, Asked, Entry
from .tally import distance, tally

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


def as_page(code: str, rounds: Rounds, wall: Sequence[Entry]) -> str:
    """A page of its own, without scripts, with each question's picture."""
    parts = [_round(n, asked, answers) for n, (asked, answers) in enumerate(rounds, 1)]
    entries = "".join(_entry(one) for one in reversed(wall))
    walls = f"<h2>The wall</h2><ul>{entries}</ul>" if entries else ""
    body = "".join(parts) or "<p>No question was asked.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>Class {escape(code)}</title><style>{STYLE}</style>"
        f"<h1>Class {escape(code)}</h1>{body}{walls}</html>"
    )


STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; }
section { break-inside: avoid; margin: 2rem 0; } h2 { font-size: 1.2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: 0.15rem 0.5rem; text-align: left; font-weight: 400; }
.map td { border: 1px solid #999; width: 1.8rem; height: 1.8rem; text-align: center; padding: 0; }
.bar { display: inline-block; height: 0.8rem; background: #3d4a5c; }
.truth { background: #009e73; } img { max-width: 16rem; border: 1px solid #999; }
"""


def _round(n: int, asked: Asked, answers: Sequence[Answer]) -> str:
    question, found = asked.body["question"], tally(asked.body, answers, revealed=True)
    line = f"{found['n']} answers."
    if "distance" in found:
        line += f" Distance of the class {found['distance']:.3f}, best guess {found['best']:.3f}."
    ask = escape(question["ask"])
    return f"<section><h2>{n}. {ask}</h2><p>{line}</p>{_picture(question, found)}</section>"


def _picture(question: Body, found: dict[str, Any]) -> str:
    match question["type"]:
        case "row":
            return _bars(question["labels"], found["mean"], question["truth"], "mean", "model")
        case "choice":
            truth = question["values"] or None
            return _bars(question["labels"], found["votes"], truth, "votes", question["unit"])
        case "cells" | "pick":
            return _map(question, found["votes"], found["n"])
        case "number":
            truth = question.get("truth")
            right = f" Right: {truth:g}." if truth is not None else ""
            dots = ", ".join(f"{x:g}" for x in found["dots"])
            return f"<p>Numbers: {dots or 'none'}.{right}</p>"
    rows = "".join(f"<tr><td>{escape(w)}<td>{k}" for w, k in found["words"])
    right = f"<p>Right: {escape(question['truth'])}</p>" if question.get("truth") else ""
    return f"<table>{rows}</table>{right}"


def _bars(
    labels: Sequence[str],
    values: Sequence[float],
    truth: Sequence[float] | None,
    name: str,
    unit: str,
) -> str:
    most, top = max([*values, 1e-9]), max([*(truth or []), 1e-9])
    head = f"<tr><th><th>{escape(name)}<th>" + (f"<th>{escape(unit)}<th>" if truth else "")
    rows = []
    for i, label in enumerate(labels):
        cells = f"<td>{_number(values[i])}<td>{_bar(values[i] / most)}"
        if truth:
            cells += f"<td>{_number(truth[i])}<td>{_bar(truth[i] / top, 'truth')}"
        rows.append(f"<tr><td>{escape(label)}{cells}")
    return f"<table>{head}{''.join(rows)}</table>"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _bar(share: float, kind: str = "") -> str:
    return f'<span class="bar {kind}" style="width:{max(0.0, share) * 9:.2f}rem"></span>'


def _map(question: Body, votes: Sequence[Sequence[int]], n: int) -> str:
    """Votes as shades."""
    columns = "".join(f"<th>{escape(c['label'])}" for c in question["columns"])
    lines = []
    for i, row in enumerate(question["rows"]):
        cells = "".join(_cell(k, n) for k in votes[i])
        lines.append(f"<tr><th>{escape(row['label'])}{cells}")
    return f'<table class="map"><tr><th>{columns}{"".join(lines)}</table>'


def _cell(votes: int, n: int) -> str:
    shade = votes / max(n, 1)
    return f'<td style="background:rgb(0 158 115 / {shade:.3f})">{votes or ""}'


def _entry(entry: Entry) -> str:
    name = escape(entry.name)
    if entry.kind == "text":
        return f"<li>{name}: {escape(entry.body)}</li>"
    if entry.kind == "picture":
        return f'<li>{name}: <img alt="drawing" src="{escape(entry.body, quote=True)}"></li>'
    return f'<li>{name}: <audio controls src="{escape(entry.body, quote=True)}"></audio></li>'
