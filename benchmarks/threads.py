"""How many threads? One sentence with one and with two, alone and beside a busy process."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import torch

import headlight
from benchmarks.timing import table

TURNS = 5
TEXT = "The old cat near the house is very quiet today, and I think that it is {} years old."


def main() -> None:
    """The table: milliseconds of `Model.run`, median, one and two threads in turns."""
    model = headlight.load("translate-en-fr")
    rows = [["another process", "1 thread", "2 threads", "ratio"]]
    for name, busy in (("none", False), ("computes all the time", True)):
        other = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
        try:
            times: dict[int, list[float]] = {1: [], 2: []}
            for turn in range(-1, TURNS):
                for n, taken in times.items():
                    torch.set_num_threads(n)
                    start = time.perf_counter()
                    model.run(TEXT.format(turn + 50))
                    if turn >= 0:
                        taken.append(1000 * (time.perf_counter() - start))
        finally:
            if other is not None:
                other.kill()
                other.wait()
        one, two = (statistics.median(times[n]) for n in (1, 2))
        rows.append([name, f"{one:.0f} ms", f"{two:.0f} ms", f"{two / one:.1f}"])
    table("Model.run of a sentence of about 20 tokens", rows)


if __name__ == "__main__":
    main()
