"""The process of a live training: `python -m …training.live.worker SETTINGS SHARE`, by `Training`.

Commands come in, one a line: pause, go, stop; and pages, quiet: from when to when the server draws
pages, to which the training gives way. Messages go out, one JSON object a line.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import torch
from safetensors.torch import save

from ...analysis.alignment.links import Alignment, of_task
from ...run.pace import Share, breathe, pace
from ...run.runner import Model
from ...run.tokenizer import Tokenizer
from ...run.trace import Trace
from ...tasks import Batch, SyntheticTask, TrainingData, task
from ...tasks.base import Decode, pad, share_equal
from ..history import assemble, take_snapshot
from ..recording_file import write
from ..trainer import Trainer
from .settings import LONGEST, Settings

POINT_SECONDS, FRAME_SECONDS, EXACT_SECONDS = 0.5, 1.0, 3.0
"""Least time between two points of the curve, two frames, two measurements of whole answers."""

SOLVED = 3
"""Measurements in a row with every held-out answer right, after which there is nothing to learn."""

N_HELD_OUT = 50
PROBE_ITEMS = 6

Say = Callable[..., None]


class Pairs(TrainingData):
    """Fresh pairs of a task, short ones where it has a length; held-out ones for measuring."""

    def __init__(self, chosen: SyntheticTask, tokenizer: Tokenizer, batch: int, seed: int) -> None:
        self.task, self.tokenizer, self.size, self.seed = chosen, tokenizer, batch, seed
        random = Random(f"live-held-out-{chosen.slug}")
        self.held_out = [self.pair(random) for _ in range(N_HELD_OUT)]

    def pair(self, random: Random) -> tuple[str, str]:
        """One fresh pair that is not too long."""
        longest = LONGEST.get(self.task.slug)
        while True:
            source, target = self.task.pair(random)
            if longest is None or len(source.split()) <= longest:
                return source, target

    def batch(self, step: int) -> Batch:
        """The batch of a step."""
        random = Random(f"live-{self.task.slug}-{self.seed}-{step}")
        sources, targets = zip(*(self.pair(random) for _ in range(self.size)), strict=True)
        return pad(self.tokenizer.encode_ids(sources), self.tokenizer.encode_ids(targets))

    def evaluate(self, decode: Decode) -> dict[str, float]:
        """Share of held-out inputs that are answered without a mistake."""
        sources, targets = zip(*self.held_out, strict=True)
        return {"exact": share_equal(decode(list(sources)), targets)}

    def probe(self) -> tuple[str, str]:
        """The held-out pair that draws best: near to a good size, with few repetitions."""

        def away(pair: tuple[str, str]) -> tuple[int, int]:
            items = pair[0].split()
            return abs(len(items) - PROBE_ITEMS), -len(set(items))

        return min(self.held_out, key=away)


class LiveTrainer(Trainer):
    """A trainer that can leave the positions out, in training and in the models it gives."""

    positions = True

    def leave_out_positions(self) -> None:
        """From now on no position is added to an embedding."""
        self.positions = False
        self.network.positions.zero_()

    def model(self) -> Model:
        """A model with the averaged weights as they are now."""
        built = super().model()
        if not self.positions:
            built.network.positions.zero_()
        return built


def make_trainer(settings: Settings) -> tuple[LiveTrainer, Pairs]:
    """The trainer of some settings, and its data."""
    chosen = task(settings.task)
    assert isinstance(chosen, SyntheticTask)
    tokenizer, recipe = chosen.tokenizer(), settings.recipe()
    data = Pairs(chosen, tokenizer, recipe.batch, settings.seed)
    config = settings.config(len(tokenizer))
    trainer = LiveTrainer(chosen, data, tokenizer, config, recipe, settings.seed)
    if not settings.positions:
        trainer.leave_out_positions()
    return trainer, data


def frame(trainer: LiveTrainer, source: str, target: str) -> str:
    """A history of one frame, the averaged weights as they are now, as base64 text."""
    chosen, known = trainer.task, list[Alignment | None]()

    def align(trace: Trace) -> Alignment | None:
        known.append(of_task(chosen, trace))
        return known[0]

    seen, trace = take_snapshot(trainer.model(), trainer.step, source, target, align)
    file = BytesIO()
    write([assemble(trace, known[0], [seen])], file)
    return base64.b64encode(file.getvalue()).decode()


class Told:
    """What the training was told by its server; `hear` is called in a thread of its own.

    Args:
        share: the smallest part of the time in which it trains while it gives way to pages.
        clock: seconds that it has computed.
    """

    def __init__(self, share: float = 1.0, clock: Callable[[], float] = time.thread_time) -> None:
        self.stopped = self._paused = self._pages = False
        self._share = Share(share, clock)
        self._changed = threading.Condition()

    def hear(self, command: str) -> None:
        """Take one in."""
        with self._changed:
            match command:
                case "stop":
                    self.stopped = True
                case "pause" | "go":
                    self._paused = command == "pause"
                case "pages" | "quiet":
                    self._pages = command == "pages"
            self._changed.notify_all()

    def rest(self, until: float) -> None:
        """Wait while it is paused, until a moment of `time.monotonic` at most."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.stopped or not self._paused, max(0.0, until - time.monotonic())
            )

    def give_way(self) -> None:
        """Between two steps: wait while pages are drawn, as long as its share allows."""
        self._share.give(self._wait_for_pages)

    def _wait_for_pages(self, most: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self.stopped or not self._pages, most)


def train(settings: Settings, told: Told, say: Say) -> None:
    """Train until the end, a stop, or a limit; the weights are handed over in every case."""
    with pace(told.give_way):
        _train(settings, told, say)


def _train(settings: Settings, told: Told, say: Say) -> None:
    begun = time.monotonic()
    trainer, data = make_trainer(settings)
    pair = data.probe()
    say("begun", n_parameters=sum(p.numel() for p in trainer.network.parameters()))
    say("frame", history=frame(trainer, *pair))
    clock = Clock()
    losses, hits = list[float](), list[float]()
    reason, held = "all steps done", 0
    while trainer.step < trainer.recipe.steps:
        breathe()
        with clock:
            warm = min(1.0, (trainer.step + 1) / trainer.recipe.warmup)
            loss, hit = trainer.update(data.batch(trainer.step), trainer.recipe.peak_rate * warm)
        trainer.step += 1
        losses.append(loss)
        hits.append(hit)
        if clock.due("point", POINT_SECONDS) or trainer.step == 1:
            if clock.due("frame", FRAME_SECONDS):
                say("frame", history=frame(trainer, *pair))
            exact = clock.due("exact", EXACT_SECONDS)
            quality = data.evaluate(trainer.model().translate) if exact else {}
            if exact:
                held = held + 1 if quality["exact"] == 1.0 else 0
            say(
                "point",
                step=trainer.step,
                seconds=round(clock.seconds, 2),
                loss=sum(losses) / len(losses),
                accuracy=sum(hits) / len(hits),
                **quality,
            )
            losses.clear()
            hits.clear()
        if held == SOLVED:
            reason = f"solved: {N_HELD_OUT} of {N_HELD_OUT} held-out answers right, {SOLVED} times"
            break
        if memory() > settings.megabytes:
            reason = f"it used more than its {settings.megabytes:,} MB of memory"
            break
        told.rest(begun + settings.seconds)
        if told.stopped:
            reason = "stopped"
            break
        if time.monotonic() - begun > settings.seconds:
            reason = f"its {settings.seconds:.0f} seconds are over"
            break
    say("frame", history=frame(trainer, *pair))
    state = trainer.model().network.state_dict()
    weights = base64.b64encode(save({name: one.contiguous() for name, one in state.items()}))
    say("weights", step=trainer.step, reason=reason, weights=weights.decode())


class Clock:
    """Seconds spent training: `with clock:` around a step; `due` tells when to say something."""

    def __init__(self) -> None:
        self.seconds, self._begun, self._last = 0.0, 0.0, dict[str, float]()

    def __enter__(self) -> None:
        self._begun = time.monotonic()

    def __exit__(self, *error: object) -> None:
        self.seconds += time.monotonic() - self._begun

    def due(self, what: str, every: float) -> bool:
        """Whether `every` seconds of training have passed since this was due before."""
        if self.seconds - self._last.get(what, 0.0) < every:
            return False
        self._last[what] = self.seconds
        return True


def memory() -> float:
    """The most memory that this process has used so far, in MB; 0 where it cannot be asked."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux, where `getrusage` begins with what the parent used
        peak = re.search(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.M)
        return int(peak[1]) / 1e3 if peak else 0.0
    try:
        import resource  # not on Windows
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1e6 if sys.platform == "darwin" else 1e3)


def read_commands(told: Told) -> None:
    """Pass on what is said; when nobody can say anything any more, end at once."""
    for line in sys.stdin:
        told.hear(line.strip())
    os._exit(1)


def main() -> None:
    """The process."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not end up among the messages

    def say(kind: str, **values: Any) -> None:
        out.write(json.dumps({"kind": kind, **values}) + "\n")
        out.flush()

    told = Told(float(sys.argv[2]))
    threading.Thread(target=read_commands, args=(told,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(10)  # whoever looks at a page goes first
    torch.set_num_threads(1)
    try:
        train(Settings(**json.loads(sys.argv[1])), told, say)
    except (ValueError, RuntimeError, MemoryError) as error:
        say("error", message=f"The training failed: {error}")
    out.close()
    os._exit(0)  # the thread that reads commands would keep it alive


if __name__ == "__main__":
    main()
