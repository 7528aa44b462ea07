"""One visitor types a sentence every three seconds while others attack, or open heavy pages.

HEADLIGHT_STEADFAST_SECONDS (40) is how long each of them lasts.
"""

from __future__ import annotations

import io
import os
import statistics
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

import headlight
from benchmarks.protocol import Tab, resident
from benchmarks.timing import table
from tests.browser.session import Server, serve

SECONDS = float(os.environ.get("HEADLIGHT_STEADFAST_SECONDS", "40"))
EVERY = 3.0
AFTER = 60.0
"""Seconds after everything when memory is looked at once more."""
MODEL = "translate-en-fr"
SLOWER, MORE, BACK = 2.0, 600.0, 50.0
"""What is aimed for: times calm's p95; MB over calm at any time, and a minute after."""

LONG = "cat " * 500
WORDS = "the cat sat on the mat and looked at the old dog near the river " * 16


@dataclass
class Seen:
    """What the bystander and the memory went through meanwhile."""

    seconds: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def p95(self) -> float:
        """Seconds; the slowest where there are few."""
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1]


def main() -> None:
    """Calm first, then each attack in turn, then calm again."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "log.txt") as server,
        Tab(server.url, model=MODEL, text="The cat sat.") as bystander,
    ):
        bystander.rerun()
        for i in range(5):
            bystander.type("Source text", _sentence(-1 - i))
        watch = _Bystander(server, bystander)
        calm = watch.during(lambda until: time.sleep(max(until - time.monotonic(), 0)))
        base = resident(server.pid)
        rows = [["another session …", "median", "p95", "times calm", "slowest", "peak over calm"]]
        rows.append(_row("does nothing", calm, calm, base))
        for name, attack in ATTACKS.items():
            seen = watch.during(partial(_again, attack, server.url))
            rows.append(_row(name, seen, calm, base))
            print(f"  {name}: p95 {seen.p95:.2f} s, peak {seen.peak - base:+.0f} MB", flush=True)
        time.sleep(AFTER)
        after = resident(server.pid)
        log = server.log.read_text(errors="replace")
    table(
        f"Seconds from Enter to the end of the page, a new sentence every {EVERY:.0f} s, each for "
        f"{SECONDS:.0f} s (aim: p95 ≤ {SLOWER:.0f} × calm, peak ≤ {MORE:.0f} MB over calm)",
        rows,
    )
    print(
        f"Memory: calm {base:.0f} MB, {AFTER:.0f} s after everything {after - base:+.0f} MB "
        f"(aim ≤ {BACK:.0f}). Tracebacks in the log: {log.count('Traceback')}."
    )


def _row(name: str, seen: Seen, calm: Seen, base: float) -> list[str]:
    return [
        name,
        f"{statistics.median(seen.seconds):.2f}",
        f"{seen.p95:.2f}",
        f"{seen.p95 / calm.p95:.1f}",
        f"{max(seen.seconds):.2f}",
        f"{seen.peak - base:+.0f} MB",
    ]


class _Bystander:
    """Types a new sentence every three seconds, and looks at the server's memory meanwhile."""

    def __init__(self, server: Server, tab: Tab) -> None:
        self.server, self.tab, self.typed = server, tab, 0

    def during(self, work: Callable[[float], None]) -> Seen:
        seen, until = Seen(), time.monotonic() + SECONDS
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


def _left(until: float) -> float:
    return max(until - time.monotonic(), 0.1)


def crafted_description(url: str, until: float) -> None:
    """A saved run of 0.2 MB whose description is 120 MB of brackets."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        array = io.BytesIO()
        np.save(array, np.frombuffer(b"[" + b"[]," * 40_000_000 + b"[]]", np.uint8))
        parts.writestr("meta.npy", array.getvalue())
    _open_run(url, content.getvalue(), until)


def large_run(url: str, until: float) -> None:
    """A saved run of a long text, as large as they get."""
    content = io.BytesIO()
    headlight.load(MODEL).run("cat " * 240).save(content)
    _open_run(url, content.getvalue(), until)


def _open_run(url: str, content: bytes, until: float) -> None:
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        tab.upload("A run saved by Headlight", "run.npz", content)
        while time.monotonic() < until:
            tab.rerun()
            tab.listen(1)


def long_texts(url: str, until: float) -> None:
    """Long texts on Explore, one after the other."""
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        for i in range(10):
            tab.type("Source text", f"{'cat ' * (480 - i)}")
            if time.monotonic() > until:
                return


def pasted_book(url: str, until: float) -> None:
    """Ten megabytes pasted into the field, then reruns."""
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        tab.type("Source text", "The cat sat on the mat. " * 420_000)
        while time.monotonic() < until:
            tab.rerun()


def output_to_source(url: str, until: float) -> None:
    """The slowest way from output to source, of a long text; the tab is closed in the middle."""
    with Tab(url, "heads", model=MODEL, text=WORDS[:1200], part="sources") as tab:
        tab.rerun()
        tab.listen(min(_left(until), 20))


def wide_beam(url: str, until: float) -> None:
    """A beam of 32 on a long text."""
    with Tab(url, "decode", model=MODEL, text=LONG[:1900], strategy="beam", beam="32") as tab:
        tab.rerun()


def one_long_line(url: str, until: float) -> None:
    """An own file of a single line of ten megabytes."""
    _own_file(url, b"word " * 2_160_000, until)


def own_file(url: str, until: float) -> None:
    """An own file of 2,000 lines of 240 words."""
    _own_file(url, (" ".join(["cat"] * 240) + "\n").encode() * 2_000, until)


def _own_file(url: str, content: bytes, until: float) -> None:
    with Tab(url, "heads", model=MODEL, text="The cat sat.", on="own") as tab:
        tab.rerun()
        tab.upload("A text file", "own.txt", content)
        tab.listen(_left(until))


def maps_of_all(url: str, until: float) -> None:
    """The maps of all sentences."""
    with Tab(url, "heads", model=MODEL, text="The cat sat.", part="search") as tab:
        tab.rerun()
        tab.listen(_left(until))


def inside(url: str, until: float) -> None:
    """Inside a head, one section after the other, on a text of a hundred tokens."""
    for section in ("follow", "matrices", "places", "break", "layers", "words"):
        with Tab(url, "inside", model=MODEL, text=WORDS[:400], section=section) as tab:
            tab.rerun()
        if time.monotonic() > until:
            return


def pages(url: str, until: float) -> None:
    """Every page on a text of a hundred tokens."""
    for page in ("", "decode", "heads", "inside", "learn", "training"):
        with Tab(url, page, model=MODEL, text=WORDS[:400]) as tab:
            tab.rerun()
        if time.monotonic() > until:
            return


def clearing(url: str, until: float) -> None:
    """Clears the server's caches again and again."""
    with Tab(url, model=MODEL, text="The cat sat.") as tab:
        tab.rerun()
        while time.monotonic() < until:
            tab.clear_caches()
            tab.listen(0.5)


ATTACKS: dict[str, Callable[[str, float], None]] = {
    "opens a crafted file": crafted_description,
    "opens a large run": large_run,
    "types long texts": long_texts,
    "pastes a book": pasted_book,
    "asks from output to source": output_to_source,
    "searches with a wide beam": wide_beam,
    "measures one long line": one_long_line,
    "measures 2,000 long lines": own_file,
    "maps all sentences": maps_of_all,
    "looks inside heads": inside,
    "opens every page": pages,
    "clears the caches": clearing,
}


if __name__ == "__main__":
    main()
