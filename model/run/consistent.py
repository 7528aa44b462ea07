"""Whether the parts of a trace fit each other: lengths, shapes and types."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from ..network.config import KINDS
from .maps import WIDE
from .records import LayerRecord, block_path
from .tokens import Tokens

if TYPE_CHECKING:
    from .trace import Trace

TOKENS = ("src", "tgt_in", "tgt_out", "predicted")
"""The sequences that a trace has."""
_STREAM = {"embed", "pos_embed", "output", *(field.name for field in fields(LayerRecord))}


def check(trace: Trace) -> None:
    """Refuse a trace whose parts do not fit each other.

    Raises:
        ValueError: says which part is wrong.
    """
    _check_target(trace)
    for kind in KINDS:
        _check_attention(trace, kind)
    _check_arrays(trace)


def _check_target(trace: Trace) -> None:
    """The tokens, and what is said of them."""
    if len(trace.tgt_in) != len(trace.tgt_out) or len(trace.predicted) != len(trace.tgt_out):
        raise ValueError("tgt_in, tgt_out and predicted differ in length")
    n = len(trace.tgt_out)
    if trace.log_norm.shape != (n,) or trace.log_probs.ndim != 2 or len(trace.log_probs) != n:
        raise ValueError("log_probs and log_norm do not fit the target")
    for name in TOKENS:
        if not _whole(getattr(trace, name), trace.log_probs.shape[1]):
            raise ValueError(f"{name} does not say what its tokens are")
    if not all(isinstance(one, str) for one in (trace.model, trace.digest, trace.strategy)):
        raise ValueError("model, digest and strategy must be names")
    if not isinstance(trace.forced, int) or not 0 <= trace.forced <= len(trace.tgt_out):
        raise ValueError(f"forced is {trace.forced!r}, of {len(trace.tgt_out)} tokens")


def _check_attention(trace: Trace, kind: str) -> None:
    """The blocks of one kind of attention."""
    if not trace.attention[kind]:
        raise ValueError(f"there are no layers of {kind}")
    n_query, n_key = len(trace.queries(kind)), len(trace.keys(kind))
    n_heads, d_head = trace.heads(kind), trace.attention[kind][0].q.shape[2]
    shapes = {
        **dict.fromkeys(("kept", "bias"), (n_heads, n_query, n_key)),
        **dict.fromkeys(("q", "z"), (n_heads, n_query, d_head)),
        **dict.fromkeys(("k", "v"), (n_heads, n_key, d_head)),
        "mask": (n_query, n_key),
        "value_norm": (n_heads, n_key),
        "out": (n_query, trace.memory.shape[1]),
        "scale": (),
    }
    for i, record in enumerate(trace.attention[kind]):
        for name, shape in shapes.items():
            array = getattr(record, name)
            if array is not None and array.shape != shape:
                flat = "pattern" if name == "kept" else name
                raise ValueError(f"{block_path(kind, i)}.{flat} is not of shape {shape}")
        if record.kept is None and math.prod(record.shape) <= WIDE:
            raise ValueError(f"{block_path(kind, i)}.pattern is missing")
        if record.cut is not None and record.cut.shape != record.shape:
            raise ValueError(f"{block_path(kind, i)}.cut is not of the pattern's shape")


def _check_arrays(trace: Trace) -> None:
    """Rows, types and finite numbers of every array."""
    for name, array in trace.to_arrays().items():
        n = len(trace.src if name.startswith("encoder.") else trace.tgt_in)
        if name.split(".")[-1] in _STREAM and len(array) != n:
            raise ValueError(f"{name} does not have {n} rows")
        if array.dtype != (np.bool_ if name.endswith((".mask", ".cut")) else np.float32):
            raise ValueError(f"{name} is of type {array.dtype}")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds numbers that are not finite")


def _whole(tokens: Tokens, d_vocab: int) -> bool:
    """Whether every token has an id below `d_vocab`, a piece, a place in the text and a word."""
    n, end = len(tokens), len(tokens.text)
    return (
        all(len(part) == n for part in (tokens.pieces, tokens.spans, tokens.words, tokens.special))
        and all(isinstance(piece, str) for piece in (tokens.text, *tokens.pieces))
        and all(isinstance(i, int) and 0 <= i < d_vocab for i in tokens.ids)
        and all(isinstance(word, int) and -1 <= word < max(n, end) for word in tokens.words)
        and all(0 <= start <= stop <= end for start, stop in tokens.spans)
        and len(tokens.places) == (0 if tokens.source is None else n)
        and all(start <= stop for start, stop in tokens.places)
    )
