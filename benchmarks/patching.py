"""Patching maps of the translator: all cells in batches, and one run for each."""

from __future__ import annotations

import time

import headlight
from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.patching import AT_ONCE, MAPS, cells, patching_map

FIRST, SECOND = "The cat sleeps in the garden today.", "The cats sleep in the garden today."
TURNS = 3


def main() -> None:
    """Print seconds of each map, and patches a second batched over one by one."""
    model = headlight.load("translate-en-fr")
    compared = compare(model, model.run(FIRST), model.run(SECOND), 0, align="word")
    print(f"{FIRST!r}: {len(compared.into.src)} source tokens")
    print(f"{'map':10}{'cells':>6}{'s':>8}{'patches/s':>11}{'one by one':>12}{'ratio':>7}")
    total = 0.0
    for which in MAPS:
        chosen = cells(model, compared, which)
        seconds = {AT_ONCE: list[float](), 1: list[float]()}
        for _ in range(TURNS):
            for size, taken in seconds.items():
                start = time.perf_counter()
                for _found in patching_map(model, compared, chosen, at_once=size):
                    pass
                taken.append(time.perf_counter() - start)
        batched, alone = (sorted(taken)[TURNS // 2] for taken in seconds.values())
        ratio = sorted(b / a for a, b in zip(*seconds.values(), strict=True))[TURNS // 2]
        total += batched
        n = len(chosen)
        print(f"{which:10}{n:6}{batched:8.2f}{n / batched:11.0f}{n / alone:12.0f}{ratio:7.1f}")
    print(f"all maps: {total:.2f} s")


if __name__ == "__main__":
    main()
