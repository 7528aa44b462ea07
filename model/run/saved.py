"""The file of a saved run: every part is checked by its name, kind and size before it is read.

A `.npz` is a zip of arrays. Nothing of it is unpacked before the directory, and each array's
header, has been found to be what a trace can have; so a small file cannot become a large trace.
"""

from __future__ import annotations

import json
import math
import re
import struct
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from .arrays import Array

LARGEST = 2_000_000_000
"""Bytes of all parts, unpacked, that are read unless asked for otherwise."""
LARGEST_META = 2_000_000
"""Bytes of the description, which is JSON and takes a hundred times as much once parsed."""
MAX_PARTS = 5_000
MAX_AXIS = 1_000_000
"""Entries of an array along one axis: no vocabulary and no text is longer."""
CHUNK = 1 << 20
"""Bytes that are unpacked at a time, so that an array is in memory once."""
META = "meta"
SOURCE = "source"
"""A picture's pixels or a sound's samples."""

_HEADER = re.compile(
    r"\{'descr': '(<f4|<i2|\|b1|\|u1)', 'fortran_order': False, 'shape': \(([0-9, ]*)\), \} *\n"
)
_SIZES = {"<f4": 4, "<i2": 2, "|b1": 1, "|u1": 1}
_MAGIC = b"\x93NUMPY\x01\x00"
_LONGEST_HEADER = 1_024


def read(
    file: str | Path | IO[bytes], most: int = LARGEST, most_meta: int = LARGEST_META
) -> tuple[Any, dict[str, Array]]:
    """The description and the arrays of a saved run; no pickle is ever read.

    Args:
        most: bytes that all parts may take, unpacked.
        most_meta: bytes of the description.

    Raises:
        ValueError: a part that is missing, damaged, foreign or too large.
        Exception: whatever the zip's own reader makes of damaged bytes.
    """
    with zipfile.ZipFile(file) as parts:
        infos = parts.infolist()
        names = [info.filename.removesuffix(".npy") for info in infos]
        check_directory(infos, names, most, most_meta)
        meta: Any = None
        arrays = {}
        for info, name in zip(infos, names, strict=True):
            array = _read_array(parts, info, name)
            if name == META:
                meta = json.loads(array.tobytes())
            else:
                arrays[name] = array
        return meta, arrays


def unpacked(file: IO[bytes]) -> int:
    """Bytes that a file says it unpacks to; 0 where it is no zip."""
    try:
        with zipfile.ZipFile(file) as parts:
            return sum(info.file_size for info in parts.infolist())
    except Exception:  # as for `read`
        return 0


def check_directory(
    infos: list[zipfile.ZipInfo], names: list[str], most: int, most_meta: int = LARGEST_META
) -> None:
    """Refuse a file by what its directory says of its parts, before any of them is read.

    Raises:
        ValueError: too many parts, too large ones, or such as NumPy does not write.
    """
    if len(infos) > MAX_PARTS:
        raise ValueError(f"it has {len(infos):,} parts")
    if len(set(names)) < len(names):
        raise ValueError("two of its parts have one name")
    if META not in names:
        raise ValueError("it has no part “meta”")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > most:
        raise ValueError(
            f"it unpacks to {unpacked / 1e6:,.0f} MB; up to {most / 1e6:,.0f} MB are read"
        )
    for info, name in zip(infos, names, strict=True):
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{name[:60]} is packed in a way that NumPy does not use")
        if name == META and info.file_size > most_meta:
            raise ValueError(
                f"its description has {info.file_size / 1e6:,.1f} MB; "
                f"up to {most_meta / 1e6:,.0f} MB are read"
            )


def _read_array(parts: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Array:
    """One array; its header decides how much is read, and must agree with the directory."""
    with parts.open(info) as part:
        magic = part.read(len(_MAGIC) + 2)
        if not magic.startswith(_MAGIC) or len(magic) < len(_MAGIC) + 2:
            raise ValueError(f"{name[:60]} is not an array")
        (length,) = struct.unpack("<H", magic[len(_MAGIC) :])
        if length > _LONGEST_HEADER:
            raise ValueError(f"{name[:60]} has a header of {length:,} bytes")
        header = _HEADER.fullmatch(part.read(length).decode("latin-1"))
        if header is None:
            raise ValueError(f"{name[:60]} is not an array of float32, bool or bytes")
        kind = header[1]
        shape = tuple(int(n) for n in header[2].replace(",", " ").split())
        kinds = {META: ("|u1",), SOURCE: ("|u1", "<i2", "<f4")}.get(name, ("<f4", "|b1"))
        if len(shape) > 3 or kind not in kinds:
            raise ValueError(f"{name[:60]} is not an array that a trace has")
        if name not in (META, SOURCE) and (longest := max(shape, default=0)) > MAX_AXIS:
            raise ValueError(
                f"{name[:60]} has {longest:,} entries along an axis; up to {MAX_AXIS:,} are read"
            )
        size = math.prod(shape) * _SIZES[kind]
        if size != info.file_size - len(magic) - length:
            raise ValueError(f"{name[:60]} is not as large as its header says")
        content = np.empty(size, np.uint8)
        at = 0
        while some := part.read(CHUNK):  # at most what the directory says; compares the check sum
            content[at : at + len(some)] = np.frombuffer(some, np.uint8)
            at += len(some)
    if at != size:
        raise ValueError(f"{name[:60]} ends too early")
    array = content.view(kind).reshape(shape)
    array.flags.writeable = False
    if kind == "|b1" and array.view(np.uint8).max(initial=0) > 1:
        raise ValueError(f"{name[:60]} holds something else than true and false")
    return array
