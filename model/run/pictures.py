"""Pictures from files, and any picture made to look like those that a model was trained on."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from .sources import Picture

HEIGHT, INK_HEIGHT, MARGIN = 28, 20, 4
"""Rows of a strip, rows of its tallest digit, and empty columns at its sides: those of MNIST."""

MAX_COLUMNS = 480
"""Of a strip: 120 positions of four columns."""

MAX_INK = 0.6
"""Of the part that is drawn on, where it is wider than one digit: more is a photograph."""

MEGAPIXELS = 24
"""Of a picture in a file: a few kilobytes may hold as many, and each takes ten bytes while it is
looked at."""

_JPEG = 2.5
"""So many times as large may a JPEG be, which is read at a fraction of its size."""

_ROOM = 2
"""Pixels around the ink when it is scaled, so that its edges are smooth."""

_WORKING = 1_200
"""A photograph is made at most so wide before it is looked at."""

Pixels = NDArray[np.uint8]


def read_picture(data: bytes, megapixels: float = MEGAPIXELS) -> Picture:
    """The picture in a file, as a strip: ink bright on dark, cropped and scaled.

    Any size, either polarity, uneven light and transparency are taken.

    Raises:
        ValueError: no picture that can be read, nothing on it, or no writing; says which.
    """
    Image.MAX_IMAGE_PIXELS = None  # we say it in our own words
    try:
        with Image.open(io.BytesIO(data)) as opened:
            jpeg = opened.format in ("JPEG", "MPO")  # is read at a fraction of its size
            if opened.width * opened.height > megapixels * 1e6 * (_JPEG if jpeg else 1):
                raise ValueError(
                    f"The picture has {opened.width:,} × {opened.height:,} pixels: make it smaller."
                )
            opened.draft("RGB", (2 * _WORKING, 2 * _WORKING))
            image = _eight_bits(ImageOps.exif_transpose(opened)).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(
            "This file cannot be read as a picture. PNG, JPEG, WebP, GIF and BMP are taken."
        ) from error
    paper = Image.new("RGBA", image.size, _behind(image))
    grey = Image.alpha_composite(paper, image).convert("L")
    grey.thumbnail((_WORKING, _WORKING))
    strip = fit(ink(np.asarray(grey)))
    if (full := _filled(strip)) > MAX_INK:
        raise ValueError(
            f"{full:.0%} of the picture would be ink, so it is no writing: take only the paper "
            "with the digits."
        )
    return Picture(strip)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of sixteen bits in eight, which Pillow would cut off instead."""
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray(np.minimum(np.asarray(image) >> 8, 255).astype(np.uint8))


def ink(grey: Pixels) -> Pixels:
    """Ink bright on black, from writing of either polarity on paper of uneven brightness."""
    values = grey.astype(np.float32)
    edge = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    if np.median(edge) > (values.min() + values.max()) / 2:  # dark ink on bright paper
        values = 255 - values
    blur = ImageFilter.GaussianBlur(max(grey.shape) / 12)
    around = np.asarray(Image.fromarray(values.astype(np.uint8)).filter(blur), np.float32)
    above = np.clip(values - np.minimum(around, np.median(values) + 40), 0, None)
    strongest = np.percentile(above, 99.8)
    if strongest < 25:
        return np.zeros_like(grey)
    share = above / strongest
    return (np.clip((share - 0.3) / 0.5, 0, 1) * 255).astype(np.uint8)


class Strip(NamedTuple):
    """A picture as it is read, and where that was cut out of it.

    `start` is the column of the picture at which the strip begins (below 0 where a margin was
    added), `step` how many columns of the picture one of the strip is.
    """

    pixels: Pixels
    start: float = 0.0
    step: float = 1.0

    @property
    def scaled(self) -> bool:
        """Whether its columns are not those of the picture."""
        return (self.start, self.step) != (0.0, 1.0)

    def on_picture(self, column: float) -> float:
        """The column of the picture at a column of the strip."""
        return self.start + column * self.step

    def on_strip(self, column: float) -> float:
        """The inverse."""
        return (column - self.start) / self.step


def fit(pixels: Pixels) -> Pixels:
    """A picture [h, w] as a strip [28, W]: the pixels of `strip_of`."""
    return strip_of(pixels).pixels


def strip_of(pixels: Pixels) -> Strip:
    """A picture [h, w] as a strip [28, W]: 28 rows are taken as they are.

    Else the ink is cropped, scaled until it is 20 rows high, and set in the middle of the strip.

    Raises:
        ValueError: nothing on it, or too much side by side.
    """
    if not pixels.any():
        raise ValueError("There is nothing on the picture: write a digit on it.")
    strip = Strip(pixels) if pixels.shape[0] == HEIGHT else _scaled(pixels)
    if (n := strip.pixels.shape[1]) > MAX_COLUMNS:
        raise ValueError(
            f"The picture is {n:,} columns wide when its digits are {INK_HEIGHT} "
            f"rows high; at most {MAX_COLUMNS} are read. Write fewer digits, or less far apart."
        )
    return strip


def _filled(strip: Pixels) -> float:
    """The share of ink in the part that is drawn on; 0 where that is no wider than a digit."""
    drawn = strip > strip.max() // 3
    columns = np.flatnonzero(drawn.any(0))
    if columns[-1] - columns[0] < INK_HEIGHT:  # a thick 1 is nothing but ink
        return 0.0
    rows = np.flatnonzero(drawn.any(1))
    return float(drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean())


def _scaled(pixels: Pixels) -> Strip:
    drawn = pixels > pixels.max() // 4
    rows, columns = np.flatnonzero(drawn.any(1)), np.flatnonzero(drawn.any(0))
    part = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = INK_HEIGHT / max(part.shape[0], part.shape[1] / 24)  # a line across is no digit
    image = Image.fromarray(np.pad(part, _ROOM))
    if (thin := 1.8 - _stroke(part) * scale) > 0:  # a fine line would fade away
        image = image.filter(ImageFilter.MaxFilter(2 * max(1, round(thin / scale / 2)) + 1))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = np.asarray(image.resize(size, Image.Resampling.BOX if scale < 1 else 2), np.float32)
    small = np.clip(small * 255 / max(small.max(), 1), 0, 255).astype(np.uint8)[:HEIGHT]
    above = (HEIGHT - small.shape[0]) // 2
    padded = np.pad(small, ((above, HEIGHT - small.shape[0] - above), (MARGIN, MARGIN)))
    step = image.width / size[0]
    return Strip(padded, float(columns[0]) - _ROOM - MARGIN * step, step)


def _stroke(pixels: Pixels) -> float:
    """About how wide the lines are: twice the ink over the length of its outline."""
    drawn = np.pad(pixels > pixels.max() // 2, 1)
    outline = sum(int((drawn ^ np.roll(drawn, 1, axis)).sum()) for axis in (0, 1))
    return 2 * float(drawn.sum()) / max(outline, 1) * 1.2


def _behind(image: Image.Image) -> tuple[int, int, int, int]:
    """White behind a transparent picture, or black where what is drawn on it is bright."""
    pixels = np.asarray(image, np.float32)
    opaque = pixels[..., 3] > 128
    bright = opaque.any() and not opaque.all() and float(pixels[opaque][:, :3].mean()) > 128
    return (0, 0, 0, 255) if bright else (255, 255, 255, 255)
