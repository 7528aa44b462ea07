"""From columns of a picture or a sound to the vector that a position starts from.

Letters in shapes: H rows, W columns of the source, F features (channels × rows that are left).
"""

from __future__ import annotations

import torch
from torch.nn import functional as F

from ...network.fronts import Patches
from ...run.arrays import Array
from ...run.reading import columns_of
from .. import weights
from .code import CodeRef
from .place import Place
from .step import Part, Step, linear


def from_columns(place: Place, i: int, role: str, stage: str) -> list[Step]:
    """The steps from the source to what encoder position `i` starts from."""
    front, source = place.model.network.front, place.trace.src.source
    assert isinstance(front, Patches)
    assert source is not None
    start, end = front.shape.window(i)
    padded = F.pad(columns_of(source), (0, front.shape.reach))
    window, at = padded[:, start:end].numpy(), i - start // front.shape.columns

    def convolved(values: Array) -> Array:
        with torch.inference_mode():
            found: Array = front.features(torch.from_numpy(values)[None])[0, at].numpy()
        return found

    features = Part("features", convolved(window), ("feature",), role)
    w, b = weights.front_map(front)
    return [
        Step(
            name="columns",
            role=role,
            stage=stage,
            inputs=(Part(f"columns {start}–{end - 1}", window, ("row", "column"), "stream"),),
            output=features,
            operation=convolved,
            code=(CodeRef(Patches.features, "for convolution, norm, residual in layers"),),
        ),
        linear(
            "front",
            stage,
            features,
            ("W", w),
            ("b", b),
            Part("embed", place.stack("encoder").embed[i], ("d_model",), role),
            CodeRef(Patches.forward, "stream = self.project(features)"),
            role=role,
        ),
    ]
