"""What was computed, remembered by its size in bytes, with a share for each session.

An entry belongs to the sessions that asked for it, and goes when the last of them has closed its
tab, when it is the one that was not used for longest in a share that is full, or when all shares
together are. What two sessions ask for at the same time is computed once.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

T = TypeVar("T")
WAIT = 0.2
"""Seconds between two looks at whether there is room."""
BESIDE = 4
"""Part of a share, a quarter, that stays beside something larger than the whole share."""


def nbytes(value: object) -> int:
    """About how much memory a value takes: its arrays, texts, and what lies around them."""
    size = getattr(value, "nbytes", None)
    if isinstance(size, int):
        return size + 100
    if isinstance(value, str | bytes):
        return sys.getsizeof(value)
    if isinstance(value, Mapping):
        return 100 + sum(nbytes(k) + nbytes(v) for k, v in value.items())
    if isinstance(value, tuple | list | set | frozenset):
        if len(value) > 1000 and not isinstance(value, set | frozenset):  # a sample is enough
            return 60 + len(value) * sum(nbytes(one) for one in value[:1000]) // 1000
        return 60 + sum(8 + nbytes(one) for one in value)
    if is_dataclass(value):
        return 100 + sum(nbytes(getattr(value, one.name)) for one in fields(value))
    return 32


class _Entry:
    def __init__(self, value: Any, size: int, holder: str) -> None:
        self.value, self.size, self.holders = value, size, {holder}


class ByteCache:
    """Values by their keys. Safe to use from many threads.

    Args:
        total: most bytes of all entries, those that are being computed included.
        share: most bytes of the entries that one session holds. Its newest entry always stays, and
            what is small beside it, so that what is on the page is not computed anew at every
            touch.
    """

    def __init__(self, total: int, share: int) -> None:
        self.total, self.share = total, share
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._making: dict[Hashable, threading.Event] = {}
        self._reserved = 0
        self._lock = threading.Condition()

    @property
    def nbytes(self) -> int:
        """Bytes of all entries."""
        with self._lock:
            return self._held()

    def held_by(self, holder: str) -> int:
        """Bytes of what one session holds."""
        with self._lock:
            return sum(one.size for one in self._entries.values() if holder in one.holders)

    def find(self, key: Hashable, holder: str) -> Any | None:
        """What is remembered, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            entry.holders.add(holder)
            return entry.value

    def get(
        self,
        key: Hashable,
        make: Callable[[], T],
        holder: str,
        *,
        expected: int = 0,
        waiting: Callable[[], None] = lambda: None,
    ) -> T:
        """What is remembered under a key, else what `make` returns.

        Args:
            expected: bytes that making it will take, for which room is made before.
            waiting: called now and then while there is no room; may raise to give up.

        Raises:
            whatever `make` and `waiting` raise; nothing is remembered then.
        """
        while True:
            with self._lock:
                found = self.find(key, holder)
                if found is not None:
                    return found
                event = self._making.get(key)
                if event is None:
                    self._making[key] = threading.Event()
                    break
            while not event.wait(WAIT):
                waiting()
        try:
            self._reserve(key, expected, holder, waiting)
            try:
                value = make()
            finally:
                with self._lock:
                    self._reserved -= expected
                    self._lock.notify_all()
            self.put(key, value, holder)
            return value
        finally:
            with self._lock:
                self._making.pop(key).set()

    def put(self, key: Hashable, value: object, holder: str) -> None:
        """Remember a value, and forget others where there is no room."""
        size = nbytes(value)
        with self._lock:
            self._entries[key] = _Entry(value, size, holder)
            self._entries.move_to_end(key)
            self._fit_share(key, holder)
            self._fit_total(0, key)

    def discard(self, key: Hashable) -> None:
        """Forget one."""
        with self._lock:
            self._entries.pop(key, None)

    def release(self, holder: str) -> None:
        """Forget what only this session held."""
        with self._lock:
            for key, entry in list(self._entries.items()):
                entry.holders.discard(holder)
                if not entry.holders:
                    del self._entries[key]
            self._lock.notify_all()

    def _held(self) -> int:
        return sum(one.size for one in self._entries.values())

    def _reserve(
        self, key: Hashable, expected: int, holder: str, waiting: Callable[[], None]
    ) -> None:
        while True:
            with self._lock:
                if not self._reserved or self._reserved + expected <= self.total:
                    self._reserved += expected
                    self._fit_share(key, holder, expected)
                    self._fit_total(0, key)
                    return
                self._lock.wait(WAIT)
            waiting()

    def _fit_share(self, newest: Hashable, holder: str, more: int = 0) -> None:
        mine = [key for key, one in self._entries.items() if holder in one.holders]
        held = more + sum(self._entries[key].size for key in mine)
        large = more + sum(self._entries[key].size for key in mine if key == newest)
        room = max(self.share, large + self.share // BESIDE)
        for key in mine:
            if held <= room:
                return
            if key == newest:
                continue
            entry = self._entries[key]
            held -= entry.size
            entry.holders.discard(holder)
            if not entry.holders:
                del self._entries[key]

    def _fit_total(self, more: int, newest: Hashable) -> None:
        held = self._held() + self._reserved + more
        for key in list(self._entries):
            if held <= self.total:
                return
            if key != newest:
                held -= self._entries.pop(key).size
