"""How many threads? One sentence with one and with two, alone and beside what else computes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

import headlight
from benchmarks.timing import table
from headlight.model import Model
from headlight.model.run.threads import SWITCH_SECONDS

TURNS = 5
TEXT = "The old cat near the house is very quiet today, and I think that it is {} years old."
PYTHONS_OWN = 0.005
"""Seconds after which Python has its threads take turns."""


def main() -> None:
    """The tables: milliseconds of `Model.run`, median, both ways in turns."""
    model = headlight.load("translate-en-fr")
    rows = [["another process", "1 thread", "2 threads", "ratio"]]
    for name, beside in (("none", _nothing), ("computes all the time", _process)):
        with beside():
            rows.append([name, *_both(model, torch.set_num_threads, 1, 2)])
    table("Model.run of a sentence of about 20 tokens", rows)
    torch.set_num_threads(1)
    rows = [["another thread", "switching after 0.05 ms (ours)", "after 5 ms (Python's)", "ratio"]]
    for name, beside in (("none", _nothing), ("computes in Python", _thread)):
        with beside():
            rows.append([name, *_both(model, sys.setswitchinterval, SWITCH_SECONDS, PYTHONS_OWN)])
    table("The same with one thread of torch", rows)


def _both(model: Model, use: Callable[..., None], first: float, second: float) -> list[str]:
    """Median times of two settings, in turns, and their ratio."""
    times: dict[float, list[float]] = {first: [], second: []}
    for turn in range(-1, TURNS):
        for setting, taken in times.items():
            use(setting)
            start = time.perf_counter()
            model.run(TEXT.format(turn + 50))
            if turn >= 0:
                taken.append(1000 * (time.perf_counter() - start))
    one, two = (statistics.median(times[setting]) for setting in (first, second))
    return [f"{one:.0f} ms", f"{two:.0f} ms", f"{two / one:.1f}"]


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _process() -> Iterator[None]:
    """Another process computes all the time."""
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        other.kill()
        other.wait()


@contextmanager
def _thread() -> Iterator[None]:
    """Another thread of this process computes in Python."""
    ended = threading.Event()

    def compute() -> None:
        while not ended.is_set():
            sum(i * i for i in range(1_000))

    other = threading.Thread(target=compute, daemon=True)
    other.start()
    try:
        yield
    finally:
        ended.set()
        other.join()


if __name__ == "__main__":
    main()
