"""Whisper (Radford et al. 2022): speech to text; its encoder reads a log-mel spectrogram."""

from __future__ import annotations

from ...network.config import ModelConfig
from ...network.front_shapes import MelShape
from ...run.speech import FRAMES_A_POSITION
from .bart_like import NAMES, shape
from .family import Family, Tables, Values, size


def config(values: Values, tables: Tables) -> ModelConfig:
    """Pre-norm; both tables of positions are stored, keys have no bias."""
    n_positions = size(values, "max_source_positions", default=1_500)
    return shape(
        values,
        tables,
        front=MelShape(size(values, "num_mel_bins", default=80), FRAMES_A_POSITION * n_positions),
        position="table",
        max_positions=size(values, "max_target_positions", default=448),
        max_src_positions=n_positions,
        logits_bias=False,
    )


WHISPER = Family(
    ("whisper",), "Whisper", ((r"^model\.encoder\.conv", "front.conv"), *NAMES), config
)
