"""The selection as one frozen value, and the query of an address as its text."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from .earlier import renamed
from .table import BY_NAME, OFF, ON, PARAMETERS, Param, on_page, param

MAX_NAMED = 6
"""Choices that are named when a link asks for one that does not exist."""
MAX_CHARACTERS = 100_000
"""Of a query, and of a value; what is longer is no link that a page has made."""

_ONCE = {"true": ON, "false": OFF}
"""How switches were written in links of earlier versions."""


class Selection(Mapping[str, str]):
    """What is selected, by the names of the table.

    `selection["layer"]` is the value, or the default; iterating gives the names that were chosen.
    Frozen: `replace` makes another one.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        given = values or {}
        self._values = {one.name: given[one.name] for one in PARAMETERS if one.name in given}

    def __getitem__(self, name: str) -> str:
        row = param(name)
        return self._values.get(name, row.default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __repr__(self) -> str:
        return f"Selection({self._values})"

    def chosen(self, name: str) -> str | None:
        """The value, None where the default holds."""
        return self._values.get(param(name).name)

    def replace(self, changes: Mapping[str, str | None]) -> Selection:
        """With these values; None takes one out, and so does its default.

        What belongs to one model and text goes when either changes.
        """
        values = dict(self._values)
        gone = [name for name in ("model", "text") if name in values and name in changes]
        if any(changes[name] != values[name] for name in gone):
            values = {name: said for name, said in values.items() if not param(name).of_text}
        for name, value in changes.items():
            row = param(name)
            if value is None or (value == row.default and not row.always):
                values.pop(name, None)
            else:
                values[name] = value
        return Selection(values)

    def query(self, page: str, *, without: Collection[str] = ()) -> str:
        """The query of the page's address, in the table's order; defaults are left out."""
        names = [one.name for one in on_page(page)]
        return urlencode([(n, self[n]) for n in names if n in self and n not in without])


@dataclass(frozen=True)
class Ignored:
    """A part of a link that cannot be used.

    Attributes:
        name, said: `name=said` is the part.
        allowed: what it can be, in words; empty where the page has no such thing.
    """

    name: str
    said: str
    allowed: str


def parse(query: str) -> tuple[dict[str, str], list[Ignored]]:
    """What a query says, by the table, and what of it cannot be used.

    Names that are not in the table are none of ours, and passed over in silence.
    """
    values: dict[str, str] = {}
    ignored: list[Ignored] = []
    for name, said in _pairs(query):
        row = BY_NAME.get(name)
        if row is None or name in values:
            continue
        value, wrong, allowed = _read(row, said)
        if wrong:
            ignored.append(Ignored(name, wrong, allowed))
        if value is not None and (value or row.type == "set" or row.always):
            values[name] = value
    order = list(BY_NAME)
    return values, sorted(ignored, key=lambda one: order.index(one.name))


def _read(row: Param, said: str) -> tuple[str | None, str, str]:
    """A value as the table has it, what of it cannot be used, and what could be instead."""
    if not said:
        return said, "", ""
    match row.type:
        case "choice" if row.options and said not in row.options:
            return None, said, either(row.options)
        case "switch":
            on = _ONCE.get(said, said)
            return (on, "", "") if on in (ON, OFF) else (None, said, f"{ON} or {OFF}")
        case "number" | "whole" if not in_range(row, said):
            return None, said, range_of(row)
        case "cell" if not re.fullmatch(r"\d{1,6}-(\d{1,6})?|-\d{1,6}", said):
            return None, said, "row-column"
    return said, "", ""


def in_range(row: Param, said: str, high: float | None = None) -> bool:
    """Whether a text is a number that this parameter can have; `high` lowers its upper end."""
    value = number_of(said)
    most = row.high if high is None else high
    return row.low <= value <= most and (row.type != "whole" or value.is_integer())


def range_of(row: Param, high: float | None = None) -> str:
    """The range in words."""
    if row.allowed:
        return row.allowed
    most = row.high if high is None else high
    start = "a whole number from " if row.type == "whole" else ""
    return f"{start}{_said(row.low)} " + ("up" if math.isinf(most) else f"to {_said(most)}")


def _said(value: float) -> str:
    """`1,000,000`, `0.05`."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:g}"


def number_of(said: str) -> float:
    """The number that a text says; NaN, which no range holds, for what is none."""
    try:
        return float(said) if said.isascii() and "_" not in said else math.nan
    except ValueError:
        return math.nan


def either(options: Collection[str]) -> str:
    """`0 to 7`, or `a, b or c`; the beginning of a long list."""
    known = list(options)
    if len(known) > 1 and known == positions(len(known)):
        return f"0 to {len(known) - 1}"
    if len(known) > MAX_NAMED:
        return f"{', '.join(known[:MAX_NAMED])} or one of {len(known) - MAX_NAMED} others"
    return " or ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))


def positions(n: int) -> list[str]:
    """`0`, `1`, … as an address has them."""
    return [str(i) for i in range(n)]


def _pairs(query: str) -> list[tuple[str, str]]:
    """Names and values of a query, whatever it is; those of earlier versions by their names now."""
    try:
        pairs = parse_qsl(query[:MAX_CHARACTERS], keep_blank_values=True, errors="replace")
    except ValueError:  # more fields than any page has
        return []
    return renamed(pairs)


def as_text(value: object) -> str | None:
    """A value as the address has it; None stays."""
    match value:
        case None:
            return None
        case bool():
            return "1" if value else "0"
        case list() | tuple():
            return ",".join(str(one) for one in value)
    return str(value)
