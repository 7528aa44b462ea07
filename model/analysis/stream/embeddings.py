"""Where words live: the embedding table brought down to its main directions, and the positions.

Letters in shapes: V d_vocab, D d_model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from .. import weights


@dataclass(frozen=True, eq=False)
class Projection:
    """Principal components: points [V, n], and the share of the variance that each axis holds."""

    points: Array
    explained: Array


def project(model: Model, n: int = 3) -> Projection:
    """The tokens' embeddings along the `n` directions in which they differ most (PCA).

    Signs are fixed (the largest entry of each direction is positive), so that the picture is the
    same every time.
    """
    table = weights.embedding(model).astype(np.float64)
    centred = table - table.mean(axis=0)
    variances, directions = np.linalg.eigh(centred.T @ centred)  # ascending
    chosen = directions[:, ::-1][:, :n]
    largest = np.abs(chosen).argmax(axis=0)
    chosen = chosen * np.sign(chosen[largest, np.arange(chosen.shape[1])])
    explained = variances[::-1][:n] / variances.sum()
    return Projection((centred @ chosen).astype(np.float32), explained)


def neighbours(model: Model, token: int, n: int = 8) -> list[tuple[int, float]]:
    """The tokens whose embeddings point most nearly the same way: (id, cosine), nearest first.

    Raises:
        ValueError: an id outside of the vocabulary.
    """
    model.tokenizer.piece(token)
    table = weights.embedding(model)
    unit = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)
    cosine = unit @ unit[token]
    order = np.argsort(-cosine, kind="stable")
    return [(int(i), float(cosine[i])) for i in order if i != token][:n]


def positions(model: Model, n: int, side: str = "decoder") -> Array | None:
    """[n, D]: what is added at the first `n` positions of a stack, None where nothing is.

    Sinusoids are in [-1, 1] and alike in both stacks.

    Raises:
        ValueError: the model does not have as many positions.
    """
    if not 0 <= n <= model.config.max_positions:
        raise ValueError(f"n must be from 0 to {model.config.max_positions} positions, not {n}")
    table = model.network.position_table(side)
    return None if table is None else table[:n].detach().numpy()
