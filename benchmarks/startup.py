"""From nothing to the first translation, beside importing torch: a new process each time."""

from __future__ import annotations

import statistics
import subprocess
import sys

import headlight
from benchmarks.timing import milliseconds, table

SLUG, SENTENCE, TURNS = "translate-en-fr", "The black cat sleeps.", 5

PROGRAM = f"""
import time
marks = [time.perf_counter()]
import torch
marks.append(time.perf_counter())
import headlight
marks.append(time.perf_counter())
loaded = headlight.load({SLUG!r})
marks.append(time.perf_counter())
trace = loaded.run({SENTENCE!r})
marks.append(time.perf_counter())
print(*(end - start for start, end in zip(marks, marks[1:])))
"""


def measure() -> list[float]:
    """Seconds of each stage in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    return [float(part) for part in run.stdout.split()]


def main() -> None:
    """Print the table."""
    if SLUG not in headlight.available():
        print(f"\nStart: {SLUG} is not there yet.")
        return
    measure()  # the files come from the disk once
    stages = [statistics.median(stage) for stage in zip(*(measure() for _ in range(TURNS)))]  # noqa: B905
    torch_, *own = stages
    verdict = "reached" if sum(own) < 1 else "missed"
    names = ("importing Headlight", f"loading {SLUG}", "first sentence, decode and trace")
    table(
        f"Start: “{SENTENCE}” in a new process, median of {TURNS}",
        [
            ("", "time", "beside torch"),
            ("importing torch", milliseconds(torch_), ""),
            *(
                (name, milliseconds(stage), f"{stage / torch_:.2f}")
                for name, stage in zip(names, own, strict=True)
            ),
            ("our own time", milliseconds(sum(own)), f"{sum(own) / torch_:.2f}"),
            ("  under 1 s", "", verdict),
        ],
    )


if __name__ == "__main__":
    main()
