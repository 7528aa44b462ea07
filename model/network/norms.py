"""Norms, and the residual sum around a block."""

from __future__ import annotations

from torch import Tensor, nn

from .config import ModelConfig
from .dropout import Dropout

Norm = nn.LayerNorm | nn.RMSNorm
NORMS: dict[str, type[nn.LayerNorm] | type[nn.RMSNorm]] = {
    "layer": nn.LayerNorm,
    "rms": nn.RMSNorm,
}
"""Layer norm (Ba et al. 2016); or only divided by the root mean square (Zhang & Sennrich 2019)."""


def norm(config: ModelConfig) -> Norm:
    """A norm over the stream, of the model's kind."""
    return NORMS[config.norm](config.d_model, eps=config.norm_eps)


class ResidualNorm(nn.Module):
    """The residual sum and the norm around a block, in either order (`norm_first`)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.norm_first = config.norm_first
        self.norm = norm(config)
        self.dropout = Dropout(config.dropout)

    def read(self, x: Tensor) -> Tensor:
        """What the block reads of the stream `x`."""
        return self.norm(x) if self.norm_first else x

    def add(self, x: Tensor, out: Tensor) -> Tensor:
        """The stream after the block wrote `out`."""
        x = x + self.dropout(out)
        return x if self.norm_first else self.norm(x)
