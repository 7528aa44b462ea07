"""The page's address: what a link asks for, as far as it can be used, and what is kept there.

A part of a link that cannot be used is told of, once, in one sentence (`viz.views.links`), and the
usual is shown in its place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import streamlit as st

from viz import state

Number = TypeVar("Number", int, float)
MOST_NAMED = 6
"""Choices that are named when a link asks for one that does not exist."""
MOST_TURNS = 999_999
_ARRIVED = "link_as_it_came"
_UNUSABLE = "unusable_in_link"
_FILM_OF = "film_of"
_DECODING_SHOWN = "decoding_shown"
_TARGET_OF = "target_of"


def link(**changes: Any) -> dict[str, str]:
    """Query parameters for `st.page_link` or `st.switch_page`: the bench, and what is given."""
    bench = {name: st.session_state.get(name) for name in (state.MODEL, state.TEXT)}
    return {k: str(v) for k, v in {**bench, **changes}.items() if v is not None}


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
    return _usable(name, lambda said: said in options, _either(options))


def linked_number(
    name: str, low: float, high: float, *, whole: bool = False, allowed: str = ""
) -> float | None:
    """The same for a number from `low` to `high`; `allowed` says so in words, if need be."""
    if not allowed:
        whole_ = "a whole number from " if whole else ""
        allowed = f"{whole_}{low:,g} to {high:,g}"

    def fits(said: str) -> bool:
        value = _number(said)
        return low <= value <= high and (value.is_integer() or not whole)

    said = _usable(name, fits, allowed)
    return None if said is None else _number(said)


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
    for said in _came(name):
        if said not in options:
            note_unusable(name, said, _either(options))


def linked_names(start: str) -> list[str]:
    """The names in the link that start with `start` and were not looked at yet."""
    return [name for name in _arrived() if name.startswith(start)]


def numbers(n: int) -> list[str]:
    """`0`, `1`, … as an address has them."""
    return [str(i) for i in range(n)]


def _usable(name: str, fits: Callable[[str], bool], allowed: str) -> str | None:
    said, came = asked(name), _came(name)
    if said is None or fits(said):
        return said
    if came:
        note_unusable(name, said, allowed)
        del st.query_params[name]
    return None


def _came(name: str) -> list[str]:
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


def _number(said: str) -> float:
    """The number; NaN, which no range holds, for what is none."""
    try:
        return float(said)
    except ValueError:
        return math.nan


def _either(options: Collection[str]) -> str:
    """`0 to 7`, or `a, b or c`; the beginning of a long list."""
    known = list(options)
    if len(known) > 1 and known == numbers(len(known)):
        return f"0 to {len(known) - 1}"
    if len(known) > MOST_NAMED:
        return f"{', '.join(known[:MOST_NAMED])} or one of {len(known) - MOST_NAMED} others"
    return " or ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))


def film_follows(text: str, sources: Sequence[str]) -> None:
    """Choose a recorded sentence before its widget is drawn: the bench's text when it is new there.

    Otherwise what was chosen or linked to stays; the first one where that is none of `sources`.
    """
    new = st.session_state.get(_FILM_OF) not in (None, text)
    said = linked(state.FILM, sources)
    chosen = st.session_state.get(state.FILM) or said
    if text in sources and (new or chosen not in sources):
        chosen = text
    st.session_state[state.FILM] = chosen if chosen in sources else sources[0]
    st.session_state[_FILM_OF] = text


def cell() -> dict[str, str]:
    """Kind, layer and head as the lens keeps them in the address, and the query and key of its
    pinned cell where rows are single tokens.
    """
    found = {
        name: st.query_params[name]
        for name in (state.KIND, state.LAYER, state.HEAD)
        if name in st.query_params
    }
    row, _, column = (asked(state.PIN) or "").partition("-")
    if asked("u") is None and asked("sp") is None:  # neither whole words nor left-out tokens
        found |= {state.QUERY: row} if row.isdecimal() else {}
        found |= {state.KEY: column} if column.isdecimal() else {}
    return found


def placed(name: str, options: Sequence[str], default: str, *, keep: bool = False) -> str:
    """What the address says, else what was chosen before, else `default`: kept in step.

    The address owns the value and the widget with this key mirrors it; `place` is its callback.
    A default that nobody asked for is left out of the address (every change there is a step of the
    Back button), and it is not kept when it changes.

    Args:
        options: short names that stay when the words on the screen change.
        keep: stay with what is shown even when the default changes.
    """
    kept = f"_kept_{name}"
    said = linked(name, options)
    value = next((v for v in (said, st.session_state.get(kept)) if v in options), default)
    st.session_state[name] = value
    if said is None and value == default and not keep:
        st.session_state.pop(kept, None)
        return value
    st.session_state[kept] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = str(value)
    return str(value)


def placed_number(
    name: str, usual: Number, low: float, high: float, *, allowed: str = ""
) -> Number:
    """The same for a number, whole where `usual` is; the usual one is left out of the address.

    A link's number has to be within the range; one that was typed may be anything, so that the
    page can say what is wrong with it.
    """
    kept, cast = f"_kept_{name}", type(usual)
    said = linked_number(name, low, high, whole=cast is int, allowed=allowed)
    typed = st.session_state.get(name)
    if said is not None:
        value = cast(said)
    elif typed is not None and _number(asked(name) or "") == typed:
        value = typed
    else:
        value = st.session_state.get(kept, usual)
    st.session_state[name] = value
    if value == usual:
        forget(name)
        return usual
    st.session_state[kept] = value
    if st.query_params.get(name) is None:
        st.query_params[name] = str(value)
    return value


def placing(name: str) -> dict[str, Any]:
    """What a widget needs to mirror a placed value: `st.selectbox(…, **placing(name))`."""
    return {"key": name, "on_change": place, "args": (name,)}


def place(name: str, value: str | None = None) -> None:
    """Put a value, or what the widget of that name has, into the address; only from a callback."""
    chosen = st.session_state.get(name) if value is None else value
    if chosen is not None:
        st.query_params[name] = str(chosen)


def placed_set(name: str, options: Sequence[str], default: Sequence[str]) -> list[str]:
    """The same for a widget with several choices: `a,b` in the address, in the options' order."""
    said = asked(name)
    kept = f"_kept_{name}"
    wanted = said.split(",") if said is not None else st.session_state.get(kept, default)
    if _came(name) and (wrong := [one for one in wanted if one and one not in options]):
        note_unusable(name, ",".join(wrong), _either(options))
    values = [value for value in options if value in wanted]
    st.session_state[name] = st.session_state[kept] = values
    return values


def place_set(name: str) -> None:
    """Put what such a widget has into the address; only from a callback."""
    st.query_params[name] = ",".join(st.session_state.get(name) or [])


def placed_text(name: str) -> str:
    """The same for a text field; empty where nothing was typed."""
    said = asked(name)
    value = st.session_state.get(f"_kept_{name}", "") if said is None else said
    st.session_state[name] = st.session_state[f"_kept_{name}"] = value
    return str(value)


def forget(*names: str) -> None:
    """Take placed values out of the address, so that their defaults come back."""
    for name in names:
        st.session_state.pop(f"_kept_{name}", None)
        if name in st.query_params:
            del st.query_params[name]


def turn() -> int:
    """How often “Another one” was pressed."""
    return int(linked_number(state.TURN, 0, MOST_TURNS, whole=True) or 0)


def shared() -> str:
    """The page's address as it stands, to be opened by others, who do not present."""
    shown = {k: v for k, v in st.query_params.to_dict().items() if k != state.PRESENT}
    query = urlencode(shown, quote_via=quote)
    return f"{st.context.url or ''}{'?' if query else ''}{query}"


def view() -> Mapping[str, str]:
    """What the address says of the view: all but the model and the text."""
    return {
        name: st.query_params[name]
        for name in st.query_params
        if name not in (state.MODEL, state.TEXT)
    }


def linked_ids(name: str) -> str | None:
    """Token ids that a link brought; None for those that the page itself put into the address."""
    given = asked(name)
    return None if given == st.session_state.get(_DECODING_SHOWN, {}).get(name) else given


def show_ids(**addresses: str | None) -> None:
    """Remember which token ids the page puts into the address."""
    st.session_state[_DECODING_SHOWN] = addresses


def next_seed() -> None:
    """Draw with the next seed; only from a callback."""
    place(state.SEED, str(int(st.session_state.get(state.SEED) or 0) + 1))


def go_to_view(view: str) -> None:
    """Show another view of the Decode page; only from a callback."""
    place(state.VIEW, view)


def renew_target(digest: str, text: str, target: str) -> None:
    """Put a target text into its field for a new source text; a link's own stays at first."""
    known = st.session_state.get(_TARGET_OF)
    if (known is None and asked(state.TARGET) is None) or known not in (None, (digest, text)):
        st.session_state[state.TARGET] = target
    st.session_state[_TARGET_OF] = (digest, text)
