"""Attention weights as a tidy table: one row a cell that is not masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .arrays import Array
from .tokens import Sides, Tokens

Layers = Iterable[tuple[Array, Array]]
"""Layer by layer the weights [H, Q, K] and what may be seen, bool, that broadcasts to them."""


def tidy(sides: Sides, written: Tokens, kinds: Mapping[str, Layers]) -> Any:
    """A `pandas.DataFrame` of all cells.

    Args:
        written: `tgt_out`, what the rows of the decoder write.
        kinds: the layers by kind.

    Returns:
        columns kind, layer, head, query and key (positions), query_piece (the token that the row
        reads), written (the token that a decoder's row writes; empty in the encoder), key_piece,
        weight.
    """
    import pandas as pd

    frames = []
    for kind, layers in kinds.items():
        queries, keys = sides.queries(kind).pieces, sides.keys(kind).pieces
        writes = written.pieces if kind != "encoder_self" else ("",) * len(queries)
        for layer, (pattern, seen) in enumerate(layers):
            mask = np.broadcast_to(seen, pattern.shape)
            head, query, key = np.nonzero(mask)
            columns: dict[str, Any] = {
                "kind": kind,
                "layer": layer,
                "head": head,
                "query": query,
                "key": key,
                "query_piece": np.array(queries, object)[query],
                "written": np.array(writes, object)[query],
                "key_piece": np.array(keys, object)[key],
                "weight": pattern[mask],
            }
            frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)
