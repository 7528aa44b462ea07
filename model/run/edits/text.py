"""Edits as one short line for links: items joined by `~`, their parts by `.`, numbers after `:`.

    ablate.cross.1.3~cut.cross.all.all.2.0~set.cross.1.3.2:0.25,0.75~off.positions

Vectors stand as the URL-safe base64 of their float32 numbers. All of it is exact.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .words import OFF, order

if TYPE_CHECKING:
    from .value import Edits

ALL = "all"
_PLAIN = ("ablate", "uniform", "skip", "cut")
_WITH_NUMBERS = ("means", "set", "patch", "steer")


def written(edits: Edits) -> str:
    """See `Edits.to_text`."""
    return "~".join(_items(edits))


def _items(edits: Edits) -> Iterator[str]:
    for name in _PLAIN:
        for place in sorted(getattr(edits, name), key=order):
            yield _join(name, place)
    for row, weights in edits.set:
        yield f"{_join('set', row)}:{','.join(map(_number, weights))}"
    for name in ("means", "patch"):
        for place, values in getattr(edits, name):
            yield f"{_join(name, place)}:{_packed(values)}"
    for stack, layer, position, c, direction in edits.steer:
        yield f"{_join('steer', (stack, layer, position))}:{_number(c)},{_packed(direction)}"
    for name in OFF:
        if not getattr(edits, name):
            yield f"off.{name}"


def _join(name: str, place: tuple[Any, ...]) -> str:
    return ".".join([name, *(ALL if one is None else str(one) for one in place)])


def _number(value: float) -> str:
    """The shortest text that reads as the same float32."""
    return str(np.float32(value))


def _packed(values: tuple[float, ...]) -> str:
    return base64.urlsafe_b64encode(np.array(values, "<f4").tobytes()).decode().rstrip("=")


def read(text: str) -> dict[str, Any]:
    """What to give to `Edits` for a text.

    Raises:
        ValueError: an item that cannot be read.
    """
    values: dict[str, Any] = {name: [] for name in (*_PLAIN, *_WITH_NUMBERS)}
    for item in filter(None, text.split("~")):
        place, _, numbers = item.partition(":")
        name, *parts = place.split(".")
        if name == "off" and len(parts) == 1 and parts[0] in OFF:
            values[parts[0]] = False
        elif name in _PLAIN and not numbers:
            values[name].append(tuple(map(_part, parts)))
        elif name in _WITH_NUMBERS and numbers:
            values[name].append(_with_numbers(name, tuple(map(_part, parts)), numbers, item))
        else:
            raise _unreadable(item)
    return values


def _with_numbers(name: str, place: tuple[Any, ...], numbers: str, item: str) -> tuple[Any, ...]:
    try:
        if name == "steer":
            c, _, direction = numbers.partition(",")
            return (*place, float(c), _unpacked(direction))
        if name == "set":
            return place, tuple(map(float, numbers.split(",")))
        return place, _unpacked(numbers)
    except (ValueError, binascii.Error):
        raise _unreadable(item) from None


def _part(text: str) -> str | int | None:
    if text == ALL:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text


def _unpacked(text: str) -> tuple[float, ...]:
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    return tuple(np.frombuffer(raw, dtype="<f4").tolist())


def _unreadable(item: str) -> ValueError:
    shown = item if len(item) <= 40 else f"{item[:37]}…"
    return ValueError(f"“{shown}” is not an edit that can be read.")
