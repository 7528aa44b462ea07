"""The model that a live training leaves behind, from bytes in memory."""

from __future__ import annotations

from safetensors.torch import load

from ...network.transformer import Transformer
from ...run.runner import Model
from ...tasks import task
from .training import Result


def build(result: Result, name: str) -> Model:
    """The trained model under a name; one trained without positions also runs without them."""
    chosen = task(result.settings.task)
    tokenizer = chosen.tokenizer()
    network = Transformer(result.settings.config(len(tokenizer)))
    network.load_state_dict(load(result.weights))
    if not result.settings.positions:
        network.positions.zero_()
    return Model(name, network, tokenizer, chosen)
