"""How much is luck? The same trainings with several seeds: `headlight seeds`.

Each run is measured at its kept steps (`emergence`): which head of cross-attention aligns the word
written and which the word read, in which layer, and since when. What is done is kept; the same
command goes on where it was stopped, and prints what it has so far.

    headlight seeds --data data                 # everything, one training after the other
    headlight seeds reverse sort                # some
    headlight seeds --only-print                # the table of what is there
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..checkpoints.folder import CHECKPOINTS, TOKENIZER, WEIGHTS
from ..network.config import ModelConfig
from ..run.tokenizer import Tokenizer
from ..tasks import TASKS, SyntheticTask, Task
from ..tasks.translate import Translate
from .emergence import FILE, Aligner, Emergence, follow, read
from .recording import snapshot_files
from .train import RUNS, build, train
from .trainer import Progress

SEEDS = 3
SMALL = "small-translator"
START, END = "<!-- seeds: written by headlight seeds -->", "<!-- end of seeds -->"


class SmallTranslate(Translate):
    """The translator with a sixth of its layers' weights, for some minutes of training."""

    recipe = replace(Translate.recipe, steps=1_000, evaluate_every=500, snapshots=())

    def config(self, d_vocab: int) -> ModelConfig:
        """Two layers of four heads on either side."""
        return replace(
            super().config(d_vocab),
            d_model=128,
            n_heads=4,
            d_ff=512,
            n_encoder_layers=2,
            n_decoder_layers=2,
        )

    def tokenizer(self, data: Path | None = None) -> Tokenizer:
        """The shipped translator's vocabulary: it is not what is asked about."""
        return Tokenizer.from_file(CHECKPOINTS / self.slug / TOKENIZER)


LEARNT: dict[str, Task] = {
    **{one.slug: one for one in TASKS if isinstance(one, SyntheticTask) and not one.large},
    SMALL: SmallTranslate(),
}
"""What is trained several times, by name."""


@dataclass(frozen=True)
class Run:
    """One training, as far as it is there.

    Attributes:
        name, seed: what was trained.
        folder: where it is.
        heads: its heads at the kept steps; None while it is not finished.
        steps: its length.
        seconds: how long it took.
        quality: name and number on held-out pairs at its end.
    """

    name: str
    seed: int
    folder: Path
    heads: Emergence | None = None
    steps: int = 0
    seconds: float = 0.0
    quality: tuple[str, float] = ("", 0.0)


def place(name: str, seed: int, runs: Path) -> Path:
    """The folder of a run: the shipped model's own where that is this very training."""
    task, shipped = LEARNT[name], CHECKPOINTS / name
    if seed == 0 and name != SMALL and snapshot_files(shipped):
        kept = json.loads((shipped / "curve.json").read_text(encoding="utf-8"))
        if kept["seed"] == 0 and kept["recipe"] == json.loads(json.dumps(asdict(task.recipe))):
            return shipped
    return runs / f"{name}-{seed}"


def look(name: str, seed: int, runs: Path) -> Run:
    """What is there of a run."""
    folder = place(name, seed, runs)
    file = runs / f"{name}-{seed}.{FILE}"
    if not file.is_file():
        return Run(name, seed, folder)
    points = _points(folder)
    *_, last = (point for point in points if set(point) - _ALWAYS)
    quality = next((key, value) for key, value in last.items() if key not in _ALWAYS)
    return Run(name, seed, folder, read(file), last["step"], last["seconds"], quality)


_ALWAYS = {"step", "loss", "accuracy", "seconds"}


def _points(folder: Path) -> list[dict[str, Any]]:
    """The curve of a run or of a shipped model."""
    if (folder / "curve.json").is_file():
        found: list[dict[str, Any]] = json.loads((folder / "curve.json").read_text())["points"]
        return found
    lines = (folder / "curve.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def make(name: str, seed: int, runs: Path, data: Path | None) -> Run:
    """Train a run to its end, or go on with it, and follow its heads."""
    folder = place(name, seed, runs)
    if not (folder / WEIGHTS).is_file():
        trainer = build(LEARNT[name], seed=seed, data=data)
        with tqdm(total=trainer.recipe.steps, desc=folder.name, unit="step") as bar:

            def show(progress: Progress) -> None:
                bar.update(progress.step - bar.n)
                bar.set_postfix(loss=f"{progress.loss:.3f}")

            train(trainer, folder, on_progress=show)
    file = runs / f"{name}-{seed}.{FILE}"
    if not file.is_file():
        runs.mkdir(parents=True, exist_ok=True)
        follow(folder, snapshot_files(folder), data).write(file)
    return look(name, seed, runs)


def table(runs: Sequence[Run]) -> Iterator[str]:
    """One line a run and framing, as Markdown, and what recurs."""
    yield (
        "| model | seed | steps | minutes | quality | word written: head | AER ± standard error | "
        "since step | word read: head | AER ± standard error | since step |"
    )
    yield "|:--|--:|--:|--:|--:|:--|--:|--:|:--|--:|--:|"
    for run in runs:
        if run.heads is None:
            continue
        name, value = run.quality
        cells = [
            run.name,
            str(run.seed),
            f"{run.steps:,}",
            f"{run.seconds / 60:.1f}",
            f"{name} {value:.3f}",
            *(cell for one in run.heads.aligners for cell in _cells(one)),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from (f"- {said}" for said in recurring(runs))


def _cells(one: Aligner) -> tuple[str, str, str]:
    since = "–" if one.step is None else f"{one.step:,}"
    return f"L{one.layer} H{one.head}", f"{one.error:.3f} ± {one.standard_error:.3f}", since


def recurring(runs: Sequence[Run]) -> Iterator[str]:
    """For each model, in which layers the two kinds of aligner were found, and since when."""
    for name in dict.fromkeys(run.name for run in runs):
        found = [run.heads for run in runs if run.name == name and run.heads is not None]
        if not found:
            continue
        said = []
        for i, row in enumerate(("written", "read")):
            ones = [heads.aligners[i] for heads in found]
            aligning = [one for one in ones if one.step is not None]
            if not aligning:
                said.append(f"no head aligns the word {row}")
                continue
            layers = sorted(one.layer for one in aligning)
            each = ", ".join(
                f"layer {layer} in {layers.count(layer)}" for layer in sorted(set(layers))
            )
            steps = sorted(one.step for one in aligning if one.step is not None)
            since = f"{steps[0]:,}" if steps[0] == steps[-1] else f"{steps[0]:,} to {steps[-1]:,}"
            said.append(
                f"the word {row} is aligned in {len(aligning)} of {len(found)} ({each}), "
                f"since step {since}"
            )
        yield f"**{name}**, {len(found)} trainings: {'; '.join(said)}."


def write_table(lines: Sequence[str], file: Path) -> None:
    """Put the table between the two marks of a Markdown file.

    Raises:
        ValueError: the marks are not there.
    """
    text = file.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{file} does not have the marks between which the table stands.")
    joined = "\n".join(lines)
    file.write_text(f"{before}{START}\n\n{joined}\n\n{END}{after}", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="headlight seeds",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", help=f"all by default: {', '.join(LEARNT)}")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many of each")
    parser.add_argument("--runs", type=Path, default=RUNS / "seeds", help="where runs are kept")
    parser.add_argument("--data", type=Path, help="folder with the corpora (translation)")
    parser.add_argument("--only-print", action="store_true", help="train nothing")
    parser.add_argument("--write", type=Path, help="a Markdown file with marks for the table")
    options = parser.parse_args(argv)
    if wrong := [name for name in options.names if name not in LEARNT]:
        raise SystemExit(f"There is no “{wrong[0]}”. There are: {', '.join(LEARNT)}.")
    wanted = [(name, seed) for name in options.names or LEARNT for seed in range(options.seeds)]
    try:
        for name, seed in [] if options.only_print else wanted:
            make(name, seed, options.runs, options.data)
        lines = list(table([look(name, seed, options.runs) for name, seed in wanted]))
        print("\n".join(lines))
        if options.write:
            write_table(lines, options.write)
    except KeyboardInterrupt:
        raise SystemExit(f"\nStopped. The same command goes on from {options.runs}.") from None
    except ValueError as error:
        raise SystemExit(str(error)) from None
