"""What a link asks for, as far as it can be used.

A part of a link that cannot be used is told of, once, in one sentence (`viz.views.links`), and the
usual is shown in its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import streamlit as st

from .. import state

MOST_NAMED = 6
"""Choices that are named when a link asks for one that does not exist."""
_ARRIVED = "link_as_it_came"
_UNUSABLE = "unusable_in_link"


def asked(name: str) -> str | None:
    """What the address says, before a widget has replaced a value that it does not have."""
    return st.query_params.get(name)


@dataclass(frozen=True)
class Unusable:
    """A part of a link that cannot be used.

    Attributes:
        page: the address of the page that wanted it, without the options.
        name, said: `name=said` is the part.
        allowed: what it can be, in words; empty where the page has no such thing.
    """

    page: str
    name: str
    said: str
    allowed: str


def unusable() -> list[Unusable]:
    """The parts of the link that this page could not use, until they are dismissed."""
    noted: list[Unusable] = st.session_state.get(_UNUSABLE, [])
    return [one for one in noted if one.page == _page()]


def dismiss_unusable() -> None:
    """Say no more of them; only from a callback."""
    st.session_state.pop(_UNUSABLE, None)


def note_unusable(name: str, said: str, allowed: str) -> None:
    """Have a part of the link told of, above the page, in the one sentence about links."""
    noted = st.session_state.setdefault(_UNUSABLE, [])
    if (one := Unusable(_page(), name, said, allowed)) not in noted:
        noted.append(one)


def linked(name: str, options: Collection[str]) -> str | None:
    """What the address says, where it is one of `options`; None where it says nothing of use.

    What came with a link and cannot be used is taken out of the address and told of. What stands
    there since (a layer that another model lacks) is passed over in silence.
    """
    return _usable(name, lambda said: said in options, either(options))


def linked_number(
    name: str, low: float, high: float, *, whole: bool = False, allowed: str = ""
) -> float | None:
    """The same for a number from `low` to `high`; `allowed` says so in words, if need be."""
    if not allowed:
        whole_ = "a whole number from " if whole else ""
        allowed = f"{whole_}{low:,g} to {high:,g}"

    def fits(said: str) -> bool:
        value = number(said)
        return low <= value <= high and (value.is_integer() or not whole)

    said = _usable(name, fits, allowed)
    return None if said is None else number(said)


def linked_head(layers: Mapping[str, int], n_heads: int) -> Mapping[str, str]:
    """Kind, layer and head of the address, as far as they exist.

    Args:
        layers: how many layers each kind has.
    """
    kind = linked(state.KIND, [name for name, n in layers.items() if n])
    layer = linked(state.LAYER, numbers(layers[kind] if kind else max(layers.values())))
    head = linked(state.HEAD, numbers(n_heads))
    found = {state.KIND: kind, state.LAYER: layer, state.HEAD: head}
    return {name: value for name, value in found.items() if value is not None}


def linked_pin(n_rows: int, n_columns: int) -> None:
    """Look over the lens's pinned cell, `row-column`, one of which may be missing."""

    def fits(said: str) -> bool:
        row, dash, column = said.partition("-")
        given = [(part, n) for part, n in ((row, n_rows), (column, n_columns)) if part]
        return bool(dash and given) and all(part in numbers(n) for part, n in given)

    _usable(state.PIN, fits, f"row-column, up to {n_rows - 1}-{n_columns - 1}")


def check_set(name: str, options: Collection[str]) -> None:
    """Tell of values that a widget with several choices, bound to the address, will drop."""
    for said in came(name):
        if said not in options:
            note_unusable(name, said, either(options))


def linked_names(start: str) -> list[str]:
    """The names in the link that start with `start` and were not looked at yet."""
    return [name for name in _arrived() if name.startswith(start)]


def numbers(n: int) -> list[str]:
    """`0`, `1`, … as an address has them."""
    return [str(i) for i in range(n)]


def _usable(name: str, fits: Callable[[str], bool], allowed: str) -> str | None:
    said, is_new = asked(name), came(name)
    if said is None or fits(said):
        return said
    if is_new:
        note_unusable(name, said, allowed)
        del st.query_params[name]
    return None


def came(name: str) -> list[str]:
    """The values of this name if a link brought them and nobody looked at them yet."""
    values = _arrived().pop(name, [])
    return values if values == st.query_params.get_all(name) else []


def _arrived() -> dict[str, list[str]]:
    """What the address said when this browser session began, less what was looked at since."""
    if _ARRIVED not in st.session_state:
        said = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state[_ARRIVED] = said
    found: dict[str, list[str]] = st.session_state[_ARRIVED]
    return found


def _page() -> str:
    return st.context.url or ""


def number(said: str) -> float:
    """The number; NaN, which no range holds, for what is none."""
    try:
        return float(said)
    except ValueError:
        return math.nan


def either(options: Collection[str]) -> str:
    """`0 to 7`, or `a, b or c`; the beginning of a long list."""
    known = list(options)
    if len(known) > 1 and known == numbers(len(known)):
        return f"0 to {len(known) - 1}"
    if len(known) > MOST_NAMED:
        return f"{', '.join(known[:MOST_NAMED])} or one of {len(known) - MOST_NAMED} others"
    return " or ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))
