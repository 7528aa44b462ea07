"""Pegasus (Zhang et al. 2020): summarizers; pre-norm, sine waves in halves."""

from __future__ import annotations

from ...network.config import ModelConfig
from .bart_like import NAMES, shape
from .family import Family, Tables, Values


def config(values: Values, tables: Tables) -> ModelConfig:
    """Pre-norm; the decoder begins with padding."""
    return shape(values, tables, position="sinusoid_halves")


PEGASUS = Family(("pegasus",), "Pegasus", NAMES, config, unused=r"_positions$")
