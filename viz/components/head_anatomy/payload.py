"""What the component draws, as one value of bytes: a JSON header, then float32 arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headlight.model.analysis.walk import Cell, Part, Step
from headlight.model.analysis.walk.blocks import drawable
from headlight.model.analysis.walk.board import board
from headlight.model.run.arrays import Array
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace

from ... import theme
from ...labels import row_names, scaling, token_names, token_noun
from ..palette import palette
from ..wire import Body, pack


@dataclass(frozen=True, eq=False)
class Picture:
    """A part with its name in the header."""

    id: str
    part: Part


def step_payload(step: Step, kind: str, keys: Tokens) -> bytes:
    """A step of the walk: its inputs, then its output, and its code; keys by the page's names."""
    names = tuple(token_names(keys))
    named = (_with_names(part, names) for part in (*step.inputs, step.output))
    parts = [Picture(str(i), part) for i, part in enumerate(named)]
    code = [{"place": lines.place, "text": lines.text} for lines in (c.read() for c in step.code)]
    return _pack("step", parts, kind, {"code": code})


def _with_names(part: Part, names: tuple[str, ...]) -> Part:
    rows = names if part.rows and part.axes[0] == "key" else part.rows
    columns = names if part.columns and part.axes[-1] == "key" else part.columns
    return replace(part, rows=rows, columns=columns)


def linked_payload(trace: Trace, cell: Cell) -> bytes:
    """All matrices of one head: Q, Kᵀ, QKᵀ, scores, masked, weights, V and Z."""
    scaled = scaling(trace.attention[cell.kind][cell.layer])
    rows = tuple(row_names(trace, cell.kind))
    columns = tuple(token_names(trace.keys(cell.kind)))
    parts = board(trace, cell.kind, cell.layer, cell.head, rows, columns, scaled)
    pictures = [Picture(name, part) for name, part in parts.items()]
    more = {"cell": {"query": cell.query, "key": cell.key}, "scaling": scaled or "as it is"}
    return _pack("linked", pictures, cell.kind, more)


def picker_payload(trace: Trace, cell: Cell, note: str) -> bytes:
    """The weights of one head, one cell chosen."""
    record = trace.attention[cell.kind][cell.layer]
    part = Part(
        "attention weights",
        np.where(record.mask, record.pattern[cell.head], np.float32(-np.inf)),
        ("query", "key"),
        "weight",
        rows=tuple(row_names(trace, cell.kind)),
        columns=tuple(token_names(trace.keys(cell.kind))),
    )
    more = {"cell": {"query": cell.query, "key": cell.key}, "note": note}
    return _pack("pick", [Picture("pattern", part)], cell.kind, more)


def places_payload(trace: Trace, kind: str, *, norm_first: bool, entry: Mapping[str, str]) -> bytes:
    """The paper's drawing with the shapes of this run; `kind` is the block that is chosen.

    Args:
        norm_first: norms stand before the blocks.
        entry: what enters each stack, in words.
    """
    blocks = {
        name: {letter: _shape(getattr(trace.attention[name][0], letter)) for letter in _DRAWN}
        for name in trace.attention
    }
    sides = {"encoder": trace.encoder, "decoder": trace.decoder}
    header = {
        "kind": kind,
        "norm_first": norm_first,
        "entry": dict(entry),
        "layers": {side: len(stack.layers) for side, stack in sides.items()},
        "tokens": {"encoder": len(trace.src), "decoder": len(trace.tgt_in)},
        "read": f"{token_noun(trace.src)}s",
        "shapes": {
            **blocks,
            "embed": {side: _shape(stack.embed) for side, stack in sides.items()},
            "mlp": {
                side: f"{_shape(stack.layers[0].ln2_out)} → {_shape(stack.layers[0].mlp_pre)}"
                for side, stack in sides.items()
            },
            "memory": _shape(trace.memory),
            "logits": _shape(trace.logits),
        },
    }
    return _pack("places", [], kind, header)


_DRAWN = ("q", "k", "v", "pattern")


def _shape(array: Array) -> str:
    return f"[{', '.join(str(n) for n in array.shape)}]"


def _pack(view: str, pictures: Sequence[Picture], kind: str, rest: Mapping[str, Any]) -> bytes:
    body = Body()
    colour = theme.KIND_COLOURS[kind]
    more = {
        **theme.ROLE_COLOURS,
        "kind": colour,
        "weight": colour,
        "score": colour,
        "neutral": theme.NEUTRAL,
    }
    parts = [_describe(picture, body) for picture in pictures]
    header = {"version": 1, "view": view, "palette": palette(more), "parts": parts}
    return pack(header | dict(rest), body)


def _describe(picture: Picture, body: Body) -> dict[str, Any]:
    """The header of one array, which goes to `body`."""
    part = picture.part
    values = np.asarray(part.values)
    truth = values.dtype == bool
    values = values.astype("<f4")
    named = bool(part.rows or part.columns)
    drawn = drawable(values, named=named)
    low, high = _scale(part, values, truth)
    return {
        "id": picture.id,
        "name": part.name,
        "role": "mask" if truth else part.role,
        "axes": list(part.axes),
        "full": list(values.shape),
        "shape": list(drawn.shape),
        "rows": list(part.rows),
        "columns": list(part.columns),
        "at": part.at,
        "low": low,
        "high": high,
        "pooled": drawn.shape != values.shape,
        "offset": body.add(np.ascontiguousarray(drawn)),
    }


def _scale(part: Part, values: Array, truth: bool) -> tuple[float, float]:
    """0..1 for weights and masks; else symmetric around zero, to the largest number."""
    if truth or part.role == "weight":
        return 0.0, 1.0
    finite = values[np.isfinite(values)]
    most = float(np.abs(finite).max()) if finite.size else 0.0
    most = most or 1.0
    return -most, most
