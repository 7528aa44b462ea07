"""mBART and mBART-50 (Liu et al. 2020, Tang et al. 2020): BART in many languages, pre-norm."""

from __future__ import annotations

from ...network.config import ModelConfig
from .bart_like import NAMES, drop_first_rows, shape
from .family import Family, Tables, Values


def config(values: Values, tables: Tables) -> ModelConfig:
    """What the decoder begins with is the target's language, or the end of the text."""
    start = values.get("decoder_start_token_id")
    first = values.get("eos_token_id") if start is None else start
    return shape(
        {**values, "decoder_start_token_id": first}, tables, norm_embed=True, position="table"
    )


MBART = Family(("mbart",), "mBART", NAMES, config, adapt=drop_first_rows)
