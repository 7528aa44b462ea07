"""Source tokens with an embedding table of their own: vocabularies that stand apart."""

from __future__ import annotations

import math

from torch import Tensor, nn

from ..config import ModelConfig
from ..front_shapes import TokensShape
from ..source import Source


class Tokens(nn.Module):
    """Token embedding, × √d_model where the model does so (section 3.4)."""

    def __init__(self, shape: TokensShape, config: ModelConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(shape.d_vocab, config.d_model)
        self.scale = math.sqrt(config.d_model) if config.scale_embed else 1.0

    def forward(self, source: Source) -> tuple[Tensor, Tensor | None]:
        """Ids [B, S] -> [B, S, D], and the lengths as they were."""
        return self.embedding(source.values) * self.scale, source.lengths
