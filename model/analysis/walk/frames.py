"""From frames of a log-mel spectrogram to the vector that a position of a Whisper starts from.

Letters in shapes: M mel bands, D d_model.
"""

from __future__ import annotations

import numpy as np

from ...network.fronts import Mel
from ...run.arrays import Array
from ...run.reading import columns_of
from .. import weights
from .activations import gelu
from .code import CodeRef
from .place import Place
from .step import Part, Step

BEFORE, BETWEEN = 2, 3
"""Frames that a position sees before its own first one; vectors between the two convolutions."""


def from_frames(place: Place, i: int, role: str, stage: str) -> list[Step]:
    """The two convolutions, from the five frames that encoder position `i` sees.

    The first looks at three neighbouring frames at a time, which gives three vectors; the second
    makes one of them. What would lie outside the window is zero, frames and vectors alike.
    """
    network, source = place.model.network, place.trace.src.source
    front = network.front
    assert isinstance(front, Mel)
    assert source is not None
    spectrogram = columns_of(source, place.model.config.front).numpy()
    numbers = np.arange(2 * i - BEFORE, 2 * i + BEFORE + 1)
    there = (numbers >= 0) & (numbers < spectrogram.shape[1])
    seen = np.where(there, spectrogram[:, numbers.clip(0, spectrogram.shape[1] - 1)], 0)

    def convolved(frames: Array, w: Array, b: Array) -> Array:
        threes = np.stack([frames[:, at : at + 3].T.ravel() for at in range(BETWEEN)])  # [3, 3·M]
        found: Array = gelu(threes @ w + b)
        found[~there[1:-1]] = 0
        return found

    first, second = weights.convolution(front.conv1), weights.convolution(front.conv2)
    frames = Part(f"frames {numbers[0]} to {numbers[-1]}", seen, ("band", "frame"), "stream")
    between = Part("h", convolved(seen, *first), ("frame", "d_model"), role)
    return [
        Step(
            name="frames",
            role=role,
            stage=stage,
            inputs=(frames, *_map(first, "band")),
            output=between,
            operation=convolved,
            code=(CodeRef(Mel.forward, "inner = F.gelu(self.conv1("),),
        ),
        Step(
            name="convolution",
            role=role,
            stage=stage,
            inputs=(between, *_map(second, "d_model")),
            output=Part("embed", place.stack("encoder").embed[i], ("d_model",), role),
            operation=lambda h, w, b: gelu(h.ravel() @ w + b),
            code=(CodeRef(Mel.forward, "x = F.gelu(self.conv2("),),
        ),
    ]


def _map(convolution: tuple[Array, Array], read: str) -> tuple[Part, Part]:
    """W and b as inputs of a step."""
    w, b = convolution
    axes = (f"3 frames × {read}", "d_model")
    return Part("W", w, axes, "parameter"), Part("b", b, ("d_model",), "parameter")
