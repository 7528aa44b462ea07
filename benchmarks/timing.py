"""What every benchmark shares: candidates timed in turns, ratios within each turn, one table."""

from __future__ import annotations

import gc
import math
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

BUSY = 0.5
"""Load average above which the machine is not idle."""

FEWEST = 3
"""Turns whose middle one is taken, at least."""


class Timing(NamedTuple):
    """Seconds of each turn of one candidate."""

    seconds: list[float]

    @property
    def median(self) -> float:
        """The middle turn, in seconds."""
        return statistics.median(self.seconds)

    def over(self, other: Timing) -> float:
        """How many times as long as `other` it takes: the middle one of the turns' ratios."""
        pairs = zip(self.seconds, other.seconds, strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)


def take_turns(
    candidates: Mapping[str, Callable[[], object]],
    turns: int = 20,
    warm_up: int = 2,
    seconds: float = math.inf,
) -> dict[str, Timing]:
    """Time candidates one after the other, again and again, so that noise falls on all alike.

    After so many `seconds` no further turn begins, but there are three in any case.
    """
    timings = {name: Timing([]) for name in candidates}
    begun = time.perf_counter()
    for turn in range(-warm_up, turns):
        if turn >= FEWEST and time.perf_counter() - begun > seconds:
            break
        for name, run in candidates.items():
            gc.collect()
            start = time.perf_counter()
            run()
            seconds = time.perf_counter() - start
            if turn >= 0:
                timings[name].seconds.append(seconds)
    return timings


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds, for a table."""
    return f"{1000 * seconds:,.1f} ms"


def verdict(ratio: float, aim: str) -> str:
    """A ratio beside what is aimed for, such as "≥ 3" or "≤ 1.5"."""
    sign, bound = aim.split()
    reached = ratio >= float(bound) if sign == "≥" else ratio <= float(bound)
    return f"{ratio:.2f} (aim {aim}: {'reached' if reached else 'missed'})"


def table(title: str, rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a title; the first row names the columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    print(f"\n{title}")
    for n, row in enumerate(rows):
        table_row(row, widths)
        if not n:
            table_row(["-" * width for width in widths], widths)


def table_row(row: Sequence[str], widths: Sequence[int]) -> None:
    """Print one row, at once: a long table shows what is measured so far."""
    cells = enumerate(zip(row, widths, strict=True))
    shown = (text.rjust(width) if i else text.ljust(width) for i, (text, width) in cells)
    print("  " + "  ".join(shown).rstrip(), flush=True)


def machine() -> str:
    """One line on where and how idle this runs."""
    load, cores = os.getloadavg()[0], os.cpu_count()
    warning = " — NOT IDLE: only the ratios mean anything" if load > BUSY else ""
    return f"{cores} cores, load average {load:.2f}{warning}"
