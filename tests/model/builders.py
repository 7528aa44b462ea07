"""Small networks whose every parameter is random, so that no bias or norm hides a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from headlight.model import Model, ModelConfig
from headlight.model.network.transformer import Transformer
from headlight.model.tasks import Task, task


def random_network(seed: int = 0, **sizes: Any) -> Transformer:
    """A network in evaluation mode: 3 encoder and 2 decoder layers unless told otherwise."""
    shape = {
        "d_vocab": 30,
        "d_model": 16,
        "n_heads": 2,
        "d_ff": 24,
        "n_encoder_layers": 3,
        "n_decoder_layers": 2,
        "max_positions": 64,
    }
    torch.manual_seed(seed)
    network = Transformer(ModelConfig(**{**shape, **sizes}))
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if parameter.dim() < 2:
                parameter.add_(torch.randn_like(parameter) * 0.3)
            elif "in_proj" in name:
                parameter.mul_(2)  # uneven attention: a uniform pattern would hide mistakes
    return network.eval()


def random_model(slug: str = "reverse", seed: int = 0, **sizes: Any) -> Model:
    """An untrained model of a task: it reads the task's texts, and writes nonsense."""
    one: Task = task(slug)
    tokenizer = one.tokenizer()
    network = random_network(seed, **{"d_vocab": len(tokenizer), **sizes})
    return Model(slug, network, tokenizer, one)


def overflowing(name: str, factor: float) -> Model:
    """A model whose weights are all finite, one of them so huge that what it computes is not."""
    model = random_model()
    model.network.get_parameter(name).mul_(factor)
    assert all(bool(p.isfinite().all()) for p in model.network.parameters())
    return model


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Trap:
    """Leaves a mark when it is read back from a pickle."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)
