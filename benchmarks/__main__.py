"""Run every benchmark, or those that are named: `python -m benchmarks marian startup`.

Some can be run part by part, such as `steadfast/crowd`; `steadfast/` names its parts.
"""

from __future__ import annotations

import argparse
import importlib
import traceback

from benchmarks.browser import Skipped
from benchmarks.timing import machine

BENCHMARKS = (
    "marian",
    "startup",
    "bytes",
    "explore_page",
    "edit_page",
    "lens_vs_bertviz",
    "decode_page",
    "inside_page",
    "sources_page",
    "atlas",
    "two_sessions",
    "threads",
    "steadfast",
    "class",
    "many_people",
    "patching",
    "sizes",
    "families",
)
"""Modules of this folder, each with a `main()` that prints its table."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or BENCHMARKS
    if unknown := [name for name in names if name.partition("/")[0] not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    failed = []
    for name in names:
        print(f"\n== {name} ({machine()})", flush=True)
        module, part_wise, part = name.partition("/")
        try:
            run = importlib.import_module(f"benchmarks.{module}").main
            run(part) if part_wise else run()
        except Skipped as reason:
            print(reason)
        except Exception:  # the others still run, and the command fails at its end
            traceback.print_exc()
            failed.append(name)
    if failed:
        raise SystemExit(f"\nFailed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
