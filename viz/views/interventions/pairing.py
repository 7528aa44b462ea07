"""Which position of one source answers to which of the other: by word, by place, or by hand."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from headlight.model import Tokens, Trace
from headlight.model.analysis.interventions import aligned
from headlight.model.analysis.interventions.aligned import BY_POSITION, BY_WORD

from ... import selection
from ...labels import token_noun
from ...page.present import wide

HAND = "hand"
WAYS = {BY_WORD: "by word", BY_POSITION: "by position", HAND: "by hand"}
NONE = "–"
How = str | Mapping[int, int]


def usual(first: Trace) -> str:
    """The way that is offered first: a picture or a sound has no words to match."""
    return BY_WORD if first.src.source is None else BY_POSITION


def control(first: Trace) -> str:
    """The way that is selected, and its field; a picture or a sound has no words to match."""
    ways = [one for one in WAYS if first.src.source is None or one != BY_WORD]
    way = selection.choice("align", ways)
    st.selectbox(
        "Match positions",
        ways,
        format_func=WAYS.__getitem__,
        width=wide(135),
        **selection.widget("align"),
    )
    return way


def pairings(way: str, first: Trace, second: Trace) -> tuple[How, How]:
    """How source and target are paired, `first` → `second`; by hand with a field a token.

    The target is paired by position unless it is done by hand.
    """
    if way != HAND:
        return way, BY_POSITION
    start = usual(first)
    with st.expander("Pair by hand", expanded=True):
        st.caption(
            f"For each {token_noun(first.src)} of the first source, that of the second which its "
            f"values come from; {NONE} leaves it alone. The start is what “{WAYS[start]}” finds."
        )
        source = _by_hand("pairs", "Source", first.src, second.src, start)
        st.caption("Rows of the decoder are named by the token they read.")
        target = _by_hand("pairs_target", "Row", first.tgt_in, second.tgt_in, BY_POSITION)
    return source, target


def turned(how: How) -> How:
    """The same the other way round."""
    return how if isinstance(how, str) else {there: here for here, there in how.items()}


def _by_hand(name: str, label: str, here: Tokens, there: Tokens, start: str) -> Mapping[int, int]:
    found = _selected(name, here, there, start)
    options = [NONE, *selection.positions(len(there))]
    with st.container(horizontal=True):
        for i in range(len(here)):
            key = f"{name}-{i}"
            selection.give(key, str(found[i]) if i in found else NONE, options)
            st.selectbox(
                f"{label} {i} · {here.surface(i)}",
                options,
                format_func=lambda j: j if j == NONE else f"{j} · {there.surface(int(j))}",
                key=key,
                on_change=_changed,
                args=(name, found, i),
                width=wide(150),
            )
    return found


def _selected(name: str, here: Tokens, there: Tokens, start: str) -> Mapping[int, int]:
    """The pairs of the address, as far as both texts have them."""
    said = selection.text(name)
    try:
        found = aligned.read(said) if said else start
    except ValueError:
        selection.drop(name, "pairs of positions, such as 0-0_1-2")
        found = start
    if isinstance(found, str):
        return aligned.pairs(here, there, found)
    kept = {a: b for a, b in found.items() if a < len(here) and b < len(there)}
    if len(kept) < len(found):
        st.caption("Pairs beyond the end of either source are left out.")
    return kept


def _changed(name: str, drawn: Mapping[int, int], i: int) -> None:
    """Of the pairs that were drawn, one is another now."""
    if (there := selection.said(f"{name}-{i}")) is None:
        return
    others = {a: b for a, b in drawn.items() if a != i}
    pairs = others if there == NONE else {**others, i: int(there)}
    selection.update(**{name: aligned.written(pairs) or NONE})
