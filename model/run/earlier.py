"""Saved runs of earlier formats, as the arrays of today's.

Format 1 held the raw scores of each block, and the logits. Today's holds what they come from: the
factor of q·kᵀ and what relative positions add to it, and the logarithm that was subtracted.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..network.config import KINDS
from . import maps
from .arrays import Array
from .records import block_path

FORMATS = (1,)
"""Earlier formats that are read."""
_NEAR = 1e-4
"""How far two roundings of a score may be apart, of the largest score of a block."""
_SCORES = "raw_scores"


def upgraded(arrays: dict[str, Array]) -> dict[str, Array]:
    """The arrays of a run of format 1 under today's names.

    Raises:
        ValueError: scores that q and k do not make.
        KeyError: a part that is missing.
    """
    found = {name: array for name, array in arrays.items() if not name.endswith(f".{_SCORES}")}
    logits = found.pop("logits")
    found["log_norm"] = (logits - found["log_probs"]).mean(-1, dtype=np.float64).astype(np.float32)
    for kind in KINDS:
        layer = 0
        while (path := block_path(kind, layer)) + f".{_SCORES}" in arrays:
            scale, bias = _parts(arrays, path)
            found[f"{path}.scale"] = np.array(scale, np.float32)
            if bias is not None:
                _share(found, f"{path.split('.')[0]}.position_bias", bias, path)
            layer += 1
    return found


def _parts(arrays: dict[str, Array], path: str) -> tuple[float, Array | None]:
    """The factor of q·kᵀ in a block's scores, and what was added to them, if anything was.

    A model that adds something (T5) has no factor.
    """
    q, k, scores = (arrays[f"{path}.{name}"] for name in ("q", "k", _SCORES))
    products = maps.scores(q, k, np.ones((), np.float32), None)
    if products.shape != scores.shape:
        raise ValueError(f"{path}.{_SCORES} does not fit q and k")
    for scale in (1 / math.sqrt(q.shape[-1]), 1.0):
        if _same(products * np.float32(scale), scores):
            return scale, None
    if path.endswith(".cross"):
        raise ValueError(f"{path}.{_SCORES} is not what q and k make")
    return 1.0, scores - products


def _share(found: dict[str, Any], name: str, bias: Array, path: str) -> None:
    """Keep what positions add: it is the same in each layer of a stack."""
    if not _same(found.setdefault(name, bias), bias):
        raise ValueError(f"{path}.{_SCORES} is not what q and k make")


def _same(one: Array, other: Array) -> bool:
    most = float(np.abs(other).max(initial=1.0))
    return one.shape == other.shape and bool((np.abs(one - other) <= _NEAR * most).all())
