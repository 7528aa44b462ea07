"""Ship a finished run: `headlight publish <task>` copies it to `assets/checkpoints/`.

`headlight record <task>` then keeps what its snapshots compute.
The card is written by hand, once, in the same folder; `headlight card` puts the numbers into it.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from ..checkpoints.folder import CHECKPOINTS, CONFIG, TOKENIZER, WEIGHTS
from ..files import in_words
from ..tasks import TASKS, task
from .resuming import CURVE, SETTINGS
from .train import RUNS

MAX_POINTS = 400


def publish(run: Path, folder: Path, with_snapshots: bool) -> None:
    """Copy model, curve and (for small models) snapshots of a finished run.

    Raises:
        ValueError: the run has not ended.
    """
    if not (run / WEIGHTS).is_file():
        raise ValueError(f"{run} holds no finished run: `headlight train` first.")
    folder.mkdir(parents=True, exist_ok=True)
    for file in (WEIGHTS, CONFIG, TOKENIZER):
        shutil.copy(run / file, folder / file)
    rows = [json.loads(line) for line in (run / CURVE).read_text().splitlines()]
    settings = json.loads((run / SETTINGS).read_text())
    curve = {**settings, "points": thin(rows)}
    (folder / "curve.json").write_text(json.dumps(curve, indent=1) + "\n")
    if with_snapshots:
        target = folder / "snapshots"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(run / "snapshots", target)


def thin(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """At most 400 points, and besides them the first 20, every measured one and the last."""
    every = max(1, -(-len(rows) // MAX_POINTS))
    last = len(rows) - 1
    return [
        row
        for i, row in enumerate(rows)
        if i in (*range(20), last) or i % every == 0 or len(row) > 4
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight publish", description=__doc__)
    parser.add_argument("task", choices=[one.slug for one in TASKS])
    parser.add_argument("--run", type=Path, help="folder of the run (default runs/<task>)")
    options = parser.parse_args(argv)
    run, folder = options.run or RUNS / options.task, CHECKPOINTS / options.task
    try:
        publish(run, folder, with_snapshots=not task(options.task).large)
    except OSError as error:
        said = in_words(error)
        raise SystemExit(f"{error.filename or folder} cannot be written: {said}.") from None
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"{folder} written.")
