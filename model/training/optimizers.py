"""What moves the weights, and how fast at which step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from ..network.transformer import Transformer
from ..tasks import Recipe


class Muon(torch.optim.Muon):
    """Muon (Jordan et al. 2024) on matrices, and on convolutions as matrices [out, in × kernel]."""

    def __init__(self, weights: list[nn.Parameter], rate: float, decay: float) -> None:
        flat = {w: nn.Parameter(w.data.flatten(1)) for w in weights if w.dim() > 2}  # same memory
        self.flat = flat
        matrices = [flat.get(weight, weight) for weight in weights]
        super().__init__(matrices, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw")

    def step(self, closure: Any = None) -> Any:
        """One step; matrices have the gradients of the convolutions that they are."""
        for weight, matrix in self.flat.items():
            matrix.grad = None if weight.grad is None else weight.grad.flatten(1)
        return super().step(closure)


def make_optimizers(
    network: Transformer, recipe: Recipe, beside: Iterable[Tensor] = ()
) -> list[torch.optim.Optimizer]:
    """AdamW (Loshchilov & Hutter 2019) for everything, or Muon for matrices and AdamW for
    embeddings, biases and norms.

    Args:
        beside: weights that are no part of the network, for AdamW.
    """
    matrices, embeddings, vectors = list[nn.Parameter](), list[Tensor](), [*beside]
    for name, parameter in network.named_parameters():
        if parameter.dim() < 2:
            vectors.append(parameter)
        elif "embed" in name:
            embeddings.append(parameter)
        else:
            matrices.append(parameter)
    decay = recipe.weight_decay
    groups: list[dict[str, Any]] = [{"params": vectors, "weight_decay": 0.0}]
    optimizers: list[torch.optim.Optimizer] = []
    if recipe.muon:
        groups.append({"params": embeddings, "weight_decay": 0.0})
        optimizers.append(Muon(matrices, recipe.peak_rate, decay))
    else:
        groups.append({"params": [*matrices, *embeddings], "weight_decay": decay})
    adam = torch.optim.AdamW(groups, lr=recipe.peak_rate, betas=(0.9, 0.98), eps=1e-9, fused=True)
    return [*optimizers, adam]


def learning_rate(step: int, recipe: Recipe) -> float:
    """Linear warm-up, a plateau, and a linear way down to zero over `recipe.decay` of the steps.

    A run can be made longer while it is on the plateau (Hägele et al. 2024).
    """
    down = (recipe.steps - step) / (recipe.decay * recipe.steps)
    return recipe.peak_rate * min(1.0, (step + 1) / recipe.warmup, down)
