"""Drawings and recordings on their way from one session to another: as a file in a text.

A picture goes as PNG, a sound as WAV with its samples as they are, so what arrives is the same.
"""

from __future__ import annotations

import base64
import binascii
import io

import numpy as np
from PIL import Image, UnidentifiedImageError

from headlight.model import Picture, Sound
from headlight.model.run.pictures import MAX_COLUMNS, fit
from headlight.model.run.sounds import at_rate, read_sound

from .sources import keep, kept

PNG, WAV = "data:image/png;base64,", "data:audio/wav;base64,"
MAX_PIXELS = 4 * 28 * MAX_COLUMNS


def carried(name: str) -> str:
    """The drawing or recording that this session has under a name; "" for none."""
    source = kept(name)
    if source is None:
        return ""
    out = io.BytesIO()
    if isinstance(source, Picture):
        Image.fromarray(fit(source.pixels)).save(out, format="PNG")
    else:
        import soundfile  # needs libsndfile, which text models do not

        samples, subtype = at_rate(source, source.rate), "FLOAT"
        if ((whole := samples * 32_768.0).round() == whole).all() and np.abs(whole).max() < 32_768:
            samples, subtype = whole.astype(np.int16), "PCM_16"  # as a microphone's are
        soundfile.write(out, samples, source.rate, format="WAV", subtype=subtype)
    head = PNG if isinstance(source, Picture) else WAV
    return head + base64.b64encode(out.getvalue()).decode()


def receive(carried_: str, name: str = "") -> str:
    """Keep for this session what another one has sent; returns the name it goes by.

    Raises:
        ValueError: it is no drawing and no recording.
    """
    return keep(_picture(carried_) if carried_.startswith(PNG) else _sound(carried_), name)


def _picture(text: str) -> Picture:
    try:
        png = io.BytesIO(base64.b64decode(text[len(PNG) :], validate=True))
        with Image.open(png, formats=["PNG"]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise ValueError("This drawing is too large.")
            return Picture(fit(np.asarray(opened.convert("L"))))
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("This is no drawing.") from error


def _sound(text: str) -> Sound:
    try:
        return read_sound(base64.b64decode(text.removeprefix(WAV), validate=True))
    except binascii.Error as error:
        raise ValueError("This is no recording.") from error
