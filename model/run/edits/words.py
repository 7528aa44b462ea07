"""Edits in words: a line for people, a literal for a notebook, and what had nothing to act on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...network.config import KINDS

if TYPE_CHECKING:
    from .value import Edits

OFF = {
    "causal_mask": "no causal mask",
    "positions": "no positions",
    "scale": "no 1/√d",
    "cross_attention": "no cross-attention",
}
"""The four switches, as the screen names them when they are off."""


def sentence(edits: Edits) -> str:
    """All changes on one line."""
    return "; ".join(phrases(edits)) or "no edits"


def phrases(edits: Edits) -> list[str]:
    """One short phrase for each change; patches of several positions are one."""
    means = dict(edits.means)
    found = [
        f"{_head(*head)} {'at its mean' if head in means else 'off'}"
        for head in sorted(edits.ablate)
    ]
    found += [f"{_head(*head)} uniform" for head in sorted(edits.uniform)]
    found += [f"{stack} L{layer} skipped" for stack, layer in sorted(edits.skip)]
    found += [_cut(*edge) for edge in sorted(edits.cut, key=order)]
    found += [f"{_head(*row[:3])} row {row[3]} set by hand" for row, _ in edits.set]
    patched: dict[Any, list[int]] = {}
    for place, _ in edits.patch:
        patched.setdefault(place[:-1], []).append(int(place[-1]))
    for (name, *where), positions in patched.items():
        at = ", ".join(map(str, positions))
        what = _head(*where) if name == "z" else f"{where[0]} L{where[1]}"
        found.append(f"{what} {name} patched at {at}")
    for stack, layer, position, c, _ in edits.steer:
        at = "everywhere" if position is None else f"at {position}"
        found.append(f"{stack} L{layer} steered by {c:g} {at}")
    return found + [phrase for name, phrase in OFF.items() if not getattr(edits, name)]


def _head(kind: str, layer: int, head: int) -> str:
    return f"{kind} L{layer} H{head}"


def _cut(kind: str, layer: int | None, head: int | None, query: int | None, key: int | None) -> str:
    at = "all layers" if layer is None else f"L{layer}"
    of = "all heads" if head is None else f"H{head}"
    edge = f"{'all' if query is None else query} → {'all' if key is None else key}"
    return f"{kind} {at} {of} cut {edge}"


def idle(edits: Edits, n_src: int, n_tgt: int) -> tuple[str, ...]:
    """See `Edits.idle`."""
    found = []
    for edge in sorted(edits.cut, key=order):
        kind, _, _, query, key = edge
        rows, columns = _lengths(kind, n_src, n_tgt)
        if (query is not None and query >= rows) or (key is not None and key >= columns):
            found.append(f"“{_cut(*edge)}” had nothing to cut: {_sizes(rows, columns)}.")
    for row, _ in edits.set:
        rows, columns = _lengths(row[0], n_src, n_tgt)
        if row[3] >= rows:
            found.append(
                f"Row {row[3]} of {_head(*row[:3])}, set by hand, is not there: "
                f"{_sizes(rows, columns)}."
            )
    placed = [(" ".join(map(str, p[:-1])), str(p[1]), int(p[-1])) for p, _ in edits.patch]
    placed += [(f"steer {s[0]} L{s[1]}", s[0], s[2]) for s in edits.steer if s[2] is not None]
    for name, where, position in placed:
        rows = n_src if where.startswith("encoder") else n_tgt
        if position >= rows:
            found.append(f"“{name}” at position {position} is not there: there are {rows}.")
    return tuple(found)


def places(edits: Edits) -> list[tuple[str, str, int]]:
    """("row" or "column", kind, number) of every single position that an edit names."""
    found = []
    for kind, _, _, query, key in sorted(edits.cut, key=order):
        found += [("row", kind, query)] if query is not None else []
        found += [("column", kind, key)] if key is not None else []
    found += [("row", row[0], row[3]) for row, _ in edits.set]
    placed = [(str(place[1]), int(place[-1])) for place, _ in edits.patch]
    placed += [(stack, at) for stack, _, at, _, _ in edits.steer if at is not None]
    for where, at in placed:
        kind = where if where in KINDS else f"{where}_self"
        found.append(("row", kind, at))
    return list(dict.fromkeys(found))


def _lengths(kind: str, n_src: int, n_tgt: int) -> tuple[int, int]:
    return (
        n_src if kind == "encoder_self" else n_tgt,
        n_tgt if kind == "decoder_self" else n_src,
    )


def _sizes(rows: int, columns: int) -> str:
    return f"the map has {rows} rows and {columns} columns"


def literal(value: Any) -> str:
    """As Python writes it, sorted, vectors of more than eight numbers shortened."""
    if isinstance(value, frozenset):
        return "{" + ", ".join(literal(one) for one in sorted(value, key=order)) + "}"
    if isinstance(value, tuple):
        if len(value) > 8 and all(isinstance(one, float) for one in value):
            return f"<{len(value)} numbers>"
        return "(" + ", ".join(map(literal, value)) + ("," if len(value) == 1 else "") + ")"
    return repr(value)


def order(value: Any) -> Any:
    """A key to sort by in which None stands before all numbers."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(map(order, value))
    return (value is not None, 0 if value is None else value)
