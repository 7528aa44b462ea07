"""Libraries of native code panic beyond `Exception`: here that becomes an error like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def native() -> Iterator[None]:
    """What native code throws within is a `ValueError`, where it is no `Exception` already.

    Raises:
        ValueError: it panicked (pyo3's `PanicException` is a `BaseException`).
    """
    try:
        yield
    except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise ValueError(f"a library of native code gave up: {error}") from error
