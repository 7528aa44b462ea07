"""What a training keeps in its folder: written whole or not at all, by one training at a time."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..checkpoints.errors import CheckpointError
from ..native import native

LOCK = "training.lock"


class KeepingError(ValueError):
    """A folder that cannot be used, or written to."""


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Failures to write to a folder, said in words.

    Raises:
        KeepingError: the disk is full, or the folder may not be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            said = "the disk is full. Make room and run the same command again: it goes on"
        elif error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            said = "it may not be written to. Choose another folder with --run"
        else:
            said = error.strerror or str(error)
        raise KeepingError(f"{folder} cannot be used: {said}.") from error
    except SafetensorError as error:  # what the library makes of a full disk
        raise KeepingError(f"{folder} cannot be written to: {error}.") from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder for one training; the lock ends with the process, however that ends.

    Raises:
        KeepingError: another training runs in it.
    """
    with (folder / LOCK).open("a+") as lock:
        if not _locked(lock.fileno()):
            raise KeepingError(
                f"Another training runs in {folder}. Wait for it, or choose another --run."
            )
        yield


def _locked(file: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows has none of it
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def write_text(file: Path, text: str) -> None:
    """Beside, then in place, so that a cut leaves the old file whole."""
    beside = file.with_suffix(file.suffix + ".new")
    try:
        with beside.open("w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)  # a part of it would keep a full disk full


def write_tensors(file: Path, tensors: dict[str, Tensor]) -> None:
    """The same for tensors."""
    beside = file.with_suffix(".new")
    try:
        save_file({name: t.contiguous() for name, t in tensors.items()}, beside)
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def read_tensors(file: Path) -> dict[str, Tensor]:
    """What `write_tensors` wrote.

    Raises:
        CheckpointError: the file is damaged.
    """
    try:
        with native():
            return load_file(file)
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(
            f"{file} is damaged: {error}. Remove it to train from the start."
        ) from error
