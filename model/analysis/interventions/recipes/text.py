"""The text of a list of edits, and back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable

from ....run.edits import PATCHABLE, Edits
from ....run.edits.given import count, kind, stack
from .. import aligned
from ..patching import Cell
from .steps import (
    ALL,
    DIRECTIONS,
    SAME,
    Maker,
    Mean,
    Noise,
    Path,
    Plain,
    Step,
    Swap,
    Toward,
    pairing_parts,
    short,
)

SEPARATOR = "~"
MAX_NOISE = 100
"""Standard deviations."""


def split(text: str) -> list[str]:
    """The items of a list."""
    return [item for item in text.split(SEPARATOR) if item]


def read(item: str) -> Step:
    """One item of a list.

    Raises:
        ValueError: it cannot be read, in words.
    """
    name, _, rest = item.partition(".")
    place, _, numbers = rest.partition(":")
    if name not in _READERS:
        return Plain(Edits.from_text(item))
    try:
        return _READERS[name](place.split("."), numbers)
    except (ValueError, IndexError, binascii.Error) as error:
        said = str(error)
        shown = item if len(item) <= 40 else f"{item[:37]}…"
        why = f" {said}" if said.endswith(".") else ""
        raise ValueError(f"“{shown}” is not an edit that can be read.{why}") from None


def made(steps: Iterable[Step], maker: Maker) -> Edits:
    """All steps in numbers, in their order.

    Raises:
        ValueError: one that cannot be made, or contradicts those before it.
    """
    edits = Edits()
    for step in steps:
        edits |= step.edits(maker, edits)
        edits.check(maker.model.config)
    return edits


def pairing_of(
    source: str | aligned.Pairs, target: str | aligned.Pairs = aligned.BY_POSITION
) -> str:
    """Both pairings as one text, the target's only where it is not by position."""
    said = aligned.written(source)
    also = aligned.written(target)
    return said if also == aligned.BY_POSITION else f"{said};{also}"


def with_same_tokens(pairing: str) -> str:
    """The same pairing, the other source being given the tokens that the patched run wrote."""
    source, target, _ = pairing_parts(pairing)
    return f"{source};{'' if target == aligned.BY_POSITION else target};{SAME}"


def _swap(place: list[str], numbers: str) -> Swap:
    name, where, layer, head, position = place
    if name not in PATCHABLE or (name == "z") != (head != ALL):
        raise ValueError(f"“{short(name)}” cannot be brought over like this.")
    checked = kind(where) if name in ("z", "out") else stack(where)
    if name == "resid_mid_cross" and checked == "encoder":
        raise ValueError("The encoder has no resid_mid_cross.")
    cell = Cell(name, checked, _count(layer), _maybe(head), _maybe(position))
    return Swap(cell, *_from(numbers))


def _path(place: list[str], numbers: str) -> Path:
    a, b, c, d, e, f = place
    sender, receiver = ((kind(k), _count(i), _count(h)) for k, i, h in ((a, b, c), (d, e, f)))
    return Path(sender, receiver, *_from(numbers))


def _noise(place: list[str], numbers: str) -> Noise:
    scale, seed = numbers.split(",")
    if not 0 <= float(scale) <= MAX_NOISE:
        raise ValueError(f"Noise has 0 to {MAX_NOISE} standard deviations.")
    return Noise(tuple(map(_count, place[0].split("_"))), float(scale), _count(seed))


def _toward(place: list[str], numbers: str) -> Toward:
    stack_, layer, position = place
    c, by, said = numbers.split(",")
    if by not in DIRECTIONS:
        raise ValueError(f"A direction is by {', '.join(DIRECTIONS)}.")
    return Toward(stack(stack_), _count(layer), _maybe(position), float(c), by, _unpacked(said))


def _mean(place: list[str], numbers: str) -> Mean:
    kind_, layer, head = place
    return Mean((kind(kind_), _count(layer), _count(head)))


def _from(numbers: str) -> tuple[str, str]:
    pairing, _, text = numbers.partition(",")
    source, target, _ = pairing_parts(pairing)
    aligned.read(source)
    aligned.read(target)
    return pairing, _unpacked(text)


_READERS: dict[str, Callable[[list[str], str], Step]] = {
    Swap.name: _swap,
    Path.name: _path,
    Noise.name: _noise,
    Toward.name: _toward,
    Mean.name: _mean,
}


def _count(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) < 7
    return count("place", int(text) if plain else text)


def _maybe(text: str) -> int | None:
    return None if text == ALL else _count(text)


def _unpacked(text: str) -> str:
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    return raw.decode()
