"""What a run over a corpus has done so far, on disk: it can go on, and counts nothing twice.

One file beside the output holds the names of the finished pieces and the sums over them; it is
replaced as a whole, so it is always of one moment.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...run.arrays import Array
from .metrics import Sums
from .totals import Totals

_GROUPS = ("sums", "layers", "baselines")
_DAMAGE = (OSError, EOFError, LookupError, TypeError, ValueError, AttributeError)


@dataclass
class Progress:
    """Finished pieces and their totals, for one and the same job."""

    job: dict[str, Any]
    done: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    lines: int = 0

    def save(self, path: Path) -> None:
        """Replace the file as a whole."""
        meta = {"job": self.job, "done": self.done, "lines": self.lines, **_counts(self.totals)}
        arrays: dict[str, Any] = dict(_arrays(self.totals))
        arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
        new = path.with_name(path.name + ".new")
        with new.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)


def resumed(path: Path, job: dict[str, Any]) -> Progress:
    """What was done of this very job; nothing where there is no such file, or it is of another."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        meta = json.loads(arrays.pop("meta").tobytes())
        if meta["job"] != json.loads(json.dumps(job)):
            return Progress(job)
        totals = _totals(arrays, meta)
        return Progress(job, meta["done"], totals, meta["lines"])
    except _DAMAGE:
        return Progress(job)


def to_plain(totals: Totals) -> dict[str, Any]:
    """Totals as JSON holds them, exact to the last bit."""
    arrays = {name: value.tolist() for name, value in _arrays(totals)}
    return {"arrays": arrays, **_counts(totals)}


def from_plain(values: dict[str, Any]) -> Totals:
    """The inverse of `to_plain`."""
    return _totals({name: np.array(value) for name, value in values["arrays"].items()}, values)


def _counts(totals: Totals) -> dict[str, Any]:
    """What is no array."""
    return {
        "read": totals.read,
        "rows": dict(totals.rows),
        "skipped": dict(totals.skipped),
    }


def _totals(arrays: dict[str, Array], counts: dict[str, Any]) -> Totals:
    return Totals(
        **{group: _sums(arrays, group) for group in _GROUPS},
        z={name.split("/")[1]: value for name, value in arrays.items() if name.startswith("z/")},
        rows=Counter(counts["rows"]),
        read=counts["read"],
        skipped=Counter(counts["skipped"]),
    )


def _arrays(totals: Totals) -> Iterator[tuple[str, Array]]:
    for group in _GROUPS:
        for (slug, kind), sums in getattr(totals, group).items():
            assert sums.moments is not None
            both = np.concatenate([np.stack([sums.total, sums.count]), sums.moments])
            yield f"{group}/{slug}/{kind}", both
    for kind, value in totals.z.items():
        yield f"z/{kind}", value


def _sums(arrays: dict[str, Array], group: str) -> dict[tuple[str, str], Sums]:
    found = {}
    for name, value in arrays.items():
        parts = name.split("/")
        if parts[0] == group:
            found[parts[1], parts[2]] = Sums(value[0], value[1], value[2:])
    return found
