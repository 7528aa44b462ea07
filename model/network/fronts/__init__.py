"""What turns a source into the stream that the encoder reads: one front a file.

A front is a module: `front(source) -> (stream [B, S, D], lengths [B] or None)`. A new one: write
its file, its frozen shape in `front_shapes.py`, and name the pair in `FRONTS`; `config.front` holds
the shape.
"""

from __future__ import annotations

from torch import nn

from ..config import ModelConfig
from ..front_shapes import MelShape, PatchesShape, TokensShape
from .mel import Mel
from .patches import Patches
from .tokens import Tokens

FRONTS: dict[type, type[nn.Module]] = {
    TokensShape: Tokens,
    MelShape: Mel,
    PatchesShape: Patches,
}


def front(config: ModelConfig) -> nn.Module | None:
    """The source's own front; None where it reads the target's embedding table."""
    return None if config.front is None else FRONTS[type(config.front)](config.front, config)


__all__ = ["FRONTS", "Mel", "MelShape", "Patches", "PatchesShape", "Tokens", "TokensShape", "front"]
