"""The lens as a Streamlit component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from headlight.model.run.trace import Trace

from ..palette import palette
from ..static import loader
from ..wire import pack
from .payload import encode_scores, encoded

_COMPONENT = st.components.v2.component("headlight_lens", js=loader("lens"))


@dataclass(frozen=True)
class Selection:
    """What the lens shows; `row` and `column` are the pinned place, None where there is none."""

    kind: str
    layer: int
    head: int
    row: int | None = None
    column: int | None = None


def lens(
    trace: Trace,
    *,
    selection: Mapping[str, Any] | None = None,
    compare: Trace | None = None,
    key: str = "lens",
    follow: bool = False,
    second: str | None = None,
    remember: bool = False,
) -> Selection:
    """Mount the lens and return what it shows, as far as Python has been told.

    The lens owns kind, layer and head and its switches while it is on the page: it answers without
    the server and keeps them in the page's address (`kind`, `layer`, `head`, and short names for
    the rest). `selection` and the address only say where to start; the address wins.

    Args:
        trace: what is shown; on a new trace the selection stays, as far as it exists there.
        selection: where to start: kind, layer, head, and any switch of the lens by its name.
        compare: a second trace, shown beside the first.
        key: fixed for as long as the lens is to keep its state.
        follow: tell Python 300 ms after the selection came to rest, by a rerun (of the fragment
            around, if there is one). Without it, Python learns of it at the next rerun, from
            the page's address.
        second: the text behind `compare`, "" for none; what is given here lets the lens ask for
            one, which `asked_to_compare` then returns. None: the lens has no such field.
        remember: start where the last lens was left, when the address says nothing else.

    Raises:
        ValueError: `compare` has other layers or heads than `trace`.
    """
    result = _COMPONENT(
        key=key,
        data=lens_payload(
            trace,
            compare=compare,
            selection=selection,
            follow=follow,
            second=second,
            remember=remember,
            wanted=(st.session_state.get(key) or {}).get("wanted"),
        ),
        on_selection_change=_nothing,
        on_wanted_change=_nothing,
        on_compare_change=_nothing,
    )
    return _selected(result.get("selection"), selection, trace)


def lens_payload(
    trace: Trace,
    *,
    compare: Trace | None = None,
    selection: Mapping[str, Any] | None = None,
    follow: bool = False,
    second: str | None = None,
    remember: bool = False,
    wanted: Any = None,
) -> bytes:
    """What `lens` sends to the browser: the traces, or what it asked for about those it has.

    Args:
        wanted: {"kind", "layer", "id"}: the lens has the traces of this `id`, and asks for the raw
            scores of a block. Where it is about other traces, or makes no sense, they are sent.
    """
    options: dict[str, Any] = {
        "palette": palette(),
        "selection": dict(selection or {}),
        "follow": follow,
        "remember": remember,
    }
    if second is not None:
        options["compare"] = second
    header, body = encoded(trace, compare)
    block = _block(wanted, trace)
    if block and wanted["id"] == header["id"]:
        return encode_scores(trace, *block, compare, options=options)
    return pack(header | options, body)


def asked_to_compare(key: str = "lens") -> str:
    """The second sentence that a lens asked for, else that of the address; "" for none."""
    state = st.session_state.get(key) or {}
    asked = state.get("compare")
    return str(asked if asked is not None else st.query_params.get("compare", "")).strip()


def _nothing() -> None:
    """Streamlit keeps a component's state only where a callback is named."""


def _block(wanted: Any, trace: Trace) -> tuple[str, int] | None:
    """The block that the lens asks about, if this trace has it."""
    if not isinstance(wanted, Mapping):
        return None
    kind, layer = wanted.get("kind"), wanted.get("layer")
    if not isinstance(kind, str) or kind not in trace.attention or not isinstance(layer, int):
        return None
    return (kind, layer) if 0 <= layer < trace.n_layers(kind) and "id" in wanted else None


def _selected(reported: Any, start: Mapping[str, Any] | None, trace: Trace) -> Selection:
    """What the lens reported, else the address, else where it started, kept within the trace."""
    query = {name: st.query_params.get(name) for name in ("kind", "layer", "head")}
    told = {name: value for name, value in query.items() if value is not None}
    values = {**dict(start or {}), **told}
    pin: Mapping[str, Any] = {}
    if isinstance(reported, Mapping):
        values |= {name: reported[name] for name in ("kind", "layer", "head") if name in reported}
        pin = reported.get("pin") or {}
    kind = str(values.get("kind"))
    if kind not in trace.attention or not trace.n_layers(kind):
        kind = next(name for name in reversed(list(trace.attention)) if trace.n_layers(name))
    layer = _within(values.get("layer"), trace.n_layers(kind))
    head = _within(values.get("head"), trace.n_heads)
    return Selection(kind, layer, head, pin.get("row"), pin.get("col"))


def _within(value: Any, n: int) -> int:
    try:
        return min(max(int(value), 0), n - 1)
    except (TypeError, ValueError):
        return 0
