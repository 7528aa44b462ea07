"""The shapes of fronts: frozen values, kept in a model's configuration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Protocol


class FrontShape(Protocol):
    """What the configuration keeps of a front; a frozen dataclass, named in `SHAPES`."""

    @property
    def source(self) -> str:
        """What is read: "text", "picture" or "sound"."""

    @property
    def height(self) -> int:
        """Rows of what is read: pixels, or bands; 0 for tokens."""

    @property
    def columns(self) -> int:
        """Tokens, or columns of a picture or a spectrogram, that one position stands for."""

    def n_numbers(self, d_model: int) -> int:
        """Entries of its matrices."""


@dataclass(frozen=True)
class TokensShape:
    """Source tokens with a table of their own.

    Args:
        d_vocab: number of source tokens.
    """

    d_vocab: int
    source: ClassVar[str] = "text"
    height: ClassVar[int] = 0
    columns: ClassVar[int] = 1

    def n_numbers(self, d_model: int) -> int:
        """Entries of its matrices."""
        return self.d_vocab * d_model


@dataclass(frozen=True)
class MelShape:
    """Two convolutions over a log-mel spectrogram, the second of stride 2 (Radford et al. 2022).

    Args:
        n_mels: bands of the spectrogram.
        frames: of the window that is always read, two a position.
    """

    n_mels: int
    frames: int = 3_000
    source: ClassVar[str] = "sound"
    columns: ClassVar[int] = 2

    @property
    def height(self) -> int:
        """One row a band."""
        return self.n_mels

    def n_numbers(self, d_model: int) -> int:
        """Entries of its matrices."""
        return 3 * d_model * (self.n_mels + d_model)


@dataclass(frozen=True)
class PatchesShape:
    """2-D convolutions over a picture or a spectrogram; a position stands for some of its columns.

    Args:
        height: rows of the source: pixels, or mel bands.
        channels, kernels: of each convolution; kernels are square and odd.
        strides: (down, along) of each convolution; the product along is the columns a position.
        source: what is read, "picture" or "sound".
        norm: after each convolution a layer norm over its channels, at every place by itself.
        residual: after each convolution a second one, of kernel 3, added to what it reads. Not in
            the `repr`, of which a model's digest is made: its weights tell it, and models from
            before it keep their digest.
    """

    height: int
    channels: tuple[int, ...]
    kernels: tuple[int, ...]
    strides: tuple[tuple[int, int], ...]
    source: str
    norm: bool = False
    residual: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        strides = tuple((int(down), int(along)) for down, along in self.strides)
        for name, value in (("channels", self.channels), ("kernels", self.kernels)):
            object.__setattr__(self, name, tuple(map(int, value)))
        object.__setattr__(self, "strides", strides)
        if not 0 < len(self.channels) == len(self.kernels) == len(strides):
            raise ValueError("each convolution needs its channels, its kernel and its stride")
        sizes = (self.height, *self.channels, *self.kernels, *sum(strides, ()))
        if min(sizes) < 1 or any(kernel % 2 == 0 for kernel in self.kernels):
            raise ValueError("sizes of convolutions are at least 1, and kernels odd")
        if self.source not in ("picture", "sound"):
            raise ValueError(f"source must be picture or sound, not {self.source!r}")

    @property
    def columns(self) -> int:
        """Columns of the source that one position stands for."""
        return math.prod(along for _, along in self.strides)

    @property
    def rows(self) -> int:
        """Rows that are left after the last convolution."""
        height = self.height
        for down, _ in self.strides:
            height = -(-height // down)
        return height

    @property
    def reach(self) -> int:
        """Columns behind a source's end that its last position can see."""
        seen, step = self.columns - 1, 1
        for kernel, (_, along) in zip(self.kernels, self.strides, strict=True):
            seen += kernel // 2 * step
            step *= along
            seen += step if self.residual else 0
        return seen

    def window(self, position: int) -> tuple[int, int]:
        """The columns (first, behind the last) that a position sees through all convolutions.

        The first is a multiple of `columns`, and 0 at the left end; the last may lie behind the
        source's end.
        """
        beside = self.reach - self.columns + 1
        before = -(-beside // self.columns)
        start = max(0, position - before) * self.columns
        return start, position * self.columns + beside + 1

    def n_numbers(self, d_model: int) -> int:
        """Entries of its matrices."""
        inputs = (1, *self.channels)
        sizes = zip(inputs, self.channels, self.kernels, strict=False)
        total = sum(before * after * kernel**2 for before, after, kernel in sizes)
        if self.residual:
            total += sum(9 * channels**2 for channels in self.channels)
        return total + self.channels[-1] * self.rows * d_model


SHAPES: dict[str, type[FrontShape]] = {
    "tokens": TokensShape,
    "mel": MelShape,
    "patches": PatchesShape,
}
"""The shape of each kind of front, by the name that `config.json` gives it."""


def to_dict(shape: FrontShape) -> dict[str, Any]:
    """Plain values, with the front's kind."""
    kind = next(name for name, cls in SHAPES.items() if isinstance(shape, cls))
    return {"kind": kind, **asdict(shape)}  # type: ignore[call-overload]


def from_dict(values: Mapping[str, Any]) -> FrontShape:
    """The inverse of `to_dict`.

    Raises:
        ValueError: an unknown kind of front, or values that it does not have.
    """
    rest = {name: value for name, value in values.items() if name != "kind"}
    kind = values.get("kind")
    if kind not in SHAPES:
        raise ValueError(f"unknown front {kind!r}; use {', '.join(SHAPES)}")
    try:
        return SHAPES[kind](**rest)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the {kind} front is not described as it should be: {error}") from error
