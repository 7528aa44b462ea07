"""Numbers on their way to the browser: a JSON header, then the arrays that it points at.

Layout, all little-endian: the header's length (uint32), the header (JSON, padded with spaces so
that what follows starts at a multiple of four), then the blocks, each padded to a multiple of four.
`viz/web/shared/payload.js` reads it.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headlight.model.run.reading import columns_name
from headlight.model.run.sources import Picture
from headlight.model.run.tokens import Tokens
from headlight.model.training.history import FULL

from ..labels import token_names

__all__ = ["FULL", "Body", "pack", "packed_mask", "target_headers", "token_header", "unpack"]


POOL = 4
"""Positions of a picture or a sound that are shown as one where words are."""


class Body:
    """The blocks after the header, each at a multiple of four."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, array: NDArray[Any]) -> int:
        """Append an array and return where it starts."""
        at, block = self.size, array.tobytes()
        self.parts += [block, b"\0" * (-len(block) % 4)]
        self.size += len(block) + len(self.parts[-1])
        return at

    def digest(self, described: Sequence[Mapping[str, Any]]) -> str:
        """A short hash of the blocks so far and of their description."""
        hashed = hashlib.blake2b(json.dumps(described).encode(), digest_size=8)
        for part in self.parts:
            hashed.update(part)
        return hashed.hexdigest()


def pack(header: Mapping[str, Any], body: Body) -> bytes:
    """Length of the header, the header as JSON, the blocks."""
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([struct.pack("<I", len(text)), text, *body.parts])


def unpack(data: bytes) -> tuple[dict[str, Any], int]:
    """The header, and where the blocks begin."""
    (length,) = struct.unpack_from("<I", data)
    header: dict[str, Any] = json.loads(data[4 : 4 + length])
    return header, 4 + length


def packed_mask(mask: NDArray[np.bool_], body: Body) -> int | None:
    """Where a mask [Q, K] stands, one bit a cell; None where every cell may be attended."""
    return None if mask.all() else body.add(np.packbits(mask))


def token_header(tokens: Tokens) -> dict[str, Any]:
    """Tokens as plain values, with their characters (`surfaces`) in place of the text that they are
    in, and the names they are drawn by (`labels`) where these are others.
    """
    surfaces = [tokens.surface(i) for i in range(len(tokens))]
    values = tokens.to_dict()
    for name in ("text", "source"):  # the header of the trace holds them
        values.pop(name, None)
    shown = values | {"surfaces": surfaces, "special": [int(one) for one in tokens.special]}
    if tokens.source is not None:
        shown |= _pooled(tokens)
    if (labels := token_names(tokens)) != shown["surfaces"]:
        shown["labels"] = labels
    return shown


def target_headers(tgt_in: Tokens, tgt_out: Tokens) -> dict[str, Any]:
    """`tgt_in` and `tgt_out`; as what is written is what is read next, of `tgt_out` its last token
    is enough (`last`, each value by its name).
    """
    read, written = token_header(tgt_in), token_header(tgt_out)
    lists = {name for name, values in written.items() if isinstance(values, list | tuple)}
    if read.keys() == written.keys() == lists and all(
        list(read[name][1:]) == list(written[name][:-1]) for name in lists
    ):
        written = {"last": {name: values[-1] for name, values in written.items()}}
    return {"tgt_in": read, "tgt_out": written}


def _pooled(tokens: Tokens) -> dict[str, Any]:
    """Positions of a picture or a sound as "words" of `POOL`, for where words are shown as one.

    The silence behind a sound is no part of them.
    """
    silent = sum(tokens.special)
    heard = len(tokens) - silent
    surfaces = [""] * heard
    for at in range(0, heard, POOL):
        start, end = tokens.places[at][0], tokens.places[min(at + POOL, heard) - 1][1]
        if isinstance(tokens.source, Picture):
            surfaces[at] = columns_name(tokens.source, start, end)
        else:
            surfaces[at] = f"{start:.2f}–{end:.2f} s"
    words = [i // POOL for i in range(heard)] + [-1] * silent
    return {"surfaces": [*surfaces, *tokens.pieces[heard:]], "words": words}
