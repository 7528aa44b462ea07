"""Many people at once: thirty who type, a hundred on two processes, two hundred who leave, a loss.

    python -m benchmarks many_people          all that are not measured yet
    python -m benchmarks many_people/thirty   one process, thirty people
    python -m benchmarks many_people/hundred  two processes behind nginx, a hundred people
    python -m benchmarks many_people/leave    memory a person, and after two hundred have left
    python -m benchmarks many_people/loss     a process killed while thirty people type
    python -m benchmarks many_people/before   thirty, in turns with the version in HEADLIGHT_APP
    python -m benchmarks many_people/table    what has been measured; /anew forgets it

HEADLIGHT_PEOPLE_SECONDS (40) is how long they type; HEADLIGHT_PEOPLE_SHARE (1) makes all numbers of
people smaller, for a trial. Clients and server share the machine. Results are kept in
build/many_people.json.
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.attacks import MODEL
from benchmarks.browser import APP
from benchmarks.kept import Kept
from benchmarks.people import Met, new_sentence, tabs, typing
from benchmarks.protocol import children, cpu_seconds, resident
from benchmarks.timing import table
from tests.browser.session import ROOT, Server, serve_command

SHARE = float(os.environ.get("HEADLIGHT_PEOPLE_SHARE", "1"))
SECONDS = float(os.environ.get("HEADLIGHT_PEOPLE_SECONDS", "40"))
EVERY = 8.0
"""Seconds between two sentences of one person."""
TURNS = 2
"""Of two versions beside each other."""
STORED, LOOK, PATIENCE = 120.0, 10.0, 120.0
"""Seconds: that Streamlit keeps the session of a closed tab, between two looks at the memory after
that, and until it has to be back.
"""
FIRST = "w0"
"""The process that is killed, as its visitors' cookies name it."""
BACK = 50.0
"""Megabytes above the start at which the memory counts as back."""

KEPT = Kept("many_people")


def main(part: str | None = None) -> None:
    """All parts that are not measured yet, or one."""
    KEPT.run(PARTS, part, _print)


@contextmanager
def one_process(version: Path = ROOT) -> Iterator[Server]:
    """The app by itself."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "{port}"]
    with (
        tempfile.TemporaryDirectory() as folder,
        serve_command(command, Path(folder) / "log.txt", cwd=version) as server,
    ):
        yield server


@contextmanager
def two_processes() -> Iterator[Server]:
    """Two behind nginx."""
    command = [sys.executable, "-m", "headlight", "serve", "--workers", "2", "--port", "{port}"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        with serve_command([*command, "--address", "127.0.0.1"], log, cwd=ROOT) as server:
            yield server


def thirty() -> list[str]:
    """Thirty people, one process."""
    with one_process() as server, tabs(server.url, _n(30), model=MODEL, text="The cat.") as people:
        return _row(f"{len(people)} people, one process", typing(people, SECONDS, EVERY), 0.150)


def hundred() -> list[str]:
    """A hundred people, two processes."""
    with (
        two_processes() as server,
        tabs(server.url, _n(100), model=MODEL, text="The cat.") as people,
    ):
        return _row(f"{len(people)} people, two processes", typing(people, SECONDS, EVERY), 0.8)


def before() -> list[list[str]]:
    """Thirty people, with the version in HEADLIGHT_APP and with this one, in turns."""
    found = {folder: Met() for folder in (APP, ROOT)}
    cost = {folder: list[float]() for folder in found}
    for turn in range(2 * TURNS):
        folder = list(found)[turn % 2]
        with (
            one_process(folder) as server,
            tabs(server.url, _n(30), model=MODEL, text="The cat.") as people,
        ):
            start = cpu_seconds(server.pid)
            met = typing(people, SECONDS / TURNS, EVERY)
            cost[folder].append((cpu_seconds(server.pid) - start) / len(met.seconds))
        found[folder].seconds += met.seconds
        found[folder].lost += met.lost
        print(f"    {folder.name}: {1000 * cost[folder][-1]:.0f} ms a sentence", flush=True)
    rows = [_row(folder.name, met, 0.150) for folder, met in found.items()]
    for row, spent in zip(rows, cost.values(), strict=True):
        row.append(f"{1000 * statistics.mean(spent):.0f} ms")
    return rows


def leave() -> str:
    """Memory of each of two hundred people, and after they have left."""
    # A few stay all the time: what the first visitors bring along is not of those who follow.
    with one_process() as server, tabs(server.url, 5, model=MODEL, text="The cat sat.") as few:
        for tab in few:
            tab.type("Source text", new_sentence())
        start, n = resident(server.pid), _n(200)
        with tabs(server.url, n, model=MODEL, text="The cat sat.") as people:
            for tab in people:
                tab.type("Source text", new_sentence())
            there = resident(server.pid)
        said = f"{n} people, a sentence each: {(there - start) / n:.1f} MB a person (aim ≤ 8)"
        print(f"    {said}", flush=True)
        KEPT.keep("leave", f"{said}; what is left of it was not measured.")
        seconds, more = _back(server.pid, start)
    return f"{said}; {seconds:.0f} s after they left {more:+.0f} MB (aim ≤ {BACK:.0f})."


def _back(pid: int, start: float) -> tuple[float, float]:
    """Seconds until memory is back after people have left, and megabytes above the start then."""
    left = time.monotonic()
    time.sleep(STORED)
    while True:
        seconds, more = time.monotonic() - left, resident(pid) - start
        print(f"    {seconds:.0f} s after they left: {more:+.0f} MB", flush=True)
        if more <= BACK or seconds > STORED + PATIENCE:
            return seconds, more
        time.sleep(LOOK)


def loss() -> str:
    """One of two processes is killed while thirty people type; whose it was come back."""
    with (
        two_processes() as server,
        tabs(server.url, _n(30), model=MODEL, text="The cat.") as people,
    ):
        killed = threading.Timer(SECONDS / 2, _kill_one, args=(server.pid,))
        killed.start()
        there = sum(tab.cookies["headlight_worker"] == FIRST for tab in people)
        met = typing(people, SECONDS, EVERY)
        killed.join()
    slowest = f" after at most {max(met.away):.1f} s" if met.away else ""
    return (
        f"A process killed while {len(people)} people typed, {there} of them at it: "
        f"{len(met.away)} pages came back{slowest}; "
        f"{len(met.seconds)} sentences answered, {met.lost} asked in vain."
    )


def _n(people: int) -> int:
    return max(2, round(people * SHARE))


def _kill_one(site: int) -> None:
    """The first that was started, and is named so in its visitors' cookies."""
    workers = [
        pid for pid in children(site) if "worker" in Path(f"/proc/{pid}/cmdline").read_text()
    ]
    os.kill(workers[0], signal.SIGKILL)


def _row(what: str, met: Met, aim: float) -> list[str]:
    p50, *_, p95 = statistics.quantiles(met.seconds, n=20, method="inclusive")[9:]
    said = [f"{1000 * one:.0f} ms" for one in (p50, p95, aim, max(met.seconds))]
    return [what, f"{len(met.seconds):,}", *said, str(met.lost)]


def _print() -> None:
    kept = KEPT.all()
    if rows := [kept[name] for name in ("thirty", "hundred") if name in kept]:
        names = ["", "sentences", "p50", "p95", "aim p95", "slowest", "lost"]
        title = f"A new sentence every {EVERY:.0f} s, from the request to the end of the page"
        table(title, [names, *rows])
    if "before" in kept:
        rows = kept["before"]
        title = f"{_n(30)} people, one process, two versions in turns"
        names = ["", "sentences", "p50", "p95", "aim p95", "slowest", "lost", "computed a sentence"]
        table(title, [names, *rows])
    for name in ("leave", "loss"):
        if name in kept:
            print(f"\n{kept[name]}")


PARTS: dict[str, Callable[[], Any]] = {
    "thirty": thirty,
    "hundred": hundred,
    "leave": leave,
    "loss": loss,
}
if APP != ROOT:
    PARTS["before"] = before


if __name__ == "__main__":
    main()
