"""Marian (Junczys-Dowmunt et al. 2018): opus-mt and its like; the paper's own norm order."""

from __future__ import annotations

from ...network.config import ModelConfig
from .bart_like import NAMES, shape
from .family import Family, Tables, Values


def config(values: Values, tables: Tables) -> ModelConfig:
    """Post-norm, sine waves in halves; the decoder begins with padding.

    Old files say `normalize_before`, which is true where somebody trained with the other order.
    """
    norm_first = values.get("normalize_before") is True
    return shape(values, tables, norm_first=norm_first, position="sinusoid_halves")


MARIAN = Family(("marian",), "Marian", NAMES, config, unused=r"_positions$")
