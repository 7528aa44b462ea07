"""M2M100 (Fan et al. 2020) and NLLB (NLLB Team 2022): translation between any of 100 to 200."""

from __future__ import annotations

from ...network.config import ModelConfig
from .bart_like import NAMES, shape
from .family import Family, Tables, Values


def config(values: Values, tables: Tables) -> ModelConfig:
    """Pre-norm, sine waves as fairseq counts them; the decoder begins with the end of the text."""
    return shape(values, tables, position="sinusoid_fairseq")


M2M100 = Family(("m2m_100",), "M2M100", NAMES, config, unused=r"_positions$")
