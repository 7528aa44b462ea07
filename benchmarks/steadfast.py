"""One visitor types a sentence every three seconds while others attack, or open heavy pages.

    python -m benchmarks steadfast            every part, those that are measured already left out
    python -m benchmarks steadfast/beam       one of them, by its name in `attacks`
    python -m benchmarks steadfast/crowd      ten minutes of thirty people on all pages
    python -m benchmarks steadfast/table      what has been measured
    python -m benchmarks steadfast/anew       forget that

Each part starts a server of its own and measures calm first. Then the attack begins; when it has
ended memory is watched until it is back, for a minute at most. An attack that did not do what it
says is told of, and nothing is kept of it. HEADLIGHT_STEADFAST_SECONDS (40, which are 13 presses)
is how long an attack lasts, HEADLIGHT_CROWD_SECONDS (600) the crowd. All of it takes about 40
minutes. Results are kept in build/steadfast.json.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.attacks import ATTACKS, DONE, MODEL, READY
from benchmarks.kept import Kept
from benchmarks.people import crowd
from benchmarks.protocol import Tab, resident
from benchmarks.timing import table
from tests.browser.session import Server, serve

SECONDS = float(os.environ.get("HEADLIGHT_STEADFAST_SECONDS", "40"))
CROWD_SECONDS = float(os.environ.get("HEADLIGHT_CROWD_SECONDS", "600"))
CALM = min(20.0, SECONDS)
EVERY = 3.0
FULL = 30
"""Sentences after which the bystander's own share of what is remembered is full."""
AFTER = 60.0
"""Seconds after an attack until which memory must be back."""
SLOWER, MORE, BACK = 2.0, 600.0, 50.0
"""What is aimed for: times calm's p95; MB over calm at any time, and a minute after."""
KEPT = Kept("steadfast")
CROWD = "crowd"


@dataclass
class Seen:
    """What the bystander and the memory went through meanwhile."""

    seconds: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def p95(self) -> float:
        """Seconds; the slowest where there are few."""
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1]


def main(part: str | None = None) -> None:
    """All parts that are not measured yet, or one."""
    parts: dict[str, Callable[[], list[str]]] = {one: partial(_attack, one) for one in ATTACKS}
    KEPT.run(parts | {CROWD: _crowd}, part, _print)


def _print() -> None:
    kept = KEPT.all()
    rows = [kept[name] for name in ATTACKS if name in kept]
    if rows:
        names = ["another session …", "rounds", "presses", "calm p95", "p95", "times", "slowest"]
        names += ["peak", "after", "tracebacks"]
        table(
            f"Seconds from Enter to the end of the page, a new sentence every {EVERY:.0f} s (aim: "
            f"p95 ≤ {SLOWER:.0f} × calm; memory over calm ≤ {MORE:.0f} MB, and ≤ {BACK:.0f} MB "
            f"{AFTER:.0f} s after)",
            [names, *rows],
        )
    if CROWD in kept:
        names = ["people", "reruns", "lost", "p50", "p95", "memory by the minute", "tracebacks"]
        table("People on all pages at random", [names, kept[CROWD]])


@contextmanager
def _server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server:
        yield server


def _attack(name: str) -> list[str]:
    with _server() as server, Tab(server.url, model=MODEL, text="The cat sat.") as bystander:
        bystander.rerun()
        for i in range(FULL):
            bystander.type("Source text", _sentence(-1 - i))
        watch = _Bystander(server, bystander)
        with _attacker(name, server) as attacker:
            calm = watch.during(CALM)
            base = resident(server.pid)
            attacker.stdin.write(f"{SECONDS}\n")  # type: ignore[union-attr]
            attacker.stdin.flush()  # type: ignore[union-attr]
            seen = watch.during(SECONDS, attacker)
            rounds = _rounds(attacker, server)
        over, since = _back(bystander, server, base)
        tracebacks = server.log.read_text(errors="replace").count("Traceback")
    return [
        ATTACKS[name].words,
        rounds,
        str(len(seen.seconds)),
        f"{calm.p95:.2f}",
        f"{seen.p95:.2f}",
        f"{seen.p95 / calm.p95:.1f}",
        f"{max(seen.seconds):.2f}",
        f"{seen.peak - base:+.0f} MB",
        f"{over:+.0f} MB ({since:.0f} s)",
        str(tracebacks),
    ]


@contextmanager
def _attacker(name: str, server: Server) -> Iterator[subprocess.Popen[str]]:
    """The process of an attack, all of its files ready; it waits for the word to begin."""
    with _log(server).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.attacks", name, server.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        if process.stdout is None or process.stdout.readline().strip() != READY:
            raise RuntimeError(_last_words(server))
        yield process
    finally:
        process.kill()
        process.wait()


def _log(server: Server) -> Path:
    return server.log.with_name("attacker.txt")


def _rounds(attacker: subprocess.Popen[str], server: Server) -> str:
    """How many rounds it made.

    Raises:
        RuntimeError: it did not do what it says.
    """
    said, _ = attacker.communicate(timeout=300)
    if not said.startswith(DONE):
        raise RuntimeError(_last_words(server))
    return said.split()[-1]


def _last_words(server: Server) -> str:
    said = _log(server).read_text(errors="replace").strip().splitlines()
    return said[-1] if said else "the attacker ended without a word"


def _back(bystander: Tab, server: Server, base: float) -> tuple[float, float]:
    """MB over `base` once that is little, or a minute after; and how many seconds that took."""
    start = time.monotonic()
    while True:
        bystander.listen(2)
        over, since = resident(server.pid) - base, time.monotonic() - start
        if over <= BACK or since >= AFTER:
            return over, since


def _crowd() -> list[str]:
    n = 30
    with _server() as server:
        met = crowd(server, n, CROWD_SECONDS, MODEL)
        tracebacks = server.log.read_text(errors="replace").count("Traceback")
    middle, *_, slow = statistics.quantiles(met.seconds, n=20, method="inclusive")[9:]
    memory = " ".join(f"{one:.0f}" for one in met.megabytes)
    return [
        str(n), f"{len(met.seconds):,}", str(met.lost), f"{middle:.2f}", f"{slow:.2f}", memory,
        str(tracebacks),
    ]  # fmt: skip


class _Bystander:
    """Types a new sentence every three seconds, and looks at the server's memory meanwhile."""

    def __init__(self, server: Server, tab: Tab) -> None:
        self.server, self.tab, self.typed = server, tab, 0

    def during(self, seconds: float, attacker: subprocess.Popen[str] | None = None) -> Seen:
        """Type for so long, and until the attack's last round has ended."""
        seen, until = Seen(), time.monotonic() + seconds
        looking = threading.Event()
        looker = threading.Thread(target=self._look, args=(seen, looking), daemon=True)
        looker.start()
        while (
            time.monotonic() < until
            or len(seen.seconds) < 3
            or (attacker is not None and attacker.poll() is None)
        ):
            start = time.monotonic()
            self.typed += 1
            seen.seconds.append(self.tab.type("Source text", _sentence(self.typed)))
            self.tab.listen(max(EVERY - (time.monotonic() - start), 0.01))
            if attacker is not None and attacker.poll():
                break  # it gave up: `_rounds` says why
        looking.set()
        looker.join()
        return seen

    def _look(self, seen: Seen, ended: threading.Event) -> None:
        while not ended.wait(0.1):
            seen.peak = max(seen.peak, resident(self.server.pid))


def _sentence(i: int) -> str:
    return f"My friend has seen {i} old houses near the river, and the {i}th is red."


if __name__ == "__main__":
    main()
