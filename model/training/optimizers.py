"""What moves the weights, and how fast at which step."""

from __future__ import annotations

import torch
from torch import Tensor

from ..network.transformer import Transformer
from ..tasks import Recipe


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
