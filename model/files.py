"""Files are written whole or not at all, and what keeps one from it is said in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_WORDS = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "a part of the path is not a folder",
    errno.EISDIR: "it is a folder",
    errno.EACCES: "it is not permitted",
    errno.EPERM: "it is not permitted",
    errno.EROFS: "the place may not be written to",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk's quota is used up",
    errno.ENAMETOOLONG: "the name is too long",
}


def in_words(error: OSError) -> str:
    """What the system refused, as the end of a sentence."""
    known = _WORDS.get(error.errno or 0)
    return known or (error.strerror or "the system refused it").lower()


@contextmanager
def whole(file: str | Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """A file to write into, which stands under its name once all of it is on the disk.

    What is open already is written into as it is.

    Raises:
        ValueError: it cannot be written, with the reason in words; the old file is untouched.
    """
    if not isinstance(file, str | Path):
        yield file
        return
    file = Path(file)
    beside = file.with_name(file.name[:200] + ".new")
    try:
        with beside.open("wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError as error:
        raise ValueError(f"{file} cannot be written: {in_words(error)}.") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
