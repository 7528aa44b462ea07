"""Training with teacher forcing: `headlight train <task>`.

Stop it with Ctrl-C and run it again to go on. The same seed gives the same run, whole or in pieces.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from ..checkpoints.errors import CheckpointError
from ..checkpoints.folder import CONFIG, WEIGHTS, read_weights, save, write_weights
from ..network.config import ModelConfig
from ..network.source import Source
from ..network.transformer import Transformer
from ..run.runner import Model
from ..run.tokenizer import Tokenizer
from ..tasks import TASKS, Batch, Recipe, Task, TrainingData, task
from .keeping import alone, in_words, read_tensors, write_tensors, write_text
from .loss import tied_cross_entropy

RUNS = Path("runs")
N_SNAPSHOTS = 12
SAVE_SECONDS = 120
"""Time between two saved states of a running training."""


@dataclass(frozen=True)
class Progress:
    """Where a training stands after a step.

    `loss` is what was minimized, label smoothing included, in nats a token; `accuracy` the share of
    the batch's first 256 target tokens that were foretold, in [0, 1], with dropout in force.
    `quality` holds measures on held-out pairs, on the steps where they were taken.
    """

    step: int
    loss: float
    accuracy: float
    rate: float
    quality: dict[str, float]


class Trainer:
    """One training run: weights, their running average, and the optimizer.

    Args:
        task: what to learn.
        data: its batches.
        tokenizer, config, recipe: vocabulary, shape and settings.
        seed: everything random follows from it.
        autocast: bfloat16 matrix products; faster for large models on processors that have them.
    """

    def __init__(
        self,
        task: Task,
        data: TrainingData,
        tokenizer: Tokenizer,
        config: ModelConfig,
        recipe: Recipe,
        seed: int = 0,
        autocast: bool = False,
    ) -> None:
        torch.manual_seed(seed)
        torch.set_flush_denormal(True)  # subnormal numbers make some layers ten times slower
        self.task, self.data, self.tokenizer, self.recipe = task, data, tokenizer, recipe
        self.seed, self.autocast, self.step, self.before = seed, autocast, 0, 0
        self.network = Transformer(config)
        self.average = {name: p.detach().clone() for name, p in self.network.state_dict().items()}
        self.optimizers = make_optimizers(self.network, recipe)

    def run(self) -> Iterator[Progress]:
        """Train to the end of the recipe, a step at each turn; may be left at any turn."""
        while self.step < self.recipe.steps:
            rate = learning_rate(self.step, self.recipe)
            loss, accuracy = self.update(self.data.batch(self.before + self.step), rate)
            self.step += 1
            due = self.step % self.recipe.evaluate_every == 0 or self.step == self.recipe.steps
            quality = self.data.evaluate(self.model().translate) if due else {}
            yield Progress(self.step, loss, accuracy, rate, quality)

    def start_from(self, folder: Path, before: int) -> None:
        """Begin with a trained model's weights, whose training took `before` steps.

        The batches go on from there, so that a task whose inputs grow does not begin anew.

        Raises:
            CheckpointError: the folder does not hold a model of this shape.
        """
        self.network.load_state_dict(read_weights(folder / WEIGHTS, self.network.state_dict()))
        self.average = {n: p.detach().clone() for n, p in self.network.state_dict().items()}
        self.before = before

    def update(self, batch: Batch, rate: float) -> tuple[float, float]:
        """One step down the loss of a batch; returns loss and accuracy as in `Progress`."""
        torch.manual_seed(self.seed * 1_000_003 + self.step)  # a resumed run drops the same units
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        self.network.train()
        src, tgt_in = torch.from_numpy(batch.src), torch.from_numpy(batch.tgt_in)
        tgt_out = torch.from_numpy(batch.tgt_out)
        real = tgt_out != self.network.config.pad_id
        dtype = torch.bfloat16 if self.autocast else torch.float32
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            lengths = (src != self.network.config.pad_id).sum(1)
            if batch.src_lengths is not None:
                lengths = torch.from_numpy(batch.src_lengths)
            source = Source(src, lengths)
            x = self.network.decode(tgt_in, self.network.encode(source))[real].float()
        embedding = self.network.embedding.weight
        loss = tied_cross_entropy(x, embedding, tgt_out[real], self.recipe.smoothing, dtype)
        with torch.no_grad():  # before the step: of the weights that made `x`
            few = slice(0, 256)
            guess = (x[few] @ embedding.T).argmax(-1)
            accuracy = (guess == tgt_out[real][few]).float().mean()
        self.network.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        decay = min(self.recipe.ema, (1 + self.step) / (10 + self.step))
        for name, tensor in self.network.state_dict().items():
            self.average[name].lerp_(tensor, 1 - decay)
        return loss.item(), accuracy.item()

    def model(self) -> Model:
        """A model with the averaged weights as they are now."""
        network = Transformer(self.network.config)
        network.load_state_dict(self.average)
        return Model(self.task.slug, network, self.tokenizer, self.task)

    def state(self) -> dict[str, Tensor]:
        """Everything needed to go on, as named tensors."""
        tensors = {f"network.{name}": t for name, t in self.network.state_dict().items()}
        tensors |= {f"average.{name}": t for name, t in self.average.items()}
        for n, optimizer in enumerate(self.optimizers):
            for i, slots in optimizer.state_dict()["state"].items():
                tensors |= {f"optimizer.{n}.{i}.{name}": t for name, t in slots.items()}
        return {**tensors, "step": torch.tensor(self.step)}

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what `state` gave."""
        self.step = int(tensors["step"])

        def part(prefix: str) -> dict[str, Tensor]:
            start = len(prefix) + 1
            return {n[start:]: t for n, t in tensors.items() if n.startswith(prefix + ".")}

        self.network.load_state_dict(part("network"))
        self.average = part("average")
        for n, optimizer in enumerate(self.optimizers):
            slots: dict[int, dict[str, Tensor]] = {}
            for name, tensor in part(f"optimizer.{n}").items():
                i, slot = name.split(".")
                slots.setdefault(int(i), {})[slot] = tensor
            optimizer.load_state_dict({**optimizer.state_dict(), "state": slots})


def make_optimizers(network: Transformer, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """AdamW (Loshchilov & Hutter 2019) for everything, or Muon (Jordan et al. 2024) for the
    layers' matrices and AdamW for embeddings, fronts, biases and norms.
    """
    layers, embeddings, vectors = list[Tensor](), list[Tensor](), list[Tensor]()
    for name, parameter in network.named_parameters():
        entry = "embed" in name or name.startswith("front.")
        part = vectors if parameter.dim() < 2 else embeddings if entry else layers
        part.append(parameter)
    decay = recipe.weight_decay
    groups = [{"params": vectors, "weight_decay": 0.0}]
    optimizers: list[torch.optim.Optimizer] = []
    if recipe.muon:
        groups.append({"params": embeddings, "weight_decay": 0.0})
        optimizers.append(
            torch.optim.Muon(
                layers, lr=recipe.peak_rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"
            )
        )
    else:
        groups.append({"params": layers + embeddings, "weight_decay": decay})
    adam = torch.optim.AdamW(groups, lr=recipe.peak_rate, betas=(0.9, 0.98), eps=1e-9, fused=True)
    return [*optimizers, adam]


def learning_rate(step: int, recipe: Recipe) -> float:
    """Linear warm-up, a plateau, and a linear way down to zero over `recipe.decay` of the steps.

    A run can be made longer while it is on the plateau (Hägele et al. 2024).
    """
    down = (recipe.steps - step) / (recipe.decay * recipe.steps)
    return recipe.peak_rate * min(1.0, (step + 1) / recipe.warmup, down)


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
    state, curve = run / "state.safetensors", run / "curve.jsonl"
    settings = {
        "recipe": asdict(trainer.recipe),
        "config": trainer.network.config.to_dict(),
        "seed": trainer.seed,
        "vocabulary": trainer.tokenizer.digest,
        **({"before": trainer.before} if trainer.before else {}),
    }
    kept = read_tensors(state) if state.is_file() else None
    step = _step_of(state, kept) if kept else 0
    _same_settings(run / "settings.json", json.loads(json.dumps(settings)), step)
    if kept:
        _go_on(trainer, state, kept)
    seconds = _cut_curve(curve, trainer.step)
    snapshots = set(snapshot_steps(trainer.recipe))
    if trainer.step == 0:
        _snapshot(trainer, run)
    saved, losses, started = time.monotonic(), list[Progress](), time.monotonic() - seconds
    with _no_interrupt() as interrupted:
        for progress in trainer.run():
            losses.append(progress)
            on_progress(progress)
            if progress.step in snapshots:
                _snapshot(trainer, run)
            if progress.step % 10 == 0 or progress.quality:
                row: dict[str, Any] = {
                    "step": progress.step,
                    "loss": round(sum(p.loss for p in losses) / len(losses), 4),
                    "accuracy": round(sum(p.accuracy for p in losses) / len(losses), 4),
                    "seconds": round(time.monotonic() - started, 1),
                    **{name: round(value, 4) for name, value in progress.quality.items()},
                }
                losses.clear()
                with curve.open("a") as file:
                    file.write(json.dumps(row) + "\n")
            if interrupted() or time.monotonic() - saved > SAVE_SECONDS:
                write_tensors(state, trainer.state())
                saved = time.monotonic()
            if interrupted():
                raise KeyboardInterrupt
    write_tensors(state, trainer.state())
    save(trainer.model(), run)


def _snapshot(trainer: Trainer, run: Path) -> None:
    write_weights(trainer.average, run / "snapshots" / f"{trainer.step:06d}.safetensors")


def _step_of(file: Path, kept: dict[str, Tensor]) -> int:
    step = kept.get("step")
    if step is None or step.numel() != 1:
        raise CheckpointError(f"{file} is not the state of a training. Remove it to start anew.")
    return int(step)


def _go_on(trainer: Trainer, file: Path, kept: dict[str, Tensor]) -> None:
    """Load a saved state; one of another model or optimizer is told of."""
    try:
        trainer.load_state(kept)
    except (RuntimeError, LookupError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{file} does not fit this training: {error}. Remove it to start anew."
        ) from error


def _cut_curve(file: Path, step: int) -> float:
    """Leave out what was noted after the saved state, and a line that a cut left unfinished.

    Returns:
        the seconds trained up to the last line that stays.
    """
    lines = file.read_text().splitlines() if file.is_file() else []
    whole = [line for line in lines if line.endswith("}")]
    try:
        kept = [line for line in whole if json.loads(line)["step"] <= step]
        seconds = float(json.loads(kept[-1])["seconds"]) if kept else 0.0
    except (ValueError, LookupError, TypeError) as error:
        raise CheckpointError(f"{file} is not the curve of a training: {error}") from error
    write_text(file, "".join(line + "\n" for line in kept))
    return seconds


def _same_settings(file: Path, settings: dict[str, Any], step: int) -> None:
    """Note the settings of a run; only its length may change, and only on the plateau of both."""
    try:
        old = json.loads(file.read_text()) if file.is_file() else settings
        plateau = min((1 - s["recipe"]["decay"]) * s["recipe"]["steps"] for s in (old, settings))
    except (ValueError, LookupError, TypeError) as error:
        raise CheckpointError(
            f"{file} does not say how the run was trained: {error!r}. Remove the folder to train "
            "from the start."
        ) from error
    if old != settings and (step > plateau or _without_length(old) != _without_length(settings)):
        raise ValueError(
            f"{file.parent} holds a run with other settings. Remove it, or choose another --run."
        )
    write_text(file, json.dumps(settings, indent=2) + "\n")


def _without_length(settings: dict[str, Any]) -> dict[str, Any]:
    length = ("steps", "snapshots")
    recipe = {name: value for name, value in settings["recipe"].items() if name not in length}
    return {**settings, "recipe": recipe}


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
) -> Trainer:
    """The trainer of a shipped task, ready to run.

    Args:
        start: the folder of a model to go on from, with a new rise and fall of the rate.

    Raises:
        ValueError: fewer than 1 step, or files that the task needs are missing.
    """
    if steps is not None and steps < 1:
        raise ValueError(f"The number of steps must be at least 1, not {steps}.")
    recipe = chosen.recipe if steps is None else replace(chosen.recipe, steps=steps)
    tokenizer = chosen.tokenizer(data)
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
    parser.add_argument("--data", type=Path, help="folder with the corpora (translation)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, help="instead of the recipe's")
    parser.add_argument("--start", type=Path, help="folder of a model to go on from")
    options = parser.parse_args(argv)
    run = options.run or RUNS / options.task
    try:
        trainer = build(
            task(options.task),
            seed=options.seed,
            steps=options.steps,
            data=options.data,
            start=options.start,
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
