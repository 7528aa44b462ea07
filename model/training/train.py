"""Training with teacher forcing: `headlight train <task>`.

Stop it with Ctrl-C and run it again to go on. The same seed gives the same run, whole or in pieces.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..checkpoints.errors import CheckpointError
from ..checkpoints.folder import CONFIG, TOKENIZER, save, write_weights
from ..run.tokenizer import Tokenizer
from ..tasks import TASKS, Recipe, Task, task
from .keeping import alone, in_words, write_tensors
from .resuming import CURVE, STATE, resume
from .trainer import Progress, Trainer

RUNS = Path("runs")
N_SNAPSHOTS = 12
SAVE_SECONDS = 120
"""Time between two saved states of a running training."""


def snapshot_steps(recipe: Recipe) -> tuple[int, ...]:
    """The recipe's own steps and the last; or 0, then equal ratios up to the last."""
    last = recipe.steps
    if recipe.snapshots:
        return (*(step for step in recipe.snapshots if step < last), last)
    first = max(1, last // 500)
    ratio = (last / first) ** (1 / (N_SNAPSHOTS - 2))
    return (0, *sorted({round(first * ratio**i) for i in range(N_SNAPSHOTS - 1)}))


def train(
    trainer: Trainer,
    run: Path,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> None:
    """Run a training in a folder: state, snapshots and curve are kept there, and resumed from.

    Writes `curve.jsonl` (a line every 10 steps), `snapshots/<step>.safetensors`, and at the end
    the model itself.

    Raises:
        ValueError: the folder holds another run, is in use, or cannot be written to.
        CheckpointError: what it holds is damaged.
    """
    with in_words(run):
        run.mkdir(parents=True, exist_ok=True)
        with alone(run):
            _train_in(run, trainer, on_progress)


def _train_in(run: Path, trainer: Trainer, on_progress: Callable[[Progress], None]) -> None:
    started = time.monotonic() - resume(trainer, run)
    snapshots = set(snapshot_steps(trainer.recipe))
    if trainer.step == 0:
        _snapshot(trainer, run)
    saved, since = time.monotonic(), list[Progress]()
    with _no_interrupt() as interrupted:
        for progress in trainer.run():
            since.append(progress)
            on_progress(progress)
            if progress.step in snapshots:
                _snapshot(trainer, run)
            if progress.step % 10 == 0 or progress.quality:
                _note(run / CURVE, since, time.monotonic() - started)
                since.clear()
            if interrupted() or time.monotonic() - saved > SAVE_SECONDS:
                write_tensors(run / STATE, trainer.state())
                saved = time.monotonic()
            if interrupted():
                raise KeyboardInterrupt
    write_tensors(run / STATE, trainer.state())
    save(trainer.model(), run)


def _note(curve: Path, since: Sequence[Progress], seconds: float) -> None:
    """Add a line to the curve: means over the steps since the last one."""
    last = since[-1]
    losses = [one.loss for one in since if math.isfinite(one.loss)]
    row: dict[str, Any] = {
        "step": last.step,
        "loss": round(sum(losses) / len(losses), 4) if losses else math.nan,
        "accuracy": round(sum(one.accuracy for one in since) / len(since), 4),
        "seconds": round(seconds, 1),
        **{name: round(value, 4) for name, value in last.quality.items()},
    }
    with curve.open("a") as file:
        file.write(json.dumps(row) + "\n")


def _snapshot(trainer: Trainer, run: Path) -> None:
    write_weights(trainer.average, run / "snapshots" / f"{trainer.step:06d}.safetensors")


@contextmanager
def _no_interrupt() -> Iterator[Callable[[], bool]]:
    """Ctrl-C is noted, not raised, so that a step is always finished and saved."""
    noted: list[int] = []
    before = {
        number: signal.signal(number, lambda received, _: noted.append(received))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield lambda: bool(noted)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def build(
    chosen: Task,
    *,
    seed: int = 0,
    steps: int | None = None,
    data: Path | None = None,
    start: Path | None = None,
    rate: float | None = None,
) -> Trainer:
    """The trainer of a shipped task, ready to run.

    Args:
        start: the folder of a model to go on from, in its vocabulary, with a new rise and fall of
            the rate.
        rate: the peak of the rate, instead of the recipe's.

    Raises:
        ValueError: fewer than 1 step, a rate that is not above 0, or files that the task needs are
            missing.
        CheckpointError: the folder does not hold a model of this task's shape.
    """
    if steps is not None and steps < 1:
        raise ValueError(f"The number of steps must be at least 1, not {steps}.")
    if rate is not None and not 0 < rate < math.inf:
        raise ValueError(f"The rate must be a number above 0, not {rate}.")
    recipe = replace(
        chosen.recipe,
        steps=chosen.recipe.steps if steps is None else steps,
        peak_rate=chosen.recipe.peak_rate if rate is None else rate,
    )
    tokenizer = Tokenizer.from_file(start / TOKENIZER) if start else chosen.tokenizer(data)
    config = chosen.config(len(tokenizer))
    pairs = chosen.training_data(tokenizer, seed, data)
    trainer = Trainer(
        chosen, pairs, tokenizer, config, recipe, seed, autocast=config.d_model >= 128
    )
    if start is not None:
        trainer.start_from(start, before=chosen.recipe.steps)
    return trainer


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight train", description=__doc__)
    parser.add_argument("task", choices=[one.slug for one in TASKS])
    parser.add_argument("--run", type=Path, help="folder of the run (default runs/<task>)")
    parser.add_argument("--data", type=Path, help="folder with the corpora, or with all digits")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, help="instead of the recipe's")
    parser.add_argument("--start", type=Path, help="folder of a model to go on from")
    parser.add_argument("--rate", type=float, help="peak rate, instead of the recipe's")
    parser.add_argument("--targets", type=Path, help="file of `headlight distil` (translation)")
    parser.add_argument("--leave-out", metavar="PERSON", help="never hear this one (hear-digits)")
    options = parser.parse_args(argv)
    without = f"-without-{options.leave_out}" if options.leave_out else ""
    run = options.run or RUNS / f"{options.task}{without}"
    try:
        chosen = task(options.task)
        if options.leave_out:
            chosen = chosen.leave_out(options.leave_out)
        if options.targets:
            chosen = chosen.with_targets(options.targets)
        trainer = build(
            chosen,
            seed=options.seed,
            steps=options.steps,
            data=options.data,
            start=options.start,
            rate=options.rate,
        )
        with tqdm(total=trainer.recipe.steps, desc=options.task, unit="step") as bar:
            shown: dict[str, str] = {}

            def show(progress: Progress) -> None:
                bar.update(progress.step - bar.n)
                shown.update({k: f"{v:.3f}" for k, v in progress.quality.items()})
                bar.set_postfix(
                    loss=f"{progress.loss:.3f}", hits=f"{progress.accuracy:.3f}", **shown
                )

            train(trainer, run, on_progress=show)
    except KeyboardInterrupt:
        raise SystemExit(f"\nStopped. The same command goes on from {run}.") from None
    except (ValueError, CheckpointError) as error:
        raise SystemExit(str(error)) from None
    print(f"{run / CONFIG} and weights written. `headlight publish {options.task}` ships them.")
