"""One visitor types a sentence every three seconds while others attack, or open heavy pages.

    python -m benchmarks steadfast            every part, those that are measured already left out
    python -m benchmarks steadfast/beam       one of them, by its name in `attacks`
    python -m benchmarks steadfast/crowd      ten minutes of thirty people on all pages
    python -m benchmarks steadfast/table      what has been measured
    python -m benchmarks steadfast/anew       forget that

Each part starts a server of its own, measures calm first, and then looks at memory a minute after.
HEADLIGHT_STEADFAST_SECONDS (40) is how long an attack lasts, HEADLIGHT_CROWD_SECONDS (600) the
crowd. Results are kept in build/steadfast.json.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.attacks import ATTACKS, MODEL
from benchmarks.people import crowd
from benchmarks.protocol import Tab, resident
from benchmarks.timing import table
from tests.browser.session import Server, serve

SECONDS = float(os.environ.get("HEADLIGHT_STEADFAST_SECONDS", "40"))
CROWD_SECONDS = float(os.environ.get("HEADLIGHT_CROWD_SECONDS", "600"))
CALM = 20.0
EVERY = 3.0
AFTER = 60.0
"""Seconds after an attack when memory is looked at once more."""
SLOWER, MORE, BACK = 2.0, 600.0, 50.0
"""What is aimed for: times calm's p95; MB over calm at any time, and a minute after."""
KEPT = Path("build/steadfast.json")
CROWD, TABLE, ANEW = "crowd", "table", "anew"


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
    if part is not None and part not in (*ATTACKS, CROWD, TABLE, ANEW):
        print(f"Its parts: {', '.join((*ATTACKS, CROWD, TABLE, ANEW))}")
        return
    if part == ANEW:
        KEPT.unlink(missing_ok=True)
        return
    if part is not None:
        todo = [] if part == TABLE else [part]
    else:
        todo = [one for one in (*ATTACKS, CROWD) if one not in _kept()]
    for i, name in enumerate(todo):
        print(f"  {i + 1} of {len(todo)}: {name} …", flush=True)
        found = _crowd() if name == CROWD else _attack(name)
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(_kept() | {name: found}, indent=1), encoding="utf-8")
    _print()


def _kept() -> dict[str, list[str]]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}


def _print() -> None:
    kept = _kept()
    rows = [kept[name] for name in ATTACKS if name in kept]
    if rows:
        names = ["another session …", "calm p95", "p95", "times", "slowest", "peak", "after"]
        table(
            f"Seconds from Enter to the end of the page, a new sentence every {EVERY:.0f} s (aim: "
            f"p95 ≤ {SLOWER:.0f} × calm; memory over calm ≤ {MORE:.0f} MB, and ≤ {BACK:.0f} MB "
            f"{AFTER:.0f} s after)",
            [[*names, "tracebacks"], *rows],
        )
    if CROWD in kept:
        names = ["people", "reruns", "lost", "p50", "p95", "memory by the minute", "tracebacks"]
        table("People on all pages at random", [names, kept[CROWD]])


@contextmanager
def _server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as server:
        yield server


def _attack(name: str) -> list[str]:
    what, attack = ATTACKS[name]
    with _server() as server, Tab(server.url, model=MODEL, text="The cat sat.") as bystander:
        bystander.rerun()
        for i in range(5):
            bystander.type("Source text", _sentence(-1 - i))
        watch = _Bystander(server, bystander)
        calm = watch.during(lambda until: time.sleep(max(until - time.monotonic(), 0)), CALM)
        base = resident(server.pid)
        seen = watch.during(partial(_again, attack, server.url), SECONDS)
        bystander.listen(AFTER)
        after = resident(server.pid)
        tracebacks = server.log.read_text(errors="replace").count("Traceback")
    return [
        what,
        f"{calm.p95:.2f}",
        f"{seen.p95:.2f}",
        f"{seen.p95 / calm.p95:.1f}",
        f"{max(seen.seconds):.2f}",
        f"{seen.peak - base:+.0f} MB",
        f"{after - base:+.0f} MB",
        str(tracebacks),
    ]


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

    def during(self, work: Callable[[float], None], seconds: float) -> Seen:
        seen, until = Seen(), time.monotonic() + seconds
        other = threading.Thread(target=work, args=(until,), daemon=True)
        other.start()
        looking = threading.Event()
        looker = threading.Thread(target=self._look, args=(seen, looking), daemon=True)
        looker.start()
        while time.monotonic() < until or len(seen.seconds) < 5:
            start = time.monotonic()
            self.typed += 1
            seen.seconds.append(self.tab.type("Source text", _sentence(self.typed)))
            self.tab.listen(max(EVERY - (time.monotonic() - start), 0.01))
        other.join(120)
        looking.set()
        looker.join()
        return seen

    def _look(self, seen: Seen, ended: threading.Event) -> None:
        while not ended.wait(0.1):
            seen.peak = max(seen.peak, resident(self.server.pid))


def _sentence(i: int) -> str:
    return f"My friend has seen {i} old houses near the river, and the {i}th is red."


def _again(attack: Callable[[str, float], None], url: str, until: float) -> None:
    while time.monotonic() < until:
        try:
            attack(url, until)
        except (TimeoutError, OSError, LookupError) as error:
            print(f"    (the attacker gave up: {error!r})", flush=True)
            return


if __name__ == "__main__":
    main()
