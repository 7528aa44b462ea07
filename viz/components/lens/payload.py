"""A trace as one value of bytes for the browser, and back.

Letters in shapes: L layers, H heads, Q query positions, K key positions.

The header and the blocks that it points at are packed as `wire` says:

- patterns [L, H, Q, K] as uint16 = round(weight × 65535): off by at most 7.7e-6; of a mask's closed
  cells, whose weights are 0, nothing travels; of many weights only thumbnails and measures of each
  head, and each layer when the lens asks for it (`layers`);
- value norms [L, H, K] as float32, so that norm-weighted attention needs no further data;
- the mask [Q, K] as one bit a cell, left out where every cell may be attended;
- the picture or sound that was read, as `scene` says, where it was no text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np

from headlight.model import Edits
from headlight.model.analysis.interventions.ablation import differing
from headlight.model.network.config import KINDS
from headlight.model.run.arrays import Array
from headlight.model.run.records import AttentionRecord
from headlight.model.run.trace import Trace

from ..scene import scene
from ..wire import FULL, Body, pack, packed_mask, target_headers, token_header, unpack
from . import layers, pool


def encode(
    trace: Trace,
    compare: Trace | None = None,
    *,
    options: Mapping[str, Any] | None = None,
    scores: bool = False,
    norms: bool = True,
) -> bytes:
    """The attention of a trace (and of a second one) as the lens reads it.

    Args:
        trace: what the lens shows.
        compare: a second trace, shown beside the first; it may be another model's.
        options: plain values for the lens (palette, first selection, ...), passed on as they are.
        scores: also add every raw score, for a file that has no server to ask.
        norms: add the value norms, which nothing but norm-weighted attention asks for.
    """
    header, body = _encode(trace, compare, whole=True, norms=norms)
    traces = [trace] if compare is None else [trace, compare]
    if scores and not any(pool.starts(one.src) for one in traces):
        header["scores"] = [
            {"kind": kind, "layer": layer, "offsets": _score_blocks(traces, kind, layer, body)}
            for kind in KINDS
            for layer in range(trace.n_layers(kind))
        ]
    return pack(header | dict(options or {}), body)


_ENCODED: WeakKeyDictionary[Trace, tuple[Any, dict[str, Any], Body]] = WeakKeyDictionary()
"""What a trace was encoded to, and what it was compared with, for as long as the trace lives."""


def encoded(trace: Trace, compare: Trace | None = None) -> tuple[dict[str, Any], Body]:
    """Header and arrays of the traces, encoded and hashed once a trace; they are not to be changed.

    Where they are many, the weights themselves are left out; see `encode_layer`.
    """
    other, header, body = _ENCODED.get(trace, (None, {}, Body()))
    if not header or (other and other()) is not compare:
        header, body = _encode(trace, compare)
        _ENCODED[trace] = (compare and ref(compare), header, body)
    return header, body


def _encode(
    trace: Trace, compare: Trace | None, *, whole: bool = False, norms: bool = True
) -> tuple[dict[str, Any], Body]:
    """The header of the traces, `id` telling these numbers from all others, and their arrays."""
    traces = [trace] if compare is None else [trace, compare]
    whole = whole or layers.all_at_once(traces)
    body = Body()
    shown = [_describe(t, body, whole, norms) for t in traces]
    if compare is not None and compare.edits:
        _, new = differing(trace.tgt_out, compare.tgt_out)
        shown[1] |= {"new": np.flatnonzero(new).tolist(), "cut_off": not compare.finished}
    return {"version": 1, "id": body.digest(shown), "traces": shown}, body


def encode_layer(
    trace: Trace,
    kind: str,
    layer: int,
    compare: Trace | None = None,
    *,
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """The weights of one layer, for a lens that has all else of these traces already.

    Arguments as for `encode_scores`.
    """
    traces = [trace] if compare is None else [trace, compare]
    body = Body()
    found = [layers.pattern(t, kind, layers.layer_of(t, kind, layer)) for t in traces]
    block = {"kind": kind, "layer": layer, "offsets": [body.add(_stored(one)) for one in found]}
    header = {"version": 1, "id": trace_id(trace, compare), "layers": [block]}
    return pack(header | dict(options or {}), body)


def encode_scores(
    trace: Trace,
    kind: str,
    layer: int,
    compare: Trace | None = None,
    *,
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """The raw scores [H, Q, K] of one block as float32, for a lens that has these traces already.

    The scores after the mask follow from the mask, which the lens has, too.

    Args:
        kind, layer: the block.
        compare, options: as for `encode`.
    """
    traces = [trace] if compare is None else [trace, compare]
    body = Body()
    offsets = _score_blocks(traces, kind, layer, body)
    block = {"kind": kind, "layer": layer, "offsets": offsets}
    header = {"version": 1, "id": trace_id(trace, compare), "scores": [block]}
    return pack(header | dict(options or {}), body)


def trace_id(trace: Trace, compare: Trace | None = None) -> str:
    """The identity that `encode` gives to what it shows: the same for the same numbers."""
    identity: str = encoded(trace, compare)[0]["id"]
    return identity


def decode(data: bytes) -> dict[str, Any]:
    """What `encode` wrote: the header, with arrays in place of offsets.

    Every entry of `traces[i]["attention"]` holds `pattern` (float32 [L, H, Q, K]), `value_norm`
    (float32 [L, H, K]) and `mask` (bool [Q, K]); every entry of `scores` holds `raw_scores`, one
    float32 [H, Q, K] for each trace.
    """
    header, start = unpack(data)
    for trace in header.get("traces", ()):
        for block in trace["attention"].values():
            n, h, q, k = (block[name] for name in ("layers", "heads", "rows", "columns"))
            if (at := block["value_norm"]) is not None:
                norms = np.frombuffer(data, "<f4", n * h * k, start + at)
                block["value_norm"] = norms.reshape(n, h, k)
            at = block["mask"]
            block["mask"] = np.ones((q, k), dtype=bool)
            if at is not None:
                packed = np.frombuffer(data, np.uint8, (q * k + 7) // 8, start + at)
                block["mask"] = np.unpackbits(packed, count=q * k).reshape(q, k).astype(bool)
            if (at := block["pattern"]) is not None:
                there = block["mask"] if block["open"] else np.ones((q, k), dtype=bool)
                stored = np.frombuffer(data, "<u2", n * h * int(there.sum()), start + at)
                block["pattern"] = np.zeros((n, h, q, k), dtype=np.float32)
                block["pattern"][..., there] = stored.reshape(n, h, -1).astype(np.float32) / FULL
    for entry in header.get("scores", ()):
        entry["raw_scores"] = [
            np.frombuffer(data, "<f4", int(np.prod(shape)), start + at).reshape(shape)
            for at, shape in entry.pop("offsets")
        ]
    return header


def _describe(trace: Trace, body: Body, whole: bool, norms: bool) -> dict[str, Any]:
    """The header of one trace; its arrays go to `body`."""
    source = pool.shown(trace.src)
    return {
        "model": trace.model,
        "source": trace.source_text,
        "output": trace.output_text,
        "probability": [float(f"{p:.7g}") for p in np.exp(trace.chosen_log_probs)],
        "src": token_header(source),
        **target_headers(trace.tgt_in, trace.tgt_out),
        "attention": {k: _block(trace, k, body, whole, norms) for k in KINDS if trace.n_layers(k)},
        **({} if (drawn := scene(source, body)) is None else {"scene": drawn}),
        "edits": _marks(trace.edits),
        "pooled": source is not trace.src,
        "followers": [list(head) for head in trace.alignment_heads],
    }


def _marks(edits: Edits) -> dict[str, Any] | None:
    """What the map marks: edges that were cut, rows set by hand, and all edits in words."""
    if not edits:
        return None
    rows = [list(row) for row, _ in edits.set]
    return {"cut": [list(edge) for edge in edits.cut], "set": rows, "said": str(edits)}


def _block(trace: Trace, kind: str, body: Body, whole: bool, norms: bool) -> dict[str, Any]:
    """Where the arrays of one kind of attention stand, and their shape."""
    records = trace.attention[kind]
    wide = pool.starts(trace.src) is not None and kind != "decoder_self"
    rows, columns = (len(pool.shown(side)) for side in (trace.queries(kind), trace.keys(kind)))
    found = []
    if whole or layers.kept(trace, kind):
        found = [layers.pattern(trace, kind, layer) for layer in range(len(records))]
    mask = np.ones((rows, columns), bool) if wide else records[0].mask
    mask = np.broadcast_to(mask, (rows, columns))
    stored = _stored(np.stack(found)) if whole else None
    only_open = stored is not None and not mask.all() and not stored[..., ~mask].any()
    if stored is not None and only_open:
        stored = stored[..., mask]
    block: dict[str, Any] = {
        "layers": len(records),
        "heads": trace.heads(kind),
        "rows": rows,
        "columns": columns,
        "pattern": None if stored is None else body.add(stored),
        "open": only_open,
        "value_norm": body.add(_norms(records)) if norms and not wide else None,
        "mask": packed_mask(mask, body),
    }
    if not whole and found:
        small = layers.thumbnails(found)
        block["small"] = {"at": body.add(_stored(small)), "h": small.shape[2], "w": small.shape[3]}
        block["measures"] = body.add(layers.measures(found).astype("<f4"))
    return block


def _norms(records: Sequence[AttentionRecord]) -> Array:
    """[L, H, K]."""
    return np.stack([record.value_norm for record in records]).astype("<f4")


def _stored(weights: Array) -> Array:
    """Weights as they travel."""
    found: Array = np.rint(weights * FULL).astype("<u2")
    return found


def _score_blocks(
    traces: Sequence[Trace], kind: str, layer: int, body: Body
) -> list[tuple[int, tuple[int, ...]]]:
    """(offset, shape) of the raw scores of one block, one for each trace."""
    arrays = [
        t.attention[kind][layers.layer_of(t, kind, layer)].raw_scores.astype("<f4") for t in traces
    ]
    return [(body.add(array), array.shape) for array in arrays]
