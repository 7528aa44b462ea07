"""A log-mel spectrogram to positions of the stream, as in Whisper (Radford et al. 2022, fig. 1)."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from ..config import ModelConfig
from ..front_shapes import MelShape
from ..source import Source


class Mel(nn.Module):
    """Two convolutions over time with GELU; the second halves the number of positions."""

    def __init__(self, shape: MelShape, config: ModelConfig) -> None:
        super().__init__()
        d = config.d_model
        self.conv1 = nn.Conv1d(shape.n_mels, d, kernel_size=3, padding=1)
        self.conv2 = nn.Conv1d(d, d, kernel_size=3, stride=2, padding=1)

    def forward(self, source: Source) -> tuple[Tensor, Tensor | None]:
        """Mel bands [B, n_mels, frames] -> [B, frames / 2, D]; silence counts, so no lengths."""
        inner = F.gelu(self.conv1(source.values))  # [B, D, frames]
        x = F.gelu(self.conv2(inner))
        return x.transpose(1, 2).contiguous(), None
