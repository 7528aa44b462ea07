"""How much one server, one session and one request may take: every bound, stated once.

Each is a field of `Limits`. A host changes one by an environment variable of the field's name in
capitals behind `HEADLIGHT_`, such as `HEADLIGHT_CACHE_MEGABYTES=800` (see docs/hosting.md).
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

PREFIX = "HEADLIGHT_"
MEGABYTE = 1_000_000
LIGHT_BYTES = 20 * MEGABYTE
"""What takes less is short work, and nothing that others need to wait for."""


class OverLimit(ValueError):
    """A request would take, or took, more than is granted; a sentence for the page."""


def _limit(default: float, meaning: str, unit: str = "", most: float = math.inf) -> float:
    return field(default=default, metadata={"meaning": meaning, "unit": unit, "most": most})


@dataclass(frozen=True)
class Limits:
    """What a server grants. All are above 0."""

    threads: float = _limit(1, "threads that one computation uses")
    cache_megabytes: float = _limit(320, "all that is remembered for all sessions", "MB")
    session_megabytes: float = _limit(64, "what is remembered for one session", "MB")
    request_megabytes: float = _limit(300, "one trace", "MB")
    request_seconds: float = _limit(60, "computing that a page waits for", "s")
    text_characters: float = _limit(4_000, "a source or target text")
    run_megabytes: float = _limit(300, "a saved run, unpacked", "MB")
    run_meta_megabytes: float = _limit(2, "the description in a saved run", "MB")
    upload_lines: float = _limit(2_000, "lines of one's own file that are measured")
    upload_line_characters: float = _limit(2_000, "a line of one's own file")
    picture_megapixels: float = _limit(24, "a picture in a file; of a JPEG 2.5 times as many", "MP")
    sound_seconds: float = _limit(120, "a sound in a file", "s", most=120)
    training_megabytes: float = _limit(1_500, "the process of a live training", "MB")
    slice_seconds: float = _limit(2, "a job's turn before the next session's", "s")
    job_share: float = _limit(0.1, "smallest share of the time that long work has beside pages")
    job_patience: float = _limit(60, "a job that no page looks at", "s")
    waiting_jobs: float = _limit(4, "jobs of one session in the queue")
    leaving_seconds: float = _limit(5, "until what a closed tab held is let go of", "s")
    returning_seconds: float = _limit(900, "until models of a closed tab are let go of", "s")
    class_rooms: float = _limit(40, "classes at a time")
    class_pupils: float = _limit(120, "pupils of a class")
    class_hours: float = _limit(2, "a class without a sign of life", "h")
    class_sends: float = _limit(3, "answers and sentences a second from one pupil")
    class_characters: float = _limit(280, "a word, sentence or question sent in a class")
    class_megabytes: float = _limit(0.5, "a question, or a drawing or sound sent to the wall", "MB")
    class_wall: float = _limit(400, "entries on the wall of a class")

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"{one.name} must be a number above 0, not {value!r}")
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{one.name} must be a number above 0, not {value!r}")
            if value > (most := one.metadata["most"]):
                raise ValueError(f"{one.name} must be at most {most:g}, not {value!r}")

    def bytes(self, name: str) -> int:
        """A field in megabytes as bytes: `limits.bytes("cache")`."""
        return int(getattr(self, f"{name}_megabytes") * MEGABYTE)

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Limits:
        """The defaults, and what the environment says instead.

        Raises:
            ValueError: a variable that is not a number above 0.
        """
        given = os.environ if environment is None else environment
        values = {}
        for one in fields(cls):
            name = PREFIX + one.name.upper()
            if name in given:
                try:
                    values[one.name] = float(given[name])
                except ValueError:
                    raise ValueError(
                        f"{name} must be a number above 0, not “{given[name]}”"
                    ) from None
        return cls(**values)


def check_text(text: str, limits: Limits, what: str = "text") -> None:
    """Refuse a text by its length, before anything reads it.

    Raises:
        OverLimit: it has more characters than `text_characters`.
    """
    if len(text) > limits.text_characters:
        raise OverLimit(
            f"The {what} has {len(text):,} characters; this page takes up to "
            f"{limits.text_characters:,.0f}. Shorten it."
        )
