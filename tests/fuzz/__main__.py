"""Many odd inputs, in slices, with a bar: stopped, it goes on where it was.

    python -m tests.fuzz            50,000 inputs (HEADLIGHT_FUZZ_INPUTS)
    python -m tests.fuzz anew       forget what was tried

Each slice draws other inputs. One in which something is found is not counted, and ends the run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tests.fuzz.conftest import TOLD

INPUTS = int(os.environ.get("HEADLIGHT_FUZZ_INPUTS", "50000"))
SLICE = 30
"""Inputs of each kind in a slice; see `inputs.N`."""
KEPT = Path("build/fuzz.json")
HERE = Path(__file__).parent


def main(arguments: list[str]) -> None:
    if arguments == ["anew"]:
        KEPT.unlink(missing_ok=True)
        return
    kept: dict[str, Any] = {"slices": 0, "counts": {}}
    if KEPT.is_file():
        kept = json.loads(KEPT.read_text(encoding="utf-8"))
    counts = Counter(kept["counts"])
    with tqdm(total=INPUTS, initial=counts.total(), unit="input") as bar:
        while counts.total() < INPUTS:
            found = _slice(kept["slices"] + 1, arguments)
            counts += found
            kept = {"slices": kept["slices"] + 1, "counts": counts}
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            bar.update(found.total())
    for name, n in counts.most_common():
        print(f"{n:8,}  {name.removeprefix('test_').replace('_', ' ')}")
    print(f"{counts.total():8,}  inputs, nothing found")


def _slice(seed: int, arguments: list[str]) -> Counter[str]:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "counts.json"
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", str(HERE), "-q", "--no-header", "-x"),
                *(f"--hypothesis-seed={seed}", "-p", "no:cacheprovider", *arguments),
            ],
            env={**os.environ, "HEADLIGHT_FUZZ": str(SLICE), TOLD: str(told)},
            capture_output=True,
            text=True,
        )
        if ended.returncode:
            raise SystemExit(f"{ended.stdout}\n{ended.stderr}\nFound with seed {seed}.")
        return Counter(json.loads(told.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(sys.argv[1:])
