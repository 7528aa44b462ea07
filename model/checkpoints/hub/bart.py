"""BART (Lewis et al. 2020): post-norm, learned positions, a norm behind the embeddings."""

from __future__ import annotations

from ...network.config import ModelConfig
from .bart_like import NAMES, drop_first_rows, shape
from .family import Family, Tables, Values


def config(values: Values, tables: Tables) -> ModelConfig:
    """The decoder begins with the end of the text."""
    return shape(values, tables, norm_first=False, norm_embed=True, position="table")


BART = Family(("bart",), "BART", NAMES, config, adapt=drop_first_rows)
