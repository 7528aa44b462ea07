"""How large a trace will be, before it is made."""

from __future__ import annotations

from ..network.config import KINDS
from .maps import WIDE
from .runner import Model
from .sources import AnySource, Sound

MOST_A_SECOND = 8
"""Tokens that somebody says in a second, at most."""


def expected_nbytes(model: Model, text: AnySource, max_len: int | None = None) -> int:
    """Bytes of the trace of a text, if its target gets as long as it may; 0 for unreadable text.

    Counted are the arrays that grow with the lengths: the maps that are kept, q, k, v and z, the
    stream, and the log-probabilities.
    """
    try:
        n_src = len(model.read(text))
    except ValueError:
        return 0
    config = model.config
    usual = model.rules.max_len or 2 * n_src + 20
    if isinstance(text, Sound) and n_src > MOST_A_SECOND * text.seconds:
        usual = min(usual, 40 + round(MOST_A_SECOND * text.seconds))
    n_tgt = min(usual if max_len is None else max_len, config.max_positions)
    return trace_nbytes(model, n_src, n_tgt)


def trace_nbytes(model: Model, n_src: int, n_tgt: int) -> int:
    """Bytes of a trace with so many source and target tokens."""
    config = model.config
    lengths = (n_src, n_src), (n_tgt, n_tgt), (n_tgt, n_src)
    total = 4 * n_tgt * config.d_vocab
    for kind, (n_query, n_key) in zip(KINDS, lengths, strict=True):
        cells = config.heads(kind) * n_query * n_key
        maps = (4 * cells if cells <= WIDE else 0) + n_query * n_key
        parts = 2 * (n_query + n_key) * config.heads(kind) * config.head_width(kind)  # q, z, k, v
        total += config.n_layers(kind) * (maps + 4 * (parts + n_query * config.d_model))
    wide = 3 if config.gated else 2
    for side, n, streams in (("encoder", n_src, 6), ("decoder", n_tgt, 8)):
        n_layers = config.n_layers("encoder_self" if side == "encoder" else "cross")
        row = streams * config.d_model + wide * config.ff_width(side)
        total += 4 * n * n_layers * row
    return total
