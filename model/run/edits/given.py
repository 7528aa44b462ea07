"""What a person gives to `Edits`, checked and brought into one form; errors are sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from operator import index
from typing import Any

import numpy as np

from ...network.config import KINDS

Head = tuple[str, int, int]
"""(kind, layer, head), such as ("cross", 1, 3)."""
Edge = tuple[str, int | None, int | None, int | None, int | None]
"""(kind, layer, head, query, key); None means all."""
Row = tuple[str, int, int, int]
"""(kind, layer, head, query): one row of a map."""
Vector = tuple[float, ...]
Place = tuple[str | int, ...]
"""A quantity of one position, by its name in a trace: ("z", kind, layer, head, position),
("out", kind, layer, position), or (name, stack, layer, position) for the others in `PATCHABLE`."""
Steer = tuple[str, int, int | None, float, Vector]
"""(stack, layer, position, c, direction): c × direction, added to what the layer reads."""

STACKS = ("encoder", "decoder")
STREAMS = ("resid_pre", "resid_mid", "resid_mid_cross", "resid_post")
PATCHABLE = ("z", "out", "mlp_out", *STREAMS)
"""What can be patched: a head's z, an attention or a feed-forward block's output, the stream."""


def heads(name: str, given: Any) -> frozenset[Head]:
    """For `ablate` and `uniform`."""
    shape = "(kind, layer, head)"
    return frozenset(head(name, one) for one in _items(name, given, "heads", shape))


def head(name: str, one: Any) -> Head:
    """One (kind, layer, head)."""
    kind_, layer, number = _parts(name, one, 3, "(kind, layer, head)")
    return kind(kind_), count("layer", layer), count("head", number)


def layers(given: Any) -> frozenset[tuple[str, int]]:
    """For `skip`."""
    shape = "(stack, layer)"
    pairs = (_parts("skip", one, 2, shape) for one in _items("skip", given, "layers", shape))
    return frozenset((stack(side), count("layer", layer)) for side, layer in pairs)


def edges(given: Any) -> frozenset[Edge]:
    """For `cut`."""
    shape = "(kind, layer, head, query, key)"
    found = set()
    for one in _items("cut", given, "edges", shape):
        kind_, *numbers = _parts("cut", one, 5, shape)
        names = ("layer", "head", "query", "key")
        layer, head_, query, key = (
            None if value is None else count(what, value)
            for what, value in zip(names, numbers, strict=True)
        )
        found.add((kind(kind_), layer, head_, query, key))
    return frozenset(found)


def means(given: Any) -> tuple[tuple[Head, Vector], ...]:
    """For `means`: a mapping, or pairs."""
    return _once(
        "means", ((head("means", a), vector("means", b)) for a, b in _pairs("means", given))
    )


def rows(given: Any) -> tuple[tuple[Row, Vector], ...]:
    """For `set`: rows of maps, or whole maps, which are taken apart into their rows."""
    return _once("set", _rows(given))


def _rows(given: Any) -> Iterable[tuple[Row, Vector]]:
    shape = "(kind, layer, head) for a whole map or (kind, layer, head, query) for a row"
    for place, weights in _pairs("set", given):
        whole = isinstance(place, tuple | list) and len(place) == 3
        kind_, layer, number, *query = _parts("set", place, 3 if whole else 4, shape)
        start = (kind(kind_), count("layer", layer), count("head", number))
        if whole:
            for row, values in enumerate(_matrix("set", weights)):
                yield (*start, row), _weights((*start, row), values)
        else:
            row = count("query", query[0])
            yield (*start, row), _weights((*start, row), weights)


def _weights(row: Row, given: Any) -> Vector:
    """A row of weights that add to 1; zeros at its end are left out."""
    where = f"row {row[3]} of {row[0]} L{row[1]} H{row[2]}"
    values = vector(where, given)
    if min(values, default=0.0) < 0 or abs(math.fsum(values) - 1) > 1e-4:
        raise ValueError(
            f"The weights given for {where} must be 0 or more and add to 1, not to "
            f"{math.fsum(values):.4f}."
        )
    end = max(i for i, value in enumerate(values) if value) + 1
    if row[0] == "decoder_self" and end > row[3] + 1:
        raise ValueError(
            f"The weights given for {where} look at column {end - 1}: in the decoder a row sees "
            "only what stands left of it, and itself."
        )
    return values[:end]


def patches(given: Any) -> tuple[tuple[Place, Vector], ...]:
    """For `patch`: vectors of one position, or matrices [position, width], taken apart."""
    return _once("patch", _patches(given))


def parted(place: Place) -> tuple[str, str, int, int | None, int]:
    """(name, kind or stack, layer, head where there is one, position)."""
    name, where, layer, *head_, position = place
    return str(name), str(where), int(layer), int(head_[0]) if head_ else None, int(position)


def _patches(given: Any) -> Iterable[tuple[Place, Vector]]:
    for place, values in _pairs("patch", given):
        if not isinstance(place, tuple | list) or not place or place[0] not in PATCHABLE:
            raise ValueError(
                f"What is patched is named (name, …) with a name of {', '.join(PATCHABLE)}, not "
                f"{place!r}."
            )
        name = str(place[0])
        of_head = ("head",) if name == "z" else ()
        names = ("kind" if name in ("z", "out") else "stack", "layer", *of_head)
        shape = f"(“{name}”, {', '.join(names)}) with one row a position, or with a position"
        whole = len(place) == len(names) + 1
        _, where, *numbers = _parts("patch", place, len(names) + (1 if whole else 2), shape)
        checked = kind(where) if names[0] == "kind" else stack(where)
        counted = (count(a, b) for a, b in zip(names[1:], numbers, strict=False))
        start: Place = (name, checked, *counted)
        if whole:
            for position, row in enumerate(_matrix("patch", values)):
                yield (*start, position), vector("patch", row)
        else:
            yield (*start, count("position", numbers[-1])), vector("patch", values)


def steers(given: Any) -> tuple[Steer, ...]:
    """For `steer`."""
    shape = "(stack, layer, position or None, c, direction)"
    found = set()
    for one in _items("steer", given, "additions", shape):
        side, layer, position, c, direction = _parts("steer", one, 5, shape)
        place = None if position is None else count("position", position)
        (times,) = vector("c, the factor of a direction,", [c])
        found.add((stack(side), count("layer", layer), place, times, vector("steer", direction)))
    return tuple(sorted(found, key=lambda one: (*one[:2], -1 if one[2] is None else one[2], one)))


def switch(name: str, value: Any) -> bool:
    """True or False, for the four that leave a part of the network out."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False, not {value!r}")
    return value


def kind(value: Any) -> str:
    """A kind of attention."""
    if value not in KINDS:
        raise ValueError(f"unknown kind of attention {value!r}; use {', '.join(KINDS)}")
    return str(value)


def stack(value: Any) -> str:
    """Encoder or decoder."""
    if value not in STACKS:
        raise ValueError(f"unknown stack {value!r}; use encoder or decoder")
    return str(value)


def count(what: str, value: Any) -> int:
    """A whole number from 0."""
    try:
        number = -1 if isinstance(value, bool | np.bool_) else index(value)
    except TypeError:
        number = -1
    if number < 0:
        raise ValueError(
            f"{what} {value!r} does not exist: layers, heads, rows and columns count from 0"
        )
    return number


def vector(name: str, given: Any) -> Vector:
    """Finite numbers, rounded to float32, in which the network computes."""
    try:
        if isinstance(given, str):
            raise TypeError
        with np.errstate(over="ignore"):
            values = np.array([float(one) for one in given], dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        values = np.array([], dtype=np.float32)
    if not len(values) or not np.isfinite(values).all():
        raise ValueError(
            f"{name} takes a list of finite numbers, none too large for float32, not "
            f"{_short(given)}"
        )
    return tuple(values.tolist())


def _matrix(name: str, given: Any) -> list[Any]:
    try:
        listed = list(given)
    except TypeError:
        listed = []
    if not listed or any(np.ndim(row) != 1 for row in listed):
        raise ValueError(
            f"{name}: without a position, one row of numbers for each position is given; name the "
            "position to give a single row."
        )
    return listed


def _items(name: str, given: Any, what: str, shape: str) -> Iterable[Any]:
    """The things in a set or a list; one thing by itself, a text or None is refused."""
    alone = isinstance(given, tuple | list) and len(given) > 0 and isinstance(given[0], str)
    if alone or isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        hint = f"; for a single one write {name}=[{given!r}]" if alone else ""
        raise ValueError(f"{name} takes a set of {what}, each {shape}, not {_short(given)}{hint}")
    return given


def _pairs(name: str, given: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(given, Mapping):
        return given.items()
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(f"{name} takes a mapping from places to numbers, not {_short(given)}")
    return (_parts(name, one, 2, "(place, numbers)") for one in given)


def _parts(name: str, one: Any, n: int, shape: str) -> Any:
    if not isinstance(one, tuple | list) or len(one) != n:
        raise ValueError(f"{name}: each is {shape}, not {_short(one)}")
    return one


def _once(name: str, pairs: Iterable[tuple[Any, Vector]]) -> Any:
    """Sorted pairs; the same place with two values is refused."""
    found: dict[Any, Vector] = {}
    for place, values in pairs:
        if found.setdefault(place, values) != values:
            named = " ".join(map(str, place))
            raise ValueError(f"{name}: {named} is given two different values; leave one of them.")
    return tuple(sorted(found.items()))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
