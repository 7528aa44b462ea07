"""Who of this process is in which room, and who has to be told when something changes.

One thread looks at SQLite's count of changes, which costs little, and reads two numbers a room
when it has moved. Whom to tell is handed to `wake`; those who are busy are told later.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from .file import FileError
from .store import Store

_log = logging.getLogger(__name__)
LOOK = 0.04
"""Seconds between two looks."""
TEACHER = 0.15
"""Least seconds between two tallies, so that a flood of answers redraws little."""
ALIVE = 15.0
"""Seconds between two signs of life."""
GONE = (-1, -1)
"""What is seen of a room that is not there."""


@dataclass
class Place:
    """One browser session in a room.

    Attributes:
        token: a pupil's; "" for the teacher.
        seen: the room's (moved, heard) that it shows; `GONE` for no room.
        arrived: whether its browser shows the page: until then it is not woken.
        told: when it was woken last.
    """

    code: str
    token: str
    seen: tuple[int, int]
    arrived: bool = True
    told: float = 0.0

    def misses(self, now: tuple[int, int]) -> bool:
        """Whether there is something new for it."""
        return now[0] != self.seen[0] or (not self.token and now[1] != self.seen[1])


Wake = Callable[[Collection[str]], Collection[str]]
"""Has sessions look at their room; returns those that are busy."""


class Hub:
    """See above.

    Args:
        wake: see `Wake`.
        is_here: whether a session's tab is open.
    """

    def __init__(self, store: Store, wake: Wake, is_here: Callable[[str], bool]) -> None:
        self.store, self._wake, self._is_here = store, wake, is_here
        self._places: dict[str, Place] = {}
        self._due: set[str] = set()
        self._lock = threading.Lock()
        self._alive_at = 0.0
        self._watching = self._fresh = False

    def sit(self, session: str, place: Place) -> None:
        """A session is in a room, and shows what it has seen there."""
        with self._lock:
            if before := self._places.get(session):
                place.told = before.told
            self._places[session] = place
            self._fresh = True
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="headlight-class", daemon=True).start()

    def leave(self, session: str) -> None:
        """It is not any more."""
        with self._lock:
            self._places.pop(session, None)
            self._due.discard(session)

    def look(self) -> None:
        """Read what moved, and find out who has to be told."""
        with self._lock:
            self._fresh = False
            codes = {place.code for place in self._places.values()}
        found = self.store.versions(codes) if codes else {}
        with self._lock:
            for session, place in self._places.items():
                if place.code in codes and place.misses(found.get(place.code, GONE)):
                    self._due.add(session)

    def tell(self, now: float) -> None:
        """Wake those who are due, the teacher not too often."""
        with self._lock:
            ready = []
            for session in self._due:
                place = self._places[session]
                if place.arrived and (place.token or now - place.told >= TEACHER):
                    place.told = now
                    ready.append(session)
            self._due -= set(ready)
        if ready:
            busy = self._wake(ready)
            with self._lock:
                self._due |= {one for one in busy if one in self._places}

    def keep(self, now: float) -> None:
        """Signs of life for all who are here, and an end for rooms without any."""
        with self._lock:
            gone = [one for one in self._places if not self._is_here(one)]
            for one in gone:
                self._places.pop(one)
                self._due.discard(one)
            here = {(place.code, place.token) for place in self._places.values()}
        if here:
            self.store.touch(here)
        self.store.expire()

    def _watch(self) -> None:
        """A thread that lives while somebody is in a room."""
        connection = self.store.changes()
        version = -1
        while True:
            time.sleep(LOOK)
            now = time.monotonic()
            try:
                (new,) = connection.execute("PRAGMA data_version").fetchone()
                if new != version or self._fresh:
                    version = new
                    self.look()
                if self._due:
                    self.tell(now)
                if now - self._alive_at >= ALIVE:
                    self._alive_at = now
                    self.keep(now)
            except (
                FileError,
                sqlite3.Error,
            ):  # the file was taken away or is locked: look again later
                _log.exception("the file of the classes cannot be read")
                time.sleep(1)
            except Exception:  # the others in the room must still be told
                _log.exception("the class could not be told")
            with self._lock:
                if not self._places:
                    self._watching = False
                    break
        connection.close()
