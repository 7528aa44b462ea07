"""One training run in memory: weights, their running average, and the optimizers, step by step.

The same seed gives the same run, whole or in pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ..checkpoints.folder import WEIGHTS, read_weights
from ..network.config import ModelConfig
from ..network.source import Source
from ..network.transformer import Transformer
from ..run.runner import Model
from ..run.tokenizer import Tokenizer
from ..tasks import Batch, Recipe, Task, TrainingData
from .labels import Labels
from .loss import tied_cross_entropy
from .optimizers import learning_rate, make_optimizers

PATIENCE = 10
"""Steps in a row that may be left out because their gradient is not finite."""


@dataclass(frozen=True)
class Progress:
    """Where a training stands after a step.

    `loss` is what was minimized, label smoothing included, in nats a token, without what is taught
    beside (`labels`); `accuracy` the share of the batch's first 256 target tokens predicted right,
    in [0, 1], with dropout in force.
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
        self.left_out = 0  # steps in a row
        self.network = Transformer(config)
        self.average = {name: p.detach().clone() for name, p in self.network.state_dict().items()}
        self.labels = Labels(config.d_model, recipe.labels)
        self.optimizers = make_optimizers(self.network, recipe, self.labels.parameters())

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
        """One step down the loss of a batch; returns loss and accuracy as in `Progress`.

        Raises:
            ValueError: the gradients of many steps in a row were not finite.
        """
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
            memory = self.network.encode(source)
            x = self.network.decode(tgt_in, memory)[real].float()
        embedding = self.network.embedding.weight
        loss = tied_cross_entropy(x, embedding, tgt_out[real], self.recipe.smoothing, dtype)
        with torch.no_grad():  # before the step: of the weights that made `x`
            few = slice(0, 256)
            guess = (x[few] @ embedding.T).argmax(-1)
            accuracy = (guess == tgt_out[real][few]).float().mean()
        total = loss
        if batch.src_labels is not None:
            total = loss + self.labels(memory.states.float(), torch.from_numpy(batch.src_labels))
        self.network.zero_grad()
        self.labels.zero_grad()
        total.backward()
        learnt = [*self.network.parameters(), *self.labels.parameters()]
        if not torch.nn.utils.clip_grad_norm_(learnt, 1.0).isfinite():
            self._leave_out()
            return loss.item(), accuracy.item()
        self.left_out = 0
        for optimizer in self.optimizers:
            optimizer.step()
        decay = min(self.recipe.ema, (1 + self.step) / (10 + self.step))
        for name, tensor in self.network.state_dict().items():
            self.average[name].lerp_(tensor, 1 - decay)
        return loss.item(), accuracy.item()

    def _leave_out(self) -> None:
        """A gradient that is not finite would spoil every weight for good: the step is left out, as
        mixed-precision training does (Micikevicius et al. 2018, section 3.2).
        """
        self.left_out += 1
        if self.left_out == PATIENCE:
            raise ValueError(
                f"The gradient has not been finite for {PATIENCE} steps, up to step {self.step:,}. "
                "What was kept of the run is from before; a lower --rate may do."
            )

    def model(self) -> Model:
        """A model with the averaged weights as they are now."""
        network = Transformer(self.network.config)
        network.load_state_dict(self.average)
        return Model(self.task.slug, network, self.tokenizer, self.task)

    def state(self) -> dict[str, Tensor]:
        """Everything needed to go on, as named tensors."""
        tensors = {f"network.{name}": t for name, t in self.network.state_dict().items()}
        tensors |= {f"average.{name}": t for name, t in self.average.items()}
        tensors |= {f"labels.{name}": t for name, t in self.labels.state_dict().items()}
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
        self.labels.load_state_dict(part("labels"))
        for n, optimizer in enumerate(self.optimizers):
            slots: dict[int, dict[str, Tensor]] = {}
            for name, tensor in part(f"optimizer.{n}").items():
                i, slot = name.split(".")
                slots.setdefault(int(i), {})[slot] = tensor
            optimizer.load_state_dict({**optimizer.state_dict(), "state": slots})
