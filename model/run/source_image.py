"""A picture or a sound as one image, and the columns of it that each position stands for.

Letters in shapes: H rows, W columns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..network.front_shapes import MelShape
from . import speech
from .log_mel import LogMel
from .pictures import strip_of
from .reading import columns_of
from .sources import Picture, Sound
from .tokens import Tokens

TAIL = 16
"""Frames of the silence behind a sound that a Whisper reads which are on the image."""


class SourceImage(NamedTuple):
    """`pixels` uint8 [H, W], ink or loudness as 255, high pitch on top; `columns` (from, to) of
    each position, where silence that is not on the image has none; `heard` is how a sound's frames
    were made.
    """

    pixels: NDArray[np.uint8]
    columns: tuple[tuple[int, int], ...]
    heard: LogMel | None = None


def image_of(src: Tokens) -> SourceImage:
    """What was read, as the model sees or hears it.

    Args:
        src: of a picture or a sound; positions may be groups of those of the encoder.
    """
    assert src.source is not None
    if isinstance(src.source, Picture):
        strip = strip_of(src.source.pixels)
        places = [(strip.on_strip(start), strip.on_strip(end)) for start, end in src.places]
        return SourceImage(strip.pixels, _within(places, strip.pixels.shape[1]))
    frames, heard = _heard(src.source, src)
    places = [(start / heard.seconds, end / heard.seconds) for start, end in src.places]
    columns = _within(places, frames.shape[1])
    return SourceImage(np.rint(frames[::-1] * 255).astype(np.uint8), columns, heard)


def _within(places: list[tuple[float, float]], width: int) -> tuple[tuple[int, int], ...]:
    """Whole columns of an image; what lies behind its end has none, the last one reaches there."""
    found = [(min(round(start), width), min(round(end), width)) for start, end in places]
    return (*found[:-1], (found[-1][0], width))


def _heard(sound: Sound, src: Tokens) -> tuple[NDArray[np.float32], LogMel]:
    """[H, W] in [0, 1], and how it was made; of a Whisper's silence behind the sound, a little."""
    if src.n_mels is None:
        return columns_of(sound).numpy(), LogMel()
    seconds = src.places[-1][1]
    shape = MelShape(src.n_mels, round(seconds / speech.settings(MelShape(1)).seconds))
    settings = speech.settings(shape)
    shown = round(sound.seconds / settings.seconds) + TAIL
    mel = speech.window(sound, shape).numpy()[:, :shown]
    return (mel - mel.max()) * 4 / settings.range + 1, settings
