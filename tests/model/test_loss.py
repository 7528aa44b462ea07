from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from headlight.model.training.loss import CHUNK, tied_cross_entropy


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("n", [1, 7, CHUNK, 2 * CHUNK + 3])
def test_loss_and_gradients_are_those_of_cross_entropy(n: int, smoothing: float) -> None:
    torch.manual_seed(n)
    x, embedding = torch.randn(n, 12), torch.randn(40, 12)
    target = torch.randint(0, 40, (n,))

    def loss_and_gradients(own: bool) -> list[torch.Tensor]:
        inputs = x.clone().requires_grad_(), embedding.clone().requires_grad_()
        if own:
            loss = tied_cross_entropy(*inputs, target, smoothing)
        else:
            loss = F.cross_entropy(
                F.linear(*inputs), target, label_smoothing=smoothing, reduction="mean"
            )
        return [loss.detach(), *torch.autograd.grad(3 * loss, inputs)]

    for ours, theirs in zip(loss_and_gradients(True), loss_and_gradients(False), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-5)


def test_products_in_bfloat16_stay_close() -> None:
    torch.manual_seed(0)
    x, embedding = torch.randn(300, 64), torch.randn(500, 64) / 8
    target = torch.randint(0, 500, (300,))
    exact = tied_cross_entropy(x, embedding, target, 0.1)
    rounded = tied_cross_entropy(x, embedding, target, 0.1, torch.bfloat16)
    assert rounded.dtype == torch.float32
    assert float(rounded) == pytest.approx(float(exact), rel=2e-3)


def test_uniform_logits_cost_the_log_of_the_vocabulary() -> None:
    loss = tied_cross_entropy(torch.zeros(5, 4), torch.randn(32, 4), torch.arange(5))
    assert float(loss) == pytest.approx(3.4657359, abs=1e-6)  # ln 32
