"""A picture or a sound in a lesson: its image, and its positions in a few slices."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np

from headlight.model.analysis.alignment.reference import word_groups
from headlight.model.analysis.attribution.sources import word_text
from headlight.model.run.pictures import fit
from headlight.model.run.reading import columns_of, kind_of_source
from headlight.model.run.sources import Picture
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace

from .base import Plain

SLICES = 12
"""Slices of a source that one can choose from."""

Slice = tuple[int, ...]
"""Neighbouring positions of the encoder."""


def slices(src: Tokens, most: int = SLICES) -> list[Slice]:
    """All positions in at most so many slices of one size (the last may be smaller)."""
    size = -(-len(src) // most)
    return [tuple(range(at, min(at + size, len(src)))) for at in range(0, len(src), size)]


def slice_name(src: Tokens, part: Slice) -> str:
    """`columns 8–23`, or `0.24–0.48 s`."""
    start, end = src.places[part[0]][0], src.places[part[-1]][1]
    if isinstance(src.source, Picture):
        return f"columns {start:.0f}–{end - 1:.0f}"
    return f"{start:.2f}–{end:.2f} s"


def parts(trace: Trace) -> list[tuple[str, Slice]]:
    """What a source consists of, by name: words; digits where they are known; else slices."""
    src = trace.src
    if src.source is None:
        groups = word_groups(src) or [(i,) for i in range(len(src))]
        return [(word_text(src, group), tuple(group)) for group in groups]
    marked = [
        tuple(i for i, (a, b) in enumerate(src.places) if start < (a + b) / 2 < end)
        for start, end, _ in src.source.marks or ()
    ]
    groups = [part for part in marked if part] or slices(src)
    return [(slice_name(src, part), part) for part in groups]


def source_picture(src: Tokens, groups: Sequence[Slice], row: Sequence[float]) -> Plain:
    """The image of a source cut into slices, with a row of attention that is hidden at first.

    Places are shares of the width, in [0, 1].
    """
    assert src.source is not None
    if isinstance(src.source, Picture):
        pixels = fit(src.source.pixels)
    else:  # high pitch on top
        pixels = np.rint(columns_of(src.source).numpy()[::-1] * 255).astype(np.uint8)
    end = src.places[-1][1]
    return {
        "type": "source",
        "what": kind_of_source(src.source),
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "pixels": base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode(),
        "slices": [[src.places[p[0]][0] / end, src.places[p[-1]][1] / end] for p in groups],
        "labels": [slice_name(src, part) for part in groups],
        "places": [[start / end, stop / end] for start, stop in src.places],
        "row": [round(float(weight), 6) for weight in row],
    }
