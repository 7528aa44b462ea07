"""A picture or a sound as the browser draws it, in the place of the source's tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from headlight.model.run.log_mel import mel_edges
from headlight.model.run.sounds import at_rate
from headlight.model.run.source_image import SourceImage, image_of
from headlight.model.run.sources import Sound
from headlight.model.run.tokens import Tokens

from .wire import Body

HERTZ = (250, 500, 1_000, 2_000, 4_000)
PLAYED_RATES = 8_000, 16_000
"""Fewest samples a second that every browser plays, and the most that are sent."""


def scene(tokens: Tokens, body: Body) -> dict[str, Any] | None:
    """What the browser needs to draw a source that is no text; None for a text.

    `pixels` is where uint8 [height, width] stands in the body, ink or loudness as 255; `columns`
    are the columns (from, to) of each position. A sound also has `samples` (int16) and its `rate`,
    `seconds`, and `hertz`: (frequency, row) for the axis.
    """
    if tokens.source is None:
        return None
    image = image_of(tokens)
    if image.heard is None:
        return _image("picture", image, body)
    sound, settings = tokens.source, image.heard
    assert isinstance(sound, Sound)
    rate = min(max(sound.rate, PLAYED_RATES[0]), PLAYED_RATES[1])
    samples = np.clip(at_rate(sound, rate), -1, 1)
    loudest = max(float(np.abs(samples).max()), 1e-6)
    centres = mel_edges(settings)[1:-1]
    wide = image.pixels.shape[1] * settings.seconds
    return _image("sound", image, body) | {
        "samples": body.add((samples / loudest * 30_000).astype("<i2")),
        "n": len(samples),
        "rate": rate,
        "seconds": sound.seconds if tokens.n_mels is None else wide,
        "hertz": [[hertz, _row(hertz, centres)] for hertz in HERTZ if hertz < settings.rate / 2],
    }


def _image(kind: str, image: SourceImage, body: Body) -> dict[str, Any]:
    height, width = image.pixels.shape
    return {
        "kind": kind,
        "height": height,
        "width": width,
        "pixels": body.add(np.ascontiguousarray(image.pixels)),
        "columns": image.columns,
    }


def _row(hertz: float, centres: Sequence[float] | np.ndarray[Any, Any]) -> float:
    """The row of a frequency, from the top, in rows of the picture."""
    n = len(centres)
    return n - 0.5 - float(np.interp(hertz, centres, np.arange(n)))
