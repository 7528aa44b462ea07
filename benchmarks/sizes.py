"""Larger shapes with random weights, as the pages use them: memory, and from Enter to painted.

Each row runs in a process of its own, so that its memory is its own. `sizes/opus-mt` measures one
shape; `families` compares the speed of every family.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks import shapes

N_SOURCE, N_TARGET = 20, 24
LONG = 64
"""Tokens on both sides, for the memory of one text."""
SENTENCES, ROUNDS, WARM_UP = 50, 15, 3
KEPT = 320_000_000
"""Bytes of traces that are remembered, as a server does without other settings."""
SHAPES = ("opus-mt", "t5-small", "bart-large")


class Held(NamedTuple):
    """GB of memory, and how much of it is mapped files."""

    whole: float
    mapped: float

    def __str__(self) -> str:
        return f"{self.whole:.2f} GB ({self.mapped:.2f} mapped)"


def main(part: str = "") -> None:
    """Print two rows for each shape, or for one."""
    for name in [part] if part else SHAPES:
        with tempfile.TemporaryDirectory() as place:
            for command in ("write", "memory", "page"):
                call = f"from benchmarks import sizes; sizes.{command}({name!r}, {place!r})"
                subprocess.run([sys.executable, "-c", call], check=True)


def write(name: str, place: str) -> None:
    """The folder; whatever it is asked, it writes as many tokens."""
    shapes.write(name, Path(place), min_new_tokens=N_TARGET, max_new_tokens=N_TARGET)


def memory(name: str, place: str) -> None:
    """Resident memory: with the model open, after a long text is shown, after many sentences."""
    import torch

    import headlight
    from headlight.viz.components.lens.component import lens_payload
    from headlight.viz.runtime.cache import ByteCache

    torch.set_num_threads(1)
    model = headlight.load(Path(place) / name)
    opened = resident()
    cache = ByteCache(KEPT, KEPT)
    sent = 0

    def show(seed: int, length: int) -> None:
        nonlocal sent
        text, ids = shapes.sentence(length, seed), shapes.target(length, seed)
        trace = cache.get((seed,), lambda: model.teacher_force(text, ids), "one")
        sent = len(lens_payload(trace, wanted=None))

    show(0, LONG)
    count = sum(one.numel() for one in model.network.parameters())
    shown, payload, marks = resident(), sent, []
    for seed in range(1, SENTENCES + 1):
        show(seed, N_SOURCE + seed % 8)
        if seed in (SENTENCES // 2, SENTENCES):
            gc.collect()
            marks.append(resident())
    print(
        f"{name}: {count / 1e6:,.0f} M numbers; opened {opened}; {LONG}/{LONG} tokens shown "
        f"{shown}, at most {most_resident():.2f} GB until then and since, {payload / 1e6:.2f} MB "
        f"sent; after {SENTENCES // 2} sentences {marks[0]}, after {SENTENCES} {marks[1]}",
        flush=True,
    )


def page(name: str, place: str) -> None:
    """From Enter to everything painted, sentences never seen, in Chromium; the server's memory."""
    from benchmarks.browser import app, chromium
    from benchmarks.explore_page import measure
    from benchmarks.protocol import resident as megabytes
    from headlight.model.checkpoints.yours import VARIABLE

    texts = [shapes.sentence(N_SOURCE, seed) for seed in range(WARM_UP + ROUNDS)]
    with chromium() as (browser, folder), app(folder / "log.txt", **{VARIABLE: place}) as server:
        address = f"{server.url}/?model={name}&text={texts[-1].replace(' ', '+')}"
        times = measure(browser, address, texts[:-1], "[data-testid=lens]", "source")
        held = megabytes(server.pid) / 1000
    print(
        f"{name}: Enter to painted, {N_SOURCE} to {N_TARGET} tokens: median "
        f"{statistics.median(times):,.0f} ms, {min(times):,.0f} to {max(times):,.0f}; "
        f"the server holds {held:.2f} GB",
        flush=True,
    )


def resident() -> Held:
    """What this process holds now; the system can drop mapped pages of a file at any time."""
    _, whole, mapped, *_ = Path("/proc/self/statm").read_text().split()
    return Held(int(whole) * 4_096 / 1e9, int(mapped) * 4_096 / 1e9)


def most_resident() -> float:
    """GB that this process has held at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1_024 / 1e9
