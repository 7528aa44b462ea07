"""Whisper (Radford et al. 2022): speech to text; its encoder reads a log-mel spectrogram."""

from __future__ import annotations

from ...network.config import ModelConfig
from ...network.front_shapes import MelShape
from .bart_like import NAMES, shape
from .family import Family, Tables, Values


def config(values: Values, tables: Tables) -> ModelConfig:
    """Pre-norm; both tables of positions are stored, keys have no bias."""
    n_mels = values.get("num_mel_bins", 80)
    return shape(
        values,
        tables,
        front=MelShape(n_mels),
        position="table",
        max_positions=values.get("max_target_positions", 448),
        max_src_positions=values.get("max_source_positions", 1500),
        logits_bias=False,
    )


WHISPER = Family(
    ("whisper",), "Whisper", ((r"^model\.encoder\.conv", "front.conv"), *NAMES), config
)
