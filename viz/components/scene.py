"""A picture or a sound as the browser draws it, in the place of the source's tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headlight.model.network.front_shapes import MelShape
from headlight.model.run import speech
from headlight.model.run.log_mel import LogMel, mel_edges
from headlight.model.run.pictures import fit
from headlight.model.run.reading import columns_of
from headlight.model.run.sounds import at_rate
from headlight.model.run.sources import Picture, Sound
from headlight.model.run.tokens import Tokens

from .wire import Body

HERTZ = (250, 500, 1_000, 2_000, 4_000)
TAIL = 16
"""Frames of the silence behind a sound that are drawn."""
PLAYED_RATE = 16_000
"""Samples a second that are sent for playing, at most."""


def scene(tokens: Tokens, body: Body) -> dict[str, Any] | None:
    """What the browser needs to draw a source that is no text; None for a text.

    `pixels` is where uint8 [height, width] stands in the body, ink or loudness as 255; `columns`
    are the columns (from, to) of each position. A sound also has `samples` (int16) and its `rate`,
    `seconds`, and `hertz`: (frequency, row) for the axis.
    """
    source = tokens.source
    if source is None:
        return None
    if isinstance(source, Picture):
        pixels = fit(source.pixels)
        columns = [[int(start), int(end)] for start, end in tokens.places]
        return _image("picture", pixels, columns, body)
    mel, settings = _heard(source, tokens)
    columns = [
        [round(start / settings.seconds), min(round(end / settings.seconds), mel.shape[1])]
        for start, end in tokens.places
    ]
    columns[-1][1] = mel.shape[1]
    rate = min(source.rate, PLAYED_RATE)
    samples = np.clip(at_rate(source, rate), -1, 1)
    loudest = max(float(np.abs(samples).max()), 1e-6)
    centres = mel_edges(settings)[1:-1]
    return _image("sound", np.rint(mel[::-1] * 255).astype(np.uint8), columns, body) | {
        "samples": body.add((samples / loudest * 30_000).astype("<i2")),
        "n": len(samples),
        "rate": rate,
        "seconds": source.seconds if tokens.n_mels is None else mel.shape[1] * settings.seconds,
        "hertz": [[hertz, _row(hertz, centres)] for hertz in HERTZ if hertz < settings.rate / 2],
    }


def _heard(sound: Sound, tokens: Tokens) -> tuple[NDArray[Any], LogMel]:
    """[M, T] in [0, 1], and how it was made; of a Whisper's silence behind the sound, a little."""
    if tokens.n_mels is None:
        return columns_of(sound).numpy(), LogMel()
    seconds = tokens.places[-1][1]
    shape = MelShape(tokens.n_mels, round(seconds / speech.settings(MelShape(1)).seconds))
    settings = speech.settings(shape)
    shown = round(sound.seconds / settings.seconds) + TAIL
    mel = speech.window(sound, shape).numpy()[:, :shown]
    return (mel - mel.max()) * 4 / settings.range + 1, settings


def _image(
    kind: str, pixels: np.ndarray[Any, Any], columns: list[list[int]], body: Body
) -> dict[str, Any]:
    height, width = pixels.shape
    return {
        "kind": kind,
        "height": height,
        "width": width,
        "pixels": body.add(np.ascontiguousarray(pixels)),
        "columns": columns,
    }


def _row(hertz: float, centres: Sequence[float] | np.ndarray[Any, Any]) -> float:
    """The row of a frequency, from the top, in rows of the picture."""
    n = len(centres)
    return n - 0.5 - float(np.interp(hertz, centres, np.arange(n)))
