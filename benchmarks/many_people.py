"""Many people at once: thirty who type, a hundred on two processes, two hundred who leave, a loss.

    python -m benchmarks many_people          all
    python -m benchmarks many_people/thirty   one process, thirty people
    python -m benchmarks many_people/hundred  two processes behind nginx, a hundred people
    python -m benchmarks many_people/leave    memory a person, and after two hundred have left
    python -m benchmarks many_people/loss     a process killed while thirty people type

HEADLIGHT_PEOPLE_SECONDS (40) is how long they type. Clients and server share the machine.
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

from benchmarks.attacks import MODEL
from benchmarks.people import Met, new_sentence, tabs, typing
from benchmarks.protocol import Tab, resident
from benchmarks.timing import table
from tests.browser.session import ROOT, Server, serve, serve_command

SECONDS = float(os.environ.get("HEADLIGHT_PEOPLE_SECONDS", "40"))
EVERY = 8.0
"""Seconds between two sentences of one person."""
STORED = 150.0
"""Seconds after which nothing of a closed tab is left (Streamlit keeps its session two minutes)."""


def main(part: str | None = None) -> None:
    """All parts, or one."""
    if part is not None and part not in PARTS:
        print(f"Its parts: {', '.join(PARTS)}")
        return
    for name in [part] if part else PARTS:
        PARTS[name]()


@contextmanager
def one_process() -> Iterator[Server]:
    """The app by itself."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server:
        yield server


@contextmanager
def two_processes() -> Iterator[Server]:
    """Two behind nginx."""
    command = [sys.executable, "-m", "headlight", "serve", "--workers", "2", "--port", "{port}"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        with serve_command([*command, "--address", "127.0.0.1"], log, cwd=ROOT) as server:
            yield server


def thirty() -> None:
    """Thirty people, one process."""
    with one_process() as server, tabs(server.url, 30, model=MODEL, text="The cat sat.") as people:
        _say("30 people, one process", typing(people, SECONDS, EVERY), 0.150)


def hundred() -> None:
    """A hundred people, two processes."""
    with two_processes() as server, tabs(server.url, 100, model=MODEL, text="The cat.") as people:
        _say("100 people, two processes", typing(people, SECONDS, EVERY), 0.8)


def leave() -> None:
    """Memory of each of two hundred people, and after they have left."""
    with one_process() as server:
        with tabs(server.url, 5, model=MODEL, text="The cat sat."):
            pass
        time.sleep(STORED)
        start, n = resident(server.pid), 200
        with tabs(server.url, n, model=MODEL, text="The cat sat.") as people:
            for tab in people:
                tab.type("Source text", new_sentence())
            there = resident(server.pid)
        time.sleep(STORED)
        after = resident(server.pid)
    print(
        f"\n{n} people, a sentence each: {(there - start) / n:.1f} MB a person (aim ≤ 8); "
        f"{STORED:.0f} s after they left {after - start:+.0f} MB."
    )


def loss() -> None:
    """One of two processes is killed while thirty people type; who was there comes back."""
    with two_processes() as server, tabs(server.url, 30, model=MODEL, text="The cat.") as people:
        killed = threading.Timer(SECONDS / 2, _kill_one, args=(server.pid,))
        killed.start()
        met = typing(people, SECONDS, EVERY)
        killed.join()
        came_back = sum(map(_comes_back, people))
    print(
        f"\nA process killed while 30 people typed: {len(met.seconds)} sentences answered, "
        f"{met.lost} asked in vain; all connected again: {came_back} of {len(people)}."
    )


def _kill_one(site: int) -> None:
    children = Path(f"/proc/{site}/task/{site}/children").read_text().split()
    named = [pid for pid in children if "worker" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(int(named[0]), signal.SIGKILL)


def _comes_back(tab: Tab) -> bool:
    """Whether the page of a person, connected anew as a browser does, is drawn again."""
    again = Tab(tab.url, tab.page, **tab.query)
    again.cookies = dict(tab.cookies)
    with again:
        again.rerun()
        return not again.errors


def _say(what: str, met: Met, aim: float) -> None:
    p50, *_, p95 = statistics.quantiles(met.seconds, n=20, method="inclusive")[9:]
    rows = [["", "sentences", "p50", "p95", "aim p95", "slowest", "lost"]]
    rows.append(
        [
            what,
            f"{len(met.seconds):,}",
            f"{1000 * p50:.0f} ms",
            f"{1000 * p95:.0f} ms",
            f"{1000 * aim:.0f} ms",
            f"{1000 * max(met.seconds):.0f} ms",
            str(met.lost),
        ]
    )
    table(f"A new sentence every {EVERY:.0f} s, from the request to the end of the page", rows)


PARTS: dict[str, Callable[[], None]] = {
    "thirty": thirty,
    "hundred": hundred,
    "leave": leave,
    "loss": loss,
}


if __name__ == "__main__":
    main()
