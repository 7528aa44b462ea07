"""What a page reads of the selection, and the widgets that mirror it.

A page first reads a parameter, which says what is selected as far as this model and text have it;
then it draws the widget: `st.selectbox("Layer", options, **selection.widget("layer"))`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from .running import current, session, settle, update
from .table import ON, param
from .value import Ignored, as_text, either, in_range, number_of, positions, range_of

Value = TypeVar("Value")


def choice(name: str, options: Sequence[str] = (), default: str = "") -> str:
    """The option that is selected; those of the table where none are given.

    What came with a link and is none of them is told of; what stands there since (a layer that
    another model lacks) is passed over in silence.
    """
    options = options or param(name).options
    said = current()[name]
    if said not in options:
        if name in current():
            drop(name, either([one for one in options if one]))
        said = default or param(name).default
    return _mirror(name, said if said in options else options[0], options)


def index(name: str, n: int, default: int = 0) -> int:
    """A position from 0 to n − 1; its widget has `positions(n)` as options."""
    return int(choice(name, positions(n), str(min(default, n - 1))))


def several(
    name: str, options: Sequence[str] = (), default: Sequence[str] | None = None
) -> list[str]:
    """What is selected of several options, in their order."""
    row = param(name)
    options = options or row.options
    if name not in current():
        usual = row.default.split(",") if default is None else default
        return _mirror(name, [one for one in options if one in usual], options)
    wanted = [one for one in current()[name].split(",") if one]
    if wrong := [one for one in wanted if one not in options]:
        kept = ",".join(one for one in wanted if one in options)
        drop(name, either(options), kept, ",".join(wrong))
    return _mirror(name, [one for one in options if one in wanted], options)


def number(name: str, *, high: float | None = None) -> float:
    """A number; `high` lowers the table's limit. One that was typed may be beyond: the page says
    so.
    """
    row, said = param(name), current()[name]
    if name in session().unread and not in_range(row, said, high):
        drop(name, range_of(row, high))
        said = current()[name]
    if math.isnan(value := number_of(said)):  # none is said, and none is usual
        session().unread.discard(name)
        return value
    return _mirror(name, int(value) if row.type == "whole" else value)


def whole(name: str, *, high: float | None = None) -> int:
    """The same for a whole number."""
    return int(number(name, high=high))


def cell(name: str, rows: int, columns: int) -> str:
    """A place in a map, `row-column`, one of which may be missing; "" for none."""
    said = current()[name]
    row, _, column = said.partition("-")
    there = row in ["", *positions(rows)] and column in ["", *positions(columns)]
    if said and not there and current()["u"] == "pieces" and current()["sp"] == "shown":
        drop(name, f"row-column, up to {rows - 1}-{columns - 1}")
    return current()[name]


def text(name: str, default: str = "") -> str:
    """A text."""
    said = current().chosen(name)
    return _mirror(name, default if said is None else said)


def on(name: str) -> bool:
    """Whether a switch is on."""
    return _mirror(name, current()[name] == ON)


def widget(name: str, **others: object) -> dict[str, Any]:
    """What a widget needs to mirror a parameter that was read: its key and its callback.

    Args:
        others: what changes with it; None for the default.
    """
    return {"key": param(name).name, "on_change": _changed, "args": (name, others)}


def said(key: str) -> str | None:
    """What a person has just chosen in a widget.

    None where the browser has yet to hear that another value took the place of this one, or that a
    list is another now; the widget has what it was given then, as if it had said nothing.
    """
    held, replaced = st.session_state.get(key), session().replaced
    if (value := as_text(held)) is None:
        return None
    parts = held if isinstance(held, list) else [value]
    if replaced.late(key, value) or any(replaced.withdrawn(key, str(one)) for one in parts):
        st.session_state[key] = replaced.given[key]
        return None
    return value


def drop(name: str, allowed: str, keep: str | None = None, said: str | None = None) -> None:
    """Take a value out, or `keep` a part of it, that this model, text or page does not have.

    If a link brought it, it is told of.
    """
    here = session()
    if name in here.unread:
        ignore(name, current()[name] if said is None else said, allowed)
    settle(**{name: keep or None})


def ignore(name: str, said: str, allowed: str) -> None:
    """Have a part of the link told of, above the page, in the one sentence about links."""
    here = session()
    if (one := Ignored(name, said, allowed)) not in here.ignored:
        here.ignored.append(one)


def ignored() -> list[Ignored]:
    """The parts of the link that could not be used, until they are dismissed."""
    return list(session().ignored)


def refused() -> dict[str, int]:
    """Parameters that were just given a text longer than any page takes, and its characters."""
    return dict(session().refused)


def dismiss() -> None:
    """Say no more of the link."""
    session().ignored.clear()


def from_link(name: str) -> bool:
    """Whether a link brought this value and no page has looked at it yet; it is looked at now."""
    here = session()
    new = name in here.unread and name in here.value
    here.unread.discard(name)
    return new


def _changed(name: str, others: Mapping[str, object]) -> None:
    """A widget has a new value."""
    if (value := said(name)) is not None:
        update(**{name: value}, **others)


def _mirror(name: str, value: Value, options: Sequence[str] | None = None) -> Value:
    """Give the widget of this name the value that is selected, before it is drawn.

    Each time: a widget is mounted with what the last run gave it, which need not be the run that
    drew it first. What is being typed in a field stays there.
    """
    session().unread.discard(name)
    give(name, value, options)
    return value


def give(key: str, value: object, options: Sequence[str] | None = None) -> None:
    """Give a widget a value, before it is drawn; `said` knows it from what a person chooses.

    Args:
        options: what a list offers; None where anything may be said.
    """
    held, replaced = as_text(st.session_state.get(key)), session().replaced
    if options is None:
        replaced.offered.pop(key, None)
    else:
        replaced.offered[key] = options
    replaced.give(key, held, as_text(value) or "")
    replaced.given[key] = st.session_state[key] = value
