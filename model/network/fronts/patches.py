"""Columns of a picture or a spectrogram to positions of the stream: strided 2-D convolutions.

Letters in shapes: B batch, H rows, W columns, S positions, C channels, D d_model.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..config import ModelConfig
from ..front_shapes import PatchesShape
from ..source import Source


class ChannelNorm(nn.LayerNorm):
    """A layer norm over the channels of each place: [B, C, H, W] -> the same."""

    def forward(self, x: Tensor) -> Tensor:
        """Each place by itself, so that what stands elsewhere in a batch changes nothing."""
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Residual(nn.Conv2d):
    """What is there, and a convolution of it added (He et al. 2016): [B, C, H, W] -> the same.

    The convolution begins at zero, where it changes nothing: what comes in is never below 0.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels, 3, padding=1)

    def reset_parameters(self) -> None:
        """Zeros."""
        nn.init.zeros_(self.weight)
        assert self.bias is not None
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """The sum, through a ReLU as all that comes in."""
        return (x + super().forward(x)).relu()


class Patches(nn.Module):
    """Convolutions with ReLU, then one linear map of what stands above each position.

    Every source is followed by as many empty columns as its last position can see, so that it gives
    the same stream alone and in a batch, where more of them may follow.
    """

    def __init__(self, shape: PatchesShape, config: ModelConfig) -> None:
        super().__init__()
        self.shape = shape
        sizes = zip(
            (1, *shape.channels), shape.channels, shape.kernels, shape.strides, strict=False
        )
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, kernel, stride, padding=kernel // 2)
            for before, after, kernel, stride in sizes
        )
        self.norms = nn.ModuleList(
            ChannelNorm(channels) if shape.norm else nn.Identity() for channels in shape.channels
        )
        self.residual = nn.ModuleList(
            Residual(channels) if shape.residual else nn.Identity() for channels in shape.channels
        )
        self.project = nn.Linear(shape.channels[-1] * shape.rows, config.d_model)
        self.reset()

    def reset(self) -> None:
        """Fresh weights that keep the size of what passes through ReLU (He et al. 2015, eq. 10)."""
        for convolution in self.convolutions:
            assert isinstance(convolution, nn.Conv2d)
            assert convolution.bias is not None
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            nn.init.zeros_(convolution.bias)
        for residual in self.residual:
            if isinstance(residual, Residual):
                residual.reset_parameters()
        nn.init.xavier_uniform_(self.project.weight)
        nn.init.zeros_(self.project.bias)

    def features(self, columns: Tensor) -> Tensor:
        """What the convolutions find above each position: [B, H, W] -> [B, W / columns, C·H']."""
        x = columns[:, None]  # [B, 1, H, W]
        if self.shape.norm:  # places lie together then, as the norms read them
            x = x.contiguous(memory_format=torch.channels_last)
        layers = zip(self.convolutions, self.norms, self.residual, strict=True)
        for convolution, norm, residual in layers:
            x = residual(norm(convolution(x)).relu())
        return x.permute(0, 3, 1, 2).flatten(2)

    def forward(self, source: Source) -> tuple[Tensor, Tensor | None]:
        """Columns [B, H, W] -> stream [B, S, D], and how many positions each one has [B]."""
        features = self.features(F.pad(source.values, (0, self.shape.reach)))
        stream = self.project(features)  # [B, S, C·H'] -> [B, S, D]
        if source.lengths is None:
            return stream[:, : -(-source.values.size(2) // self.shape.columns)], None
        lengths = -(-source.lengths // self.shape.columns)
        return stream[:, : int(lengths.max())], lengths
