"""Keep what each snapshot of a training computes, so that its weights need not be shipped.

    headlight record translate-en-fr   # from runs/ to recording.npz beside the model

The sentences, their references and word links (`recording_pairs.tsv`) were made by hand; where the
source is no text, the task's examples are recorded. Small models ship their snapshots and need no
such file. For every model the command also measures all heads at every snapshot over many sentences
(`emergence`). A run that went on from the published model (`headlight join`) has no snapshots from
before: what was recorded of these is kept.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from ..analysis.alignment.gold import on_tokens, read_gold
from ..analysis.alignment.links import Alignment, of_task
from ..checkpoints.folder import CHECKPOINTS, CONFIG, read_folder
from ..run.runner import Model
from ..run.sources import AnySource
from ..run.trace import Trace
from ..tasks import TASKS
from ..tasks.digits import DigitsTask
from . import emergence
from .emergence import PAIRS
from .history import Snapshot, TrainingHistory, always, assemble, before, concat, take_snapshot
from .recording import SNAPSHOTS, snapshot_files
from .recording_file import FILE, read, write
from .resuming import SETTINGS
from .train import RUNS

LARGE = [one.slug for one in TASKS if one.large]
"""Tasks whose models are too large to ship with all their snapshots."""


def record(folder: Path, snapshots: Mapping[int, Path]) -> list[TrainingHistory]:
    """Every hand-aligned pair, or every example, with every snapshot, shown by a progress bar.

    Args:
        folder: the model's configuration and vocabulary.
        snapshots: weights by step.
    """
    shown = _shown(read_folder(folder))
    frames: list[list[Snapshot]] = [[] for _ in shown]
    first: list[tuple[Trace, Alignment | None]] = []
    for step, file in tqdm(snapshots.items(), desc="recording", unit="snapshot"):
        model = read_folder(folder, file)
        for (_, source, target, alignment), row in zip(shown, frames, strict=True):
            frame, trace = take_snapshot(model, step, source, target, always(alignment))
            row.append(frame)
            if len(first) < len(shown):
                first.append((trace, alignment))
    return [
        replace(assemble(trace, alignment, row), source=name)
        for (name, *_), (trace, alignment), row in zip(shown, first, frames, strict=True)
    ]


Shown = tuple[str, AnySource, str | Sequence[int], Alignment | None]
"""What a source goes by, the source, its right answer, and the true alignment."""


def _shown(model: Model) -> list[Shown]:
    if not isinstance(model.task, DigitsTask):
        known = [on_tokens(pair, model) for pair in read_gold(PAIRS)]
        return [(source, source, target, alignment) for source, target, alignment in known]
    found: list[Shown] = []
    for example in model.task.examples:
        answer = model.task.answer(example.source)
        alignment = of_task(model.task, model.teacher_force(example.source, answer))
        found.append((example.text, example.source, answer, alignment))
    return found


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight record", description=__doc__)
    parser.add_argument("task", choices=[one.slug for one in TASKS])
    parser.add_argument("--run", type=Path, help="folder of the run (default runs/<task>)")
    parser.add_argument("--data", type=Path, help="folder with hand-aligned pairs (translation)")
    options = parser.parse_args(argv)
    folder, large = CHECKPOINTS / options.task, options.task in LARGE
    run = options.run or (RUNS / options.task if large else folder)
    try:
        if large:
            _same_shape(run, folder)
        snapshots = snapshot_files(run)
        if not snapshots:
            raise ValueError(f"{run / SNAPSHOTS} holds no snapshots: `headlight train` first.")
        if large:
            _keep_films(folder, snapshots)
        file = folder / emergence.FILE
        kept = emergence.read(file) if min(snapshots) else None
        emergence.follow(folder, snapshots, options.data, before=kept).write(file)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"{file} written, {file.stat().st_size / 1e6:.2f} MB.")
    if read_folder(folder, snapshots[max(snapshots)]).digest != read_folder(folder).digest:
        print("The last snapshot is not the published model: run this again when it is.")


def _keep_films(folder: Path, snapshots: Mapping[int, Path]) -> None:
    histories, file = record(folder, snapshots), folder / FILE
    if first := min(snapshots):
        histories = [
            replace(concat([before(old, first), new]), src=new.src)  # as it is named now
            for old, new in zip(read(file), histories, strict=True)
        ]
    write(histories, file)
    one = histories[0]
    last = f"“{one.source}” became “{one.outputs[-1]}” at step {one.steps[-1]:,}"
    print(f"{file} written, {file.stat().st_size / 1e6:.2f} MB; {last}.")


def _same_shape(run: Path, folder: Path) -> None:
    """Refuse snapshots of a model that is not the folder's."""
    try:
        settings = json.loads((run / SETTINGS).read_text(encoding="utf-8"))["config"]
        shipped = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["model"]
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(f"A run and a published model are needed: {error}") from error
    if settings != shipped:
        raise ValueError(f"{run} trains a model of another shape than {folder} holds.")
