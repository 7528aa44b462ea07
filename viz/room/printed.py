"""The page that a teacher takes along and prints: each question with its picture, and the wall.

It needs no script and no other file. Everything typed is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from .export import Rounds
from .questions import Body
from .records import Answer, Asked, Entry
from .tally import tally

STYLE = """
* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; }
section { break-inside: avoid; margin: 2rem 0; } h1 { margin-bottom: 0; }
h2 { font-size: 1.2rem; margin-bottom: 0; } p { margin: 0.4rem 0; } .note { color: #555; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: 0.15rem 0.5rem; text-align: left; font-weight: 400; overflow-wrap: anywhere; }
td, th { white-space: nowrap; } td:first-child { white-space: normal; min-width: 5rem; }
.maps { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; }
.map caption { text-align: left; color: #555; }
.map th { white-space: nowrap; } .map tr:first-child th { writing-mode: vertical-rl; }
.map td { border: 1px solid #999; width: 2rem; height: 1.8rem; text-align: center; padding: 0; }
.map td.right { outline: 2px solid #000; outline-offset: -2px; }
.bar { display: inline-block; height: 0.8rem; background: #3d4a5c; vertical-align: middle; }
.truth { background: #009e73; } .best td { font-weight: 700; }
.wall img { width: min(24rem, 100%); image-rendering: pixelated; border: 1px solid #999; }
.wall :is(img, audio) { display: block; margin: 0.3rem 0; }
:root { --full: 9rem; }
@media (max-width: 40rem) { :root { --full: 16vw; } body { margin: 1rem; } }
@media print { audio { display: none !important; } }
"""
LEGEND = (
    "Distance: 0 is what the model did, 1 has nothing in common with it. Green is the model's; "
    "framed cells are right."
)


def as_page(code: str, rounds: Rounds, wall: Sequence[Entry]) -> str:
    """The whole file."""
    parts = [_round(n, asked, answers) for n, (asked, answers) in enumerate(rounds, 1)]
    entries = "".join(_entry(one) for one in reversed(wall))
    walls = f'<h2>The wall</h2><ul class="wall">{entries}</ul>' if entries else ""
    body = f'<p class="note">{LEGEND}</p>{"".join(parts)}' if parts else "<p>No question was asked."
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Class {escape(code)}</title><style>{STYLE}</style>"
        f"<h1>Class {escape(code)}</h1>{body}{walls}</html>"
    )


def _round(n: int, asked: Asked, answers: Sequence[Answer]) -> str:
    question, found = asked.body["question"], tally(asked.body, answers, revealed=True)
    line = "1 answer." if found["n"] == 1 else f"{found['n']} answers."
    if "distance" in found:
        line += f" Distance of the class {found['distance']:.3f}, best guess {found['best']:.3f}."
    about, why = (escape(text) for text in (asked.body.get("about") or "", _why(question)))
    return (
        f"<section><h2>{n}. {escape(question['ask'])}</h2>"
        + (f'<p class="note">{about}</p>' if about else "")
        + f"<p>{line}</p>{_picture(question, found)}"
        + (f"<p>{why}</p>" if why else "")
        + "</section>"
    )


def _why(question: Body) -> str:
    """The sentence that belongs to the answer; of a choice each option has its own."""
    why = question.get("why") or ""
    if isinstance(why, str):
        return why
    best = question.get("best") or []
    return str(why[best[0]]) if best else ""


def _picture(question: Body, found: dict[str, Any]) -> str:
    match question["type"]:
        case "row":
            return _bars(question["labels"], found["mean"], question["truth"], "class", "model")
        case "choice":
            truth, best = question["values"] or None, question.get("best") or ()
            return _bars(question["labels"], found["votes"], truth, "votes", question["unit"], best)
        case "cells" | "pick":
            return _maps(question, found)
        case "number":
            return _numbers(question, found)
    rows = "".join(f"<tr><td>{escape(w)}<td>{k}" for w, k in found["words"])
    right = f"<p>Right: {escape(question['truth'])}</p>" if question.get("truth") else ""
    return f"<table>{rows}</table>{right}"


def _bars(
    labels: Sequence[str],
    values: Sequence[float],
    truth: Sequence[float] | None,
    name: str,
    unit: str,
    best: Sequence[int] = (),
) -> str:
    most, top = max([*values, 1e-9]), max([*(truth or []), 1e-9])
    if not best and truth:
        most = top = max(most, top)  # shares of one row: both on one scale
    head = f"<tr><th><th>{escape(name)}<th>" + (f"<th>{escape(unit)}<th>" if truth else "")
    rows = []
    for i, label in enumerate(labels):
        cells = f"<td>{_number(values[i])}<td>{_bar(values[i] / most)}"
        if truth:
            cells += f"<td>{_number(truth[i])}<td>{_bar(truth[i] / top, 'truth')}"
        mark = ' class="best"' if i in best else ""
        rows.append(f"<tr{mark}><td>{escape(label)}{cells}")
    return f"<table>{head}{''.join(rows)}</table>"


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return "&lt; 0.001" if 0 < value < 0.0005 else f"{value:.3f}"


def _bar(share: float, kind: str = "") -> str:
    return (
        f'<span class="bar {kind}" style="width:calc({max(0.0, share):.4f} * var(--full))"></span>'
    )


def _numbers(question: Body, found: dict[str, Any]) -> str:
    """A line from the least to the most, a dot for each answer, a bar where the truth is."""
    dots, truth = found["dots"], question.get("truth")
    values = [0.0, question["scale"], *dots, *([] if truth is None else [truth])]
    low, high = min(values), max(values)

    def at(x: float) -> float:
        return 10 + 480 * (x - low) / ((high - low) or 1)

    marks = "".join(
        f'<circle cx="{at(x):.1f}" cy="{14 + i * 37 % 22}" r="4" fill="#3d4a5cb0"/>'
        for i, x in enumerate(dots)
    )
    line = (
        ""
        if truth is None
        else f'<rect x="{at(truth) - 2:.1f}" width="4" height="48" fill="#009e73"/>'
    )
    said = f"Middle answer {found['median']:.3g}." if dots else "No numbers."
    said += "" if truth is None else f" Right: {truth:.3g}."
    return (
        '<svg width="500" height="70" role="img" aria-label="The numbers that were sent">'
        f'<line x1="10" x2="490" y1="48" y2="48" stroke="#999"/>{line}{marks}'
        f'<text x="10" y="66" font-size="13">{low:g}</text>'
        f'<text x="490" y="66" font-size="13" text-anchor="end">{high:g}</text></svg><p>{said}</p>'
    )


def _maps(question: Body, found: dict[str, Any]) -> str:
    """Votes as shades, what is right in frames; beside it the model's weights."""
    right = right_cells(question)
    votes = _map(question, "Votes", found["votes"], max(found["n"], 1), right)
    weights = _map(question, "The model's weights", question["weights"], 1, right)
    return f'<div class="maps">{votes}{weights}</div>'


def right_cells(question: Body) -> set[tuple[int, int]]:
    """The masked cells, or as many of the heaviest as one may choose."""
    if question["type"] == "cells":
        rows, right = question["mask"], lambda may: not may
    else:
        heaviest = sorted((w for row in question["weights"] for w in row), reverse=True)
        least = heaviest[: question["most"]][-1]
        rows, right = question["weights"], lambda weight: weight > 0 and weight >= least
    return {(i, j) for i, row in enumerate(rows) for j, value in enumerate(row) if right(value)}


def _map(
    question: Body,
    title: str,
    values: Sequence[Sequence[float]],
    most: float,
    right: set[tuple[int, int]],
) -> str:
    columns = "".join(f"<th>{escape(c['label'])}" for c in question["columns"])
    lines = []
    for i, row in enumerate(question["rows"]):
        cells = "".join(_cell(x, most, (i, j) in right) for j, x in enumerate(values[i]))
        lines.append(f"<tr><th>{escape(row['label'])}{cells}")
    caption = f"<caption>{title}</caption>"
    return f'<table class="map">{caption}<tr><th>{columns}{"".join(lines)}</table>'


def _cell(value: float, most: float, right: bool) -> str:
    said = str(value or "") if isinstance(value, int) else f"{value:.2f}".removeprefix("0")
    mark = ' class="right"' if right else ""
    return f'<td{mark} style="background:rgb(0 158 115 / {0.7 * value / most:.3f})">{said}'


def _entry(entry: Entry) -> str:
    name = escape(entry.name)
    if entry.kind == "text":
        return f"<li>{name}: {escape(entry.body)}</li>"
    if entry.kind == "picture":
        return f'<li>{name}: <img alt="drawing" src="{escape(entry.body, quote=True)}"></li>'
    return (
        f'<li>{name}: a sound <audio controls src="{escape(entry.body, quote=True)}"></audio></li>'
    )
