"""Rooms in one SQLite file that all server processes of a machine share.

Each method is one short transaction. Who calls `steer`, `ask` and their like has made sure by
`is_teacher` that it is the teacher's browser.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .codes import as_code, new_code
from .pace import Pace
from .records import Answer, Asked, Entry, Member, Room, State
from .trainings import Trainings

if TYPE_CHECKING:  # of what it is told, not of where it lives: that is beside Streamlit
    from ..runtime.limits import Limits

TRIES = 12
"""Wrong codes a minute from one browser."""
PAGES = 8
"""Pages of one pupil's browser, or of the teacher's, whose acts are numbered on; the oldest go."""
HERE = 45.0
"""Seconds without a sign of life after which a pupil no longer counts as here."""
_ROOM = tuple(one.name for one in fields(Room))


class Store(Trainings):
    """See above. The file is made when the first room is opened."""

    def __init__(self, path: Path, limits: Limits, clock: Callable[[], float] = time.time) -> None:
        super().__init__(path, clock)
        self.limits = limits
        self._pace = Pace(limits.class_sends, 3 * limits.class_sends)
        self._tries = Pace(TRIES / 60, TRIES)

    # Rooms.

    def open_room(self) -> tuple[str, str]:
        """A new room's code, and the secret by which its teacher is known.

        Raises:
            ValueError: there are as many rooms as the server takes.
        """
        self.expire()
        secret = secrets.token_urlsafe(18)
        with self._change() as change:
            (n,) = change("SELECT count(*) FROM rooms").fetchone()
            if n >= self.limits.class_rooms:
                raise ValueError(
                    f"{n} classes are running on this server, as many as it takes. "
                    "End one that is over."
                )
            taken = {code for (code,) in change("SELECT code FROM rooms")}
            code = next(one for one in iter(new_code, None) if one not in taken)
            change(
                "INSERT INTO rooms (code, secret, seen) VALUES (?, ?, ?)",
                (code, _hash(secret), self._clock()),
            )
        return code, secret

    def room(self, code: str) -> Room | None:
        """The room of a code; None where there is none, or no longer."""
        oldest = self._clock() - self.limits.class_hours * 3600
        found = self._read(
            f"SELECT {', '.join(_ROOM)} FROM rooms WHERE code = ? AND seen >= ?", (code, oldest)
        )
        if not found:
            return None
        room = dict(zip(_ROOM, found[0], strict=True))
        return Room(**{**room, "wall": bool(room["wall"])})

    def is_teacher(self, code: str, secret: str) -> bool:
        """Whether this secret steers this room."""
        found = self._read("SELECT secret FROM rooms WHERE code = ?", (code,))
        return bool(found) and hmac.compare_digest(found[0][0], _hash(secret))

    def end(self, code: str) -> None:
        """End a room: nothing of it stays."""
        with self._change() as change:
            change("DELETE FROM rooms WHERE code = ?", (code,))

    def expire(self) -> None:
        """End the rooms that gave no sign of life for too long, and the trainings."""
        self.lose_trainings()
        oldest = self._clock() - self.limits.class_hours * 3600
        if self._read("SELECT 1 FROM rooms WHERE seen < ?", (oldest,)):
            with self._change() as change:
                change("DELETE FROM rooms WHERE seen < ?", (oldest,))

    def set(self, code: str, **values: str | int | None) -> None:
        """Change what a room says of itself: `page`, `query`, `source`, `eyes`, `base` and so on.

        What stays the same is no change.
        """
        room = self.room(code)
        changes = {n: v for n, v in values.items() if room and getattr(room, n, None) != v}
        if not changes:
            return
        steered = "steered = steered + 1, " if {"page", "query", "eyes"} & set(changes) else ""
        names = ", ".join(f"{name} = ?" for name in changes)
        with self._change() as change:
            change(
                f"UPDATE rooms SET {names}, {steered}moved = moved + 1, seen = ? WHERE code = ?",
                (*changes.values(), self._clock(), code),
            )

    def source(self, code: str) -> str:
        """The drawing or sound that the room's text names, as a file in a text; "" for none."""
        found = self._read("SELECT source FROM rooms WHERE code = ?", (code,))
        return str(found[0][0]) if found else ""

    def versions(self, codes: Collection[str]) -> dict[str, tuple[int, int]]:
        """(moved, heard) of these rooms, as far as they are there."""
        marks = ",".join("?" * len(codes))
        found = self._read(
            f"SELECT code, moved, heard FROM rooms WHERE code IN ({marks})", tuple(codes)
        )
        return {code: (moved, heard) for code, moved, heard in found}

    # Pupils.

    def join(self, typed: str, token: str = "", sender: str = "") -> Member:
        """Come into a room, or back into it with the token of before.

        Args:
            sender: who tries; wrong codes are slowed down for each.

        Raises:
            ValueError: there is no such room, or it is full.
        """
        code = as_code(typed)
        if self.room(code) is None:
            self._tries.check(sender)
            raise ValueError(f"There is no class “{code}” now. Compare the four letters.")
        now = self._clock()
        with self._change() as change:
            mine = (code, token)
            found = change("SELECT number FROM members WHERE code = ? AND token = ?", mine)
            if row := found.fetchone():
                change("UPDATE members SET seen = ? WHERE code = ? AND token = ?", (now, *mine))
                return Member(token, row[0])
            (n,) = change("SELECT count(*) FROM members WHERE code = ?", (code,)).fetchone()
            if n >= self.limits.class_pupils:
                raise ValueError(f"This class is full: {n} have come in.")
            member = Member(secrets.token_urlsafe(12), n)
            change("INSERT INTO members VALUES (?, ?, ?, ?)", (code, member.token, n, now))
            self._heard(change, code)
        return member

    def touch(self, here: Collection[tuple[str, str]]) -> None:
        """Signs of life, as pairs of a code and a token ("" for the teacher)."""
        now = self._clock()
        with self._change() as change:
            for code, token in here:
                change("UPDATE rooms SET seen = ? WHERE code = ?", (now, code))
                change(
                    "UPDATE members SET seen = ? WHERE code = ? AND token = ?", (now, code, token)
                )

    def here(self, code: str) -> list[Member]:
        """The pupils who gave a sign of life lately."""
        found = self._read(
            "SELECT token, number FROM members WHERE code = ? AND seen >= ? ORDER BY number",
            (code, self._clock() - HERE),
        )
        return [Member(*row) for row in found]

    def done(self, code: str, token: str, page: str) -> float:
        """The number of the last act that was done for a page of a browser; 0 for none.

        Args:
            token: a pupil's; "" for the teacher.
            page: the page's own name for itself.
        """
        found = self._read(
            "SELECT done FROM acts WHERE code = ? AND token = ? AND page = ?", (code, token, page)
        )
        return float(found[0][0]) if found else 0.0

    def did(self, code: str, token: str, page: str, number: float) -> None:
        """Note it, for a session of the same page at another process."""
        with self._change() as change:
            change(
                "INSERT INTO acts SELECT code, ?, ?, ? FROM rooms WHERE code = ? "
                "ON CONFLICT DO UPDATE SET done = excluded.done",
                (token, page, number, code),
            )
            mine = "SELECT rowid FROM acts WHERE code = ?1 AND token = ?2"
            change(
                f"DELETE FROM acts WHERE rowid IN ({mine} ORDER BY rowid DESC LIMIT -1 OFFSET ?3)",
                (code, token, PAGES),
            )

    # Questions.

    def ask(self, code: str, body: dict[str, Any]) -> int:
        """Put a question to the class; it takes the stage, open for answers.

        Raises:
            ValueError: it is too large.
        """
        said = json.dumps(body, ensure_ascii=False)
        self._fits(said)
        with self._change() as change:
            cursor = change(
                "INSERT INTO questions (code, state, body) VALUES (?, 'open', ?)", (code, said)
            )
            change(
                "UPDATE rooms SET asked = ?, shown = NULL WHERE code = ?", (cursor.lastrowid, code)
            )
            self._moved(change, code)
            return int(cursor.lastrowid or 0)

    def asked(self, question: int) -> Asked | None:
        """A question."""
        found = self._read("SELECT id, state, body FROM questions WHERE id = ?", (question,))
        return Asked(found[0][0], found[0][1], _body(found[0][2])) if found else None

    def questions(self, code: str) -> list[Asked]:
        """All that were asked, the first first."""
        found = self._read(
            "SELECT id, state, body FROM questions WHERE code = ? ORDER BY id", (code,)
        )
        return [Asked(id_, state, _body(body)) for id_, state, body in found]

    def turn(self, code: str, question: int, state: State) -> None:
        """Open a question, close it for answers, or reveal it."""
        with self._change() as change:
            change(
                "UPDATE questions SET state = ? WHERE id = ? AND code = ?", (state, question, code)
            )
            self._moved(change, code)

    def clear(self, code: str) -> None:
        """Free the stage: the pages come back."""
        with self._change() as change:
            change("UPDATE rooms SET asked = NULL WHERE code = ?", (code,))
            self._moved(change, code)

    def answer(self, code: str, member: Member, question: int, value: Any) -> None:
        """Take an answer; a later one of the same pupil replaces it.

        Raises:
            ValueError: too fast, or the question is closed.
        """
        self._pace.check(member.token)
        with self._change() as change:
            row = change(
                "SELECT state FROM questions WHERE id = ? AND code = ?", (question, code)
            ).fetchone()
            if row is None or row[0] != "open":
                raise ValueError("This question is closed: no more answers are taken.")
            change(
                "INSERT INTO answers VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET value = excluded.value",
                (question, member.number, json.dumps(value, ensure_ascii=False)),
            )
            self._heard(change, code)

    def answers(self, question: int) -> list[Answer]:
        """What was answered, in the order in which the pupils came in."""
        found = self._read(
            "SELECT number, value FROM answers WHERE question = ? ORDER BY number", (question,)
        )
        return [Answer(number, json.loads(value)) for number, value in found]

    def answer_of(self, question: int, member: Member) -> Answer | None:
        """What one pupil answered."""
        found = self._read(
            "SELECT number, value FROM answers WHERE question = ? AND number = ?",
            (question, member.number),
        )
        return Answer(found[0][0], json.loads(found[0][1])) if found else None

    # The wall.

    def send(self, code: str, member: Member, kind: str, body: str) -> None:
        """Send something to the wall.

        Raises:
            ValueError: too fast, empty, too long, the wall is closed or full.
        """
        self._pace.check(member.token)
        if kind == "text":
            body = self.text(body, "sentence")
        self._fits(body)
        with self._change() as change:
            row = change("SELECT wall FROM rooms WHERE code = ?", (code,)).fetchone()
            if row is None or not row[0]:
                raise ValueError("The wall is closed: nothing can be sent now.")
            last = change(
                "SELECT body FROM wall WHERE code = ? AND number = ? ORDER BY id DESC LIMIT 1",
                (code, member.number),
            ).fetchone()
            if last == (body,):
                return  # pressed twice
            (n,) = change("SELECT count(*) FROM wall WHERE code = ?", (code,)).fetchone()
            if n >= self.limits.class_wall:
                raise ValueError("The wall is full.")
            change(
                "INSERT INTO wall (code, number, kind, body) VALUES (?, ?, ?, ?)",
                (code, member.number, kind, body),
            )
            self._heard(change, code)

    def wall(self, code: str, most: int = -1, largest: int = -1) -> list[Entry]:
        """What was sent and not removed, the newest first.

        Args:
            most: entries; −1 for all.
            largest: characters of a body that is not left out; −1 for any.
        """
        found = self._read(
            "SELECT id, number, kind, CASE WHEN length(body) <= ?2 OR ?2 < 0 THEN body ELSE '' END "
            "FROM wall WHERE code = ?1 ORDER BY id DESC LIMIT ?3",
            (code, largest, most),
        )
        return [Entry(*row) for row in found]

    def entry(self, code: str, entry: int) -> Entry | None:
        """One entry, whole."""
        found = self._read(
            "SELECT id, number, kind, body FROM wall WHERE code = ? AND id = ?", (code, entry)
        )
        return Entry(*found[0]) if found else None

    def remove(self, code: str, entry: int) -> None:
        """Take an entry off the wall."""
        with self._change() as change:
            change("DELETE FROM wall WHERE id = ? AND code = ?", (entry, code))
            change("UPDATE rooms SET shown = NULL WHERE code = ? AND shown = ?", (code, entry))
            self._moved(change, code)

    def text(self, typed: str, what: str) -> str:
        """A text as it is kept: what was typed, on one line.

        Raises:
            ValueError: it is empty or too long.
        """
        said = " ".join(typed.split())
        most = int(self.limits.class_characters)
        if not said:
            raise ValueError(f"The {what} is empty.")
        if len(said) > most:
            raise ValueError(f"The {what} has {len(said):,} characters; up to {most} are taken.")
        return said

    # What all of these do.

    def _moved(self, change: Callable[..., sqlite3.Cursor], code: str) -> None:
        change("UPDATE rooms SET moved = moved + 1, seen = ? WHERE code = ?", (self._clock(), code))

    def _heard(self, change: Callable[..., sqlite3.Cursor], code: str) -> None:
        change("UPDATE rooms SET heard = heard + 1, seen = ? WHERE code = ?", (self._clock(), code))

    def _fits(self, said: str) -> None:
        if len(said) > self.limits.bytes("class"):
            raise ValueError(
                f"This is too large to send: {len(said) / 1e6:.1f} MB; up to "
                f"{self.limits.class_megabytes:g} MB are taken."
            )


@functools.lru_cache(32)
def _body(text: str) -> dict[str, Any]:
    """A question as it was asked: read once for all pupils, so nobody may change it."""
    body: dict[str, Any] = json.loads(text)
    return body


def _hash(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
