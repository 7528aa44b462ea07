"""How large a trace will be, before it is made."""

from __future__ import annotations

from .runner import Model
from .sources import AnySource


def expected_nbytes(model: Model, text: AnySource, max_len: int | None = None) -> int:
    """Bytes of the trace of a text, if its target gets as long as it may; 0 for unreadable text.

    Counted are the arrays that grow with the lengths: maps and scores of every head, q, k, v and z,
    the stream, and the logits.
    """
    try:
        n_src = len(model.read(text))
    except ValueError:
        return 0
    config = model.config
    n_tgt = min(2 * n_src + 20 if max_len is None else max_len, config.max_positions)
    return trace_nbytes(model, n_src, n_tgt)


def trace_nbytes(model: Model, n_src: int, n_tgt: int) -> int:
    """Bytes of a trace with so many source and target tokens."""
    config = model.config
    encoder, decoder = config.n_encoder_layers, config.n_decoder_layers
    cells = encoder * n_src**2 + decoder * (n_tgt**2 + n_src * n_tgt)
    maps = cells * (2 * config.n_heads * 4 + 1)  # scores, pattern, and the mask's one byte
    stream = 7 * config.d_model + 2 * config.d_ff + 6 * config.d_model
    rows = 4 * (encoder * n_src + decoder * n_tgt) * stream
    logits = 2 * 4 * n_tgt * config.d_vocab
    return maps + rows + logits
