"""The lens as a Streamlit component."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from headlight.model.run.trace import Trace

from ..palette import palette
from ..static import loader
from ..wire import pack
from .payload import encode_layer, encode_scores, encoded

_COMPONENT = st.components.v2.component("headlight_lens", js=loader("lens"))


def lens(
    trace: Trace,
    *,
    selection: Mapping[str, Any] | None = None,
    heads: Mapping[str, tuple[int, int]] | None = None,
    pin: str = "",
    compare: Trace | None = None,
    key: str = "lens",
    follow: bool = False,
    second: str | None = None,
    seconds: Sequence[str] = (),
    example: Mapping[str, Any] | None = None,
    on_edit: Callable[[list[str]], None] | None = None,
) -> None:
    """Mount the lens.

    It answers without the server, and has kind, layer, head and its switches kept in the page's
    address, from where `viz.selection` knows them.

    Args:
        trace: what is shown; on a new trace the selection stays, as far as it exists there.
        selection: where to start what the address does not say: kind, layer, head, and any switch.
        heads: (layer, head) to start with instead, by the kind that the address says.
        pin: the place that is pinned when the trace is a new one, `row-column`; "" for none.
        compare: a second trace, shown beside the first.
        key: fixed for as long as the lens is to keep its state.
        follow: draw the page anew 300 ms after the selection came to rest.
        second: the text behind `compare`, "" for none; what is given here lets the lens ask for
            one. None: the lens has no such field.
        seconds: what can be chosen there, where it cannot be typed.
        example: `kind`, `layer` and `head` that show what the text's example is about, and that
            as a `note`; None for a text that is no example.
        on_edit: takes what a person cuts or paints in a map, as items of `Edits.to_text`. None: the
            lens has no tools for it.
    """
    edited = partial(_edited, key, on_edit)
    _COMPONENT(
        key=key,
        data=lens_payload(
            trace,
            compare=compare,
            selection=selection,
            heads=heads,
            pin=pin,
            follow=follow,
            second=second,
            seconds=seconds,
            example=example,
            edited=None if on_edit is None else st.session_state.get(_times(key), 0),
            wanted=(st.session_state.get(key) or {}).get("wanted"),
        ),
        on_selection_change=_nothing,
        on_wanted_change=_nothing,
        on_compare_change=_nothing,
        on_edit_change=edited,
    )


def lens_payload(
    trace: Trace,
    *,
    compare: Trace | None = None,
    selection: Mapping[str, Any] | None = None,
    heads: Mapping[str, tuple[int, int]] | None = None,
    pin: str = "",
    follow: bool = False,
    second: str | None = None,
    seconds: Sequence[str] = (),
    example: Mapping[str, Any] | None = None,
    edited: int | None = None,
    wanted: Any = None,
) -> bytes:
    """What `lens` sends to the browser: the traces, or what it asked for about those it has.

    Args:
        edited: how often a person edited, which makes each answer a new one, also that to an edit
            that was refused; None where nothing can be edited.
        wanted: {"kind", "layer", "what", "id"}: the lens has the traces of this `id`, and asks for
            the weights ("pattern") or the raw scores of a layer. Where it is about other traces, or
            makes no sense, they are sent.
    """
    options: dict[str, Any] = {
        "palette": palette(),
        "selection": dict(selection or {}),
        "heads": dict(heads or {}),
        "pin": pin,
        "follow": follow,
    }
    if second is not None:
        options |= {"compare": second, "seconds": list(seconds)}
    if example is not None:
        options["example"] = dict(example)
    if edited is not None:
        options["edited"] = edited
    header, body = encoded(trace, compare)
    block = _block(wanted, trace)
    if block and wanted["id"] == header["id"]:
        answer = encode_layer if wanted.get("what") == "pattern" else encode_scores
        return answer(trace, *block, compare, options=options)
    return pack(header | options, body)


def _times(key: str) -> str:
    return f"{key}-edited"


def _edited(key: str, on_edit: Callable[[list[str]], None] | None) -> None:
    """A person edited: what came from the browser is taken for text, whatever it is."""
    st.session_state[_times(key)] = st.session_state.get(_times(key), 0) + 1
    items = (st.session_state.get(key) or {}).get("edit")
    if on_edit is not None and isinstance(items, list):
        on_edit([str(item) for item in items])


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
