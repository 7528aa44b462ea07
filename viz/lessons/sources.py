"""A picture or a sound in a lesson: its image, and its positions in a few slices."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np

from headlight.model.analysis.alignment.reference import word_groups
from headlight.model.analysis.attribution.sources import word_text
from headlight.model.run.reading import MARGIN_NAME, columns_name, kind_of_source
from headlight.model.run.source_image import image_of
from headlight.model.run.sources import Picture
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace

from .base import Plain

SLICES = 12
"""Slices of a source that one can choose from."""

Slice = tuple[int, ...]
"""Neighbouring positions of the encoder."""


def slices(src: Tokens, most: int = SLICES) -> list[Slice]:
    """All positions in at most so many slices of one size (the last may be smaller).

    The silence that a Whisper reads behind a sound is one more.
    """
    heard = len(src) - sum(src.special)
    size = -(-heard // most)
    cut = [tuple(range(at, min(at + size, heard))) for at in range(0, heard, size)]
    return [*cut, tuple(range(heard, len(src)))] if heard < len(src) else cut


def slice_name(src: Tokens, part: Slice) -> str:
    """`columns 8–23`, or `0.24–0.48 s`, or `after 3.00 s`."""
    start, end = src.places[part[0]][0], src.places[part[-1]][1]
    if isinstance(src.source, Picture):
        named = columns_name(src.source, start, end)
        return named if named == MARGIN_NAME else f"columns {named}"
    return f"after {start:.2f} s" if src.special[part[0]] else f"{start:.2f}–{end:.2f} s"


def parts(trace: Trace) -> list[tuple[str, Slice]]:
    """What a source consists of, by name: words; digits where they are known; else slices."""
    src = trace.src
    if src.source is None:
        groups = word_groups(src) or [(i,) for i in range(len(src))]
        return [(word_text(src, group), tuple(group)) for group in groups]
    marks = [(start, end) for start, end, _ in src.source.marks or ()]
    groups = [_positions(src, start, end) for start, end in marks] or slices(src)
    return [(slice_name(src, part), part) for part in groups]


def _positions(src: Tokens, start: float, end: float) -> Slice:
    """Those whose middle lies between two places; the nearest one where none does."""
    middles = [(a + b) / 2 for a, b in src.places]
    within = tuple(i for i, at in enumerate(middles) if start < at < end)
    return within or (int(np.argmin([abs(at - (start + end) / 2) for at in middles])),)


def source_picture(src: Tokens, groups: Sequence[Slice], row: Sequence[float]) -> Plain:
    """The image of a source cut into slices, with a row of attention that is hidden at first.

    Places are shares of the width, in [0, 1]. A Whisper's positions are a fiftieth of a second each
    and most of them silent, so there a slice is coloured as one.
    """
    assert src.source is not None
    pixels, columns, _ = image_of(src)
    cut = [_share(columns, part, pixels.shape[1]) for part in groups]
    places, weights = [_share(columns, (i,), pixels.shape[1]) for i in range(len(src))], row
    if src.n_mels is not None:
        places, weights = cut, [sum(row[i] for i in part) for part in groups]
    return {
        "type": "source",
        "what": kind_of_source(src.source),
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "pixels": base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode(),
        "slices": cut,
        "labels": [slice_name(src, part) for part in groups],
        "places": places,
        "row": [round(float(weight), 6) for weight in weights],
    }


def _share(columns: Sequence[tuple[int, int]], part: Slice, width: int) -> list[float]:
    return [columns[part[0]][0] / width, columns[part[-1]][1] / width]
