"""Sources that are no text: a picture and a sound, kept exactly as they were given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Mark: TypeAlias = tuple[float, float, str]
"""(start, end, name) of a thing on a source, in columns or seconds."""
Marks: TypeAlias = tuple[Mark, ...]

MAX_PIXELS, MAX_SECONDS = 40_000_000, 120.0


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture in place of a text: ink bright on dark.

    Args:
        pixels: uint8 [height, width]. A model takes 28 rows as they are; other heights are
            fitted to it: the ink is cropped, and scaled as the model's training pictures were.
        marks: (first column, last, name) of each thing on it, where that is known.

    Raises:
        ValueError: not such an array; says what was given.
    """

    pixels: NDArray[np.uint8]
    marks: Marks | None

    def __init__(self, pixels: Any, marks: Iterable[Mark] | None = None) -> None:
        array = np.asarray(pixels)
        if array.dtype != np.uint8 or array.ndim != 2 or not array.size:
            raise ValueError(
                "A picture must be uint8 pixels [height, width], ink bright on dark, not "
                f"{_told(array)}."
            )
        if array.size > MAX_PIXELS:
            raise ValueError(
                f"The picture has {array.size:,} pixels; at most {MAX_PIXELS:,} are taken. Make "
                "it smaller."
            )
        _freeze(self, pixels=array, marks=marks)

    @property
    def array(self) -> NDArray[np.uint8]:
        """Its numbers."""
        return self.pixels

    def to_dict(self) -> dict[str, Any]:
        """All but its numbers, as plain values."""
        return {"kind": "picture", "marks": self.marks}

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that tell one picture from another (SHA-256)."""
        return _digest("picture", self.pixels, self.pixels.shape, self.marks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@dataclass(frozen=True, eq=False)
class Sound:
    """A sound in place of a text, one channel.

    Args:
        samples: int16, or float in [-1, 1]; [n].
        rate: samples a second. A model resamples to its own rate.
        marks: (start, end, name) of each thing in it, in seconds, where that is known.

    Raises:
        ValueError: not such an array or rate; says what was given.
    """

    samples: NDArray[Any]
    rate: int
    marks: Marks | None

    def __init__(self, samples: Any, rate: int, marks: Iterable[Mark] | None = None) -> None:
        array = np.asarray(samples)
        if (
            array.ndim != 1
            or not array.size
            or array.dtype.kind not in "if"
            or (array.dtype.kind == "i" and array.dtype != np.int16)
        ):
            raise ValueError(
                "A sound must be samples [n] of one channel, int16 or float in [-1, 1], not "
                f"{_told(array)}."
            )
        if isinstance(rate, bool) or not isinstance(rate, int | np.integer):
            raise ValueError(f"A sound's rate must be whole samples a second, not {rate!r}.")
        if not 1_000 <= rate <= 400_000:
            raise ValueError(
                f"A sound's rate must be from 1,000 to 400,000 samples a second, not {rate:,}."
            )
        if array.dtype.kind == "f":
            array = array.astype(np.float32)
            if not np.isfinite(array).all():
                raise ValueError("The sound holds samples that are not finite numbers.")
        if len(array) / rate > MAX_SECONDS:
            raise ValueError(
                f"The sound lasts {len(array) / rate:.0f} seconds; at most {MAX_SECONDS:.0f} are "
                "taken. Cut it."
            )
        _freeze(self, samples=array, rate=int(rate), marks=marks)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    @property
    def array(self) -> NDArray[Any]:
        """Its numbers."""
        return self.samples

    def to_dict(self) -> dict[str, Any]:
        """All but its numbers, as plain values."""
        return {"kind": "sound", "rate": self.rate, "marks": self.marks}

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that tell one sound from another (SHA-256)."""
        return _digest("sound", self.samples, self.rate, self.marks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sound) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


AnySource: TypeAlias = str | Picture | Sound
"""What a model reads; which of them, depends on the model."""


def name_of(source: AnySource) -> str:
    """What tells a source from others: the text itself, or a digest."""
    return source if isinstance(source, str) else source.digest


def from_dict(values: dict[str, Any], array: NDArray[Any]) -> Picture | Sound:
    """The inverse of `to_dict`, with the source's numbers.

    Raises:
        ValueError: neither a picture nor a sound.
    """
    if values["kind"] == "picture":
        return Picture(array, values["marks"])
    if values["kind"] == "sound":
        return Sound(array, values["rate"], values["marks"])
    raise ValueError(f"a source is a picture or a sound, not {values['kind']!r}")


def _freeze(owner: Any, marks: Iterable[Mark] | None, **values: Any) -> None:
    """Set the fields of a frozen value; arrays are copied and made read-only."""
    known = (
        None if marks is None else tuple((float(a), float(b), str(name)) for a, b, name in marks)
    )
    for name, value in {**values, "marks": known}.items():
        if isinstance(value, np.ndarray):
            value = value.copy()
            value.flags.writeable = False
        object.__setattr__(owner, name, value)


def _digest(kind: str, array: NDArray[Any], *rest: Any) -> str:
    total = hashlib.sha256(repr((kind, array.dtype.str, *rest)).encode())
    total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()[:16]


def _told(array: NDArray[Any]) -> str:
    return f"{array.dtype} of shape {list(array.shape)}"
