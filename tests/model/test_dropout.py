from __future__ import annotations

import pytest
import torch

from headlight.model.network.dropout import Dropout, dropout


@pytest.mark.parametrize("p", [0.05, 0.15, 0.5])
def test_rate_and_expectation(p: float) -> None:
    torch.manual_seed(0)
    x = torch.full((1001, 999), 3.0)  # not a multiple of the eight decisions a random number
    dropped = dropout(x, p)
    rate = round(p * 256) / 256
    assert float((dropped == 0).double().mean()) == pytest.approx(rate, abs=0.002)
    assert abs(rate - p) <= 1 / 512
    assert float(dropped.double().mean()) == pytest.approx(3.0, abs=0.01)
    kept = dropped[dropped != 0]
    torch.testing.assert_close(kept, torch.full_like(kept, 3.0 / (1 - rate)))


def test_the_highest_rate_leaves_something() -> None:
    torch.manual_seed(0)
    kept = dropout(torch.ones(100_000), 0.999)
    assert set(kept.tolist()) == {0.0, 256.0}


def test_neighbours_are_dropped_independently() -> None:
    torch.manual_seed(0)
    gone = (dropout(torch.ones(1_000_000), 0.5) == 0).double() - 0.5
    for distance in (1, 2, 4, 7, 8, 16):
        correlation = float((gone[:-distance] * gone[distance:]).mean()) * 4
        assert abs(correlation) < 0.01


def test_the_gradient_passes_where_the_value_did() -> None:
    torch.manual_seed(0)
    x = torch.ones(1000, requires_grad=True)
    out = dropout(x, 0.25)
    out.sum().backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad, out.detach())
    assert 0 < int((out == 0).sum()) < 1000


def test_evaluation_changes_nothing() -> None:
    x = torch.randn(50, 50)
    module = Dropout(0.5)
    assert module.eval()(x) is x
    assert not torch.equal(module.train()(x), x)
    assert Dropout(0.0).train()(x) is x


def test_the_seed_decides() -> None:
    x = torch.ones(1000)
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(dropout(x, 0.5))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
