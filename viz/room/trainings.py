"""Trainings of a class in the file that all server processes share.

One process trains; what it publishes here is what every screen of the class shows. Who would steer
the training writes a wish, which that process takes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .file import SharedFile
from .records import ACTIVE, Together

KEPT = 4
"""Trainings of a room whose models are kept; the oldest goes."""
SILENT = 20.0
"""Seconds without a word from the process that trains, after which it is taken for gone."""
GONE = "The server process that trained is gone, and the training with it. Start it again."
_ACTIVE = ", ".join(f"'{status}'" for status in ACTIVE)
_COLUMNS = "code, number, name, status, facts, frame"


@dataclass(frozen=True)
class Outcome:
    """What a training leaves: its history and its weights, as files."""

    history: bytes
    weights: bytes


class Trainings(SharedFile):
    """See above."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        super().__init__(path)
        self._clock = clock

    def begin_training(self, code: str, task: str) -> Together:
        """A new one takes the stage, waiting for its turn.

        Raises:
            ValueError: one is under way.
        """
        self.lose_trainings()
        with self._change() as change:
            busy = f"SELECT 1 FROM trainings WHERE code = ? AND status IN ({_ACTIVE})"
            if change(busy, (code,)).fetchone():
                raise ValueError("The class is training already. Stop that training first.")
            last = "SELECT coalesce(max(number), 0) FROM trainings WHERE code = ?"
            number = change(last, (code,)).fetchone()[0] + 1
            name = f"{task}-{code}" + (f"-{number}" if number > 1 else "")
            change(
                "INSERT INTO trainings (code, number, name, status, beat) "
                "VALUES (?, ?, ?, 'waiting', ?)",
                (code, number, name, self._clock()),
            )
            change("DELETE FROM trainings WHERE code = ? AND number <= ?", (code, number - KEPT))
            change(
                "UPDATE rooms SET trains = ?, asked = NULL, shown = NULL, moved = moved + 1 "
                "WHERE code = ?",
                (number, code),
            )
        return Together(code, number, name, "waiting", {}, 0)

    def training(self, code: str, number: int | None = None) -> Together | None:
        """One of them, or the newest; None where there is none."""
        found = self._read(
            f"SELECT {_COLUMNS} FROM trainings WHERE code = ?1 AND (?2 IS NULL OR number = ?2) "
            "ORDER BY number DESC LIMIT 1",
            (code, number),
        )
        return _together(found[0]) if found else None

    def trained(self, code: str) -> list[Together]:
        """Those that left a model, the first first."""
        found = self._read(
            f"SELECT {_COLUMNS} FROM trainings WHERE code = ? AND weights IS NOT NULL "
            "ORDER BY number",
            (code,),
        )
        return [_together(row) for row in found]

    def picture(self, code: str, number: int) -> bytes:
        """The newest picture of a training, as the browser takes it; empty before the first."""
        found = self._read(
            "SELECT picture FROM trainings WHERE code = ? AND number = ?", (code, number)
        )
        return bytes(found[0][0]) if found and found[0][0] else b""

    def outcome(self, code: str, number: int) -> Outcome | None:
        """What it left; None where the room is gone, or it left nothing."""
        found = self._read(
            "SELECT history, weights FROM trainings "
            "WHERE code = ? AND number = ? AND weights IS NOT NULL",
            (code, number),
        )
        return Outcome(*map(bytes, found[0])) if found else None

    # What the process that trains says and hears.

    def publish(
        self,
        of: Together,
        status: str,
        facts: Mapping[str, Any],
        picture: bytes | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        """What it says of a training; those who have it on the stage are told."""
        with self._change() as change:
            change(
                "UPDATE trainings SET status = ?, facts = ?, beat = ? "
                "WHERE code = ? AND number = ?",
                (status, json.dumps(facts), self._clock(), of.code, of.number),
            )
            if picture is not None:
                change(
                    "UPDATE trainings SET picture = ?, frame = frame + 1 "
                    "WHERE code = ? AND number = ?",
                    (picture, of.code, of.number),
                )
            if outcome is not None:
                change(
                    "UPDATE trainings SET history = ?, weights = ? WHERE code = ? AND number = ?",
                    (outcome.history, outcome.weights, of.code, of.number),
                )
            ended = status not in ACTIVE
            change(
                "UPDATE rooms SET moved = moved + 1 WHERE code = ? AND (? OR trains = ?)",
                (of.code, ended, of.number),
            )

    def is_alive(self, of: Together) -> None:
        """It still trains, or waits, though there is nothing new to say."""
        with self._change() as change:
            change(
                "UPDATE trainings SET beat = ? WHERE code = ? AND number = ?",
                (self._clock(), of.code, of.number),
            )

    def wish(self, code: str, wish: str) -> None:
        """Have the training that is under way do something: pause, go, stop."""
        with self._change() as change:
            change(
                f"UPDATE trainings SET wish = ? WHERE code = ? AND status IN ({_ACTIVE})",
                (wish, code),
            )

    def take_wish(self, of: Together) -> str | None:
        """What was wished for since; "" for nothing, None where the training is not wanted."""
        found = self._read(
            "SELECT wish, status FROM trainings WHERE code = ? AND number = ?", (of.code, of.number)
        )
        if not found or found[0][1] not in ACTIVE:
            return None
        (wish, _) = found[0]
        if wish:
            with self._change() as change:
                change(
                    "UPDATE trainings SET wish = '' WHERE code = ? AND number = ? AND wish = ?",
                    (of.code, of.number, wish),
                )
        return str(wish)

    def lose_trainings(self) -> None:
        """Say of trainings whose process is gone that they are over."""
        oldest = self._clock() - SILENT
        silent = f"SELECT 1 FROM trainings WHERE status IN ({_ACTIVE}) AND beat < ?"
        if not self._read(silent, (oldest,)):
            return
        with self._change() as change:
            change(
                "UPDATE rooms SET moved = moved + 1 WHERE code IN "
                f"(SELECT code FROM trainings WHERE status IN ({_ACTIVE}) AND beat < ?)",
                (oldest,),
            )
            change(
                "UPDATE trainings SET status = 'failed', facts = json_set(facts, '$.error', ?) "
                f"WHERE status IN ({_ACTIVE}) AND beat < ?",
                (GONE, oldest),
            )


def _together(row: tuple[Any, ...]) -> Together:
    code, number, name, status, facts, frame = row
    return Together(code, number, name, status, json.loads(facts), frame)
