"""Measuring all heads over a corpus: batched against one by one, growth with lines, peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

import headlight
from benchmarks.timing import table, take_turns
from headlight.model import Model
from headlight.model.analysis.corpus import own_corpus
from headlight.model.analysis.heads.metrics import METRICS
from headlight.model.analysis.heads.totals import of_lines
from headlight.model.tasks import SyntheticTask

SENTENCES = 64
SMALL, LARGE = 1_000, 10_000
MODELS = ("reverse", "translate-en-fr")

RUN = """
import json, resource, sys, time
from pathlib import Path
from headlight.model.analysis.heads.atlas import build
start = time.perf_counter()
atlas = build("reverse", Path(sys.argv[1]))
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"read": atlas.read, "seconds": seconds, "peak": peak}))
"""
"""A process of its own, so that its peak memory is that of this run alone."""


def one_by_one(loaded: Model, lines: list[str]) -> None:
    for line in lines:
        of_lines(loaded, [line], METRICS)


def batching() -> None:
    rows = []
    for slug in MODELS:
        if slug not in headlight.available():
            continue
        loaded = headlight.load(slug)
        lines = own_corpus(loaded)[:SENTENCES]
        timings = take_turns(
            {
                "batched": lambda m=loaded, c=lines: of_lines(m, c, METRICS),  # type: ignore[misc]
                "single": lambda m=loaded, c=lines: one_by_one(m, c),  # type: ignore[misc]
            },
            turns=3,
            warm_up=1,
        )
        batched, single = timings["batched"], timings["single"]
        rows.append(
            [
                slug,
                f"{SENTENCES / batched.median:.1f}",
                f"{SENTENCES / single.median:.1f}",
                f"{single.over(batched):.2f}",
            ]
        )
    head = ["model", "batched, sentences/s", "one by one, sentences/s", "times as fast"]
    table(f"All measures of all heads, {SENTENCES} sentences", [head, *rows])


def growth() -> None:
    task = headlight.load("reverse").task
    assert isinstance(task, SyntheticTask)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for n in (SMALL, LARGE):
            corpus = Path(folder) / f"{n}.txt"
            corpus.write_text("".join(f"{s}\n" for s, _ in islice(task.pairs(1), n)))
            done = subprocess.run(
                [sys.executable, "-c", RUN, str(corpus)],
                capture_output=True,
                text=True,
                check=True,
            )
            found[n] = json.loads(done.stdout)
    rows = [
        [f"{n:,}", f"{one['seconds']:.1f}", f"{n / one['seconds']:.1f}", f"{one['peak']:.0f} MB"]
        for n, one in found.items()
    ]
    table(
        "Growth with the number of lines (reverse)",
        [["lines", "seconds", "sentences/s", "peak memory"], *rows],
    )
    per_line = {n: one["seconds"] / n for n, one in found.items()}
    ratio = per_line[LARGE] / per_line[SMALL]
    print(f"time a line, {LARGE:,} over {SMALL:,} lines: {ratio:.3f} (aim: 0.900 to 1.100)")
    print(
        f"peak memory, {LARGE:,} over {SMALL:,}: {found[LARGE]['peak'] / found[SMALL]['peak']:.3f}"
    )


def main() -> None:
    batching()
    growth()


if __name__ == "__main__":
    main()
