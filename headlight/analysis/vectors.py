"""Embeddings of tokens and of positions."""

from __future__ import annotations

from typing import Any

import numpy as np

from headlight.model import Model
from headlight.model.analysis.stream.embeddings import neighbours as _neighbours
from headlight.model.analysis.stream.embeddings import positions as _positions
from headlight.model.analysis.stream.embeddings import project
from headlight.model.run.arrays import Array

from .given import check_count


def embeddings(model: Model, n: int = 3) -> Any:
    """All tokens along the `n` directions in which their embeddings differ most (PCA).

    Returns:
        `pandas.DataFrame`: id, token, and the columns 0 to n − 1.

    Raises:
        ValueError: `n` is not from 1 to d_model.

    >>> import headlight
    >>> embeddings(headlight.load("reverse"), 2).shape
    (30, 4)
    """
    import pandas as pd

    check_count("n", n, most=model.config.d_model)
    points = project(model, n).points
    pieces = [model.tokenizer.piece(i) for i in range(len(points))]
    frame = pd.DataFrame(np.asarray(points), columns=list(range(n)))
    frame.insert(0, "token", pieces)
    frame.insert(0, "id", range(len(points)))
    return frame


def embeddings_map(model: Model, n: int = 2) -> Any:
    """`embeddings` as a plotly figure in two or three dimensions.

    Raises:
        ValueError: `n` is neither 2 nor 3.

    >>> import headlight
    >>> len(embeddings_map(headlight.load("reverse")).data[0].x)
    30
    """
    from headlight.viz.figures.embeddings import embedding_map

    check_count("n", n, 2, 3)
    found = project(model, n)
    pieces = [model.tokenizer.piece(i) for i in range(len(found.points))]
    return embedding_map(found.points, found.explained, pieces, {})


def neighbours(model: Model, token: int | str, n: int = 8) -> Any:
    """The tokens whose embeddings point most nearly the same way.

    Args:
        token: its id, or its spelling in the vocabulary.

    Returns:
        `pandas.DataFrame`: id, token, cosine, nearest first.

    Raises:
        ValueError: a token that there is not, or `n` below 1.

    >>> import headlight
    >>> found = neighbours(headlight.load("reverse"), "a", 3)
    >>> len(found), found.cosine.is_monotonic_decreasing
    (3, True)
    """
    import pandas as pd

    check_count("n", n)
    if isinstance(token, str):
        known = {model.tokenizer.piece(i): i for i in range(model.config.d_vocab)}
        if token not in known:
            raise ValueError(f"“{token:.60}” is no token of this vocabulary.")
        token = known[token]
    found = _neighbours(model, token, n)
    rows = [(i, model.tokenizer.piece(i), cosine) for i, cosine in found]
    return pd.DataFrame(rows, columns=["id", "token", "cosine"])


def positions(model: Model, n: int = 64, side: str = "decoder") -> Any:
    """What is added to the embeddings at each position.

    Args:
        n: positions, or as many as the model has where these are fewer.
        side: "encoder" or "decoder"; both are alike but where they were learned.

    Returns:
        `pandas.DataFrame`: one row a position, one column a dimension of d_model.

    Raises:
        ValueError: the model adds nothing, or `n` is below 1.

    >>> import headlight
    >>> positions(headlight.load("reverse"), 3).shape
    (3, 80)
    """
    import pandas as pd

    return pd.DataFrame(_added(model, n, side))


def positions_map(model: Model, n: int = 64, side: str = "decoder") -> Any:
    """`positions` as a plotly figure.

    >>> import headlight
    >>> positions_map(headlight.load("reverse"), 3).data[0].z.shape
    (3, 80)
    """
    from headlight.viz.figures.positions import position_map

    return position_map(_added(model, n, side))


def _added(model: Model, n: int, side: str) -> Array:
    check_count("n", n)
    if side not in ("encoder", "decoder"):
        raise ValueError(f"side must be encoder or decoder, not {side!r}.")
    table = _positions(model, min(n, model.config.max_positions), side)
    if table is None:
        raise ValueError("This model adds nothing to its embeddings for positions.")
    return table
