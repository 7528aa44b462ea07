"""What a step of training does to the weights, and what comes of it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from headlight.model.network.attention import MultiHeadAttention
from headlight.model.network.dropout import Dropout
from headlight.model.network.source import Source
from headlight.model.tasks import Recipe
from headlight.model.training import trainer as training
from headlight.model.training.optimizers import Muon, learning_rate, make_optimizers
from headlight.model.training.trainer import PATIENCE
from tests.model.training.small import RECIPE, trainer


def test_learning_goes_up_stays_and_goes_down() -> None:
    recipe = Recipe(steps=1_000, batch=1, peak_rate=2.0, warmup=100, decay=0.4)
    rates = [learning_rate(step, recipe) for step in range(1_000)]
    assert rates[0] == pytest.approx(0.02)
    assert rates[99:600] == [2.0] * 501
    assert rates[800] == pytest.approx(1.0)
    assert rates[999] == pytest.approx(0.005)
    assert all(rate > 0 for rate in rates)


def test_the_average_follows_the_weights_slowly() -> None:
    one = trainer(recipe=replace(RECIPE, ema=0.5))
    expected = {name: t.clone() for name, t in one.network.state_dict().items()}
    for step, kept in enumerate((0.1, 2 / 11, 0.25)):  # (1 + n) / (10 + n), until that exceeds 0.5
        one.step = step
        one.update(one.data.batch(step), 1e-2)
        for name, tensor in one.network.state_dict().items():
            expected[name] = kept * expected[name] + (1 - kept) * tensor
    for name, tensor in one.model().network.state_dict().items():
        torch.testing.assert_close(tensor, expected[name])
    one.step = 100
    one.update(one.data.batch(3), 1e-2)
    name = "encoder.0.self_attention.in_proj.weight"
    halfway = (expected[name] + one.network.state_dict()[name]) / 2
    torch.testing.assert_close(one.average[name], halfway)


def test_a_gradient_is_cut_to_length_one() -> None:
    one = trainer()
    with torch.no_grad():
        one.network.embedding.weight.mul_(20)  # badly wrong answers, so that the gradient is long
    one.optimizers = [torch.optim.SGD(one.network.parameters(), lr=1.0)]
    before = [p.detach().clone() for p in one.network.parameters()]
    one.update(one.data.batch(0), 0.5)
    change = [p.detach() - q for p, q in zip(one.network.parameters(), before, strict=True)]
    assert float(torch.cat([c.flatten() for c in change]).norm()) == pytest.approx(0.5, rel=1e-3)


def test_a_step_without_a_finite_gradient_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    one = trainer()
    before = {name: t.clone() for name, t in one.network.state_dict().items()}
    with monkeypatch.context() as patch:
        patch.setattr(training, "tied_cross_entropy", lambda x, *_: x.sum() * float("nan"))
        for step in range(PATIENCE - 1):
            assert math.isnan(one.update(one.data.batch(step), 1e-2)[0])
    assert all(torch.equal(before[n], t) for n, t in one.network.state_dict().items())
    assert all(torch.equal(before[n], t) for n, t in one.average.items())
    assert math.isfinite(one.update(one.data.batch(0), 1e-2)[0])
    assert not torch.equal(before["embedding.weight"], one.network.embedding.weight)
    with monkeypatch.context() as patch:
        patch.setattr(training, "tied_cross_entropy", lambda x, *_: x.sum() * float("nan"))
        for step in range(PATIENCE - 1):
            one.update(one.data.batch(step), 1e-2)
        with pytest.raises(ValueError, match=r"has not been finite for 10 steps.* --rate may do"):
            one.update(one.data.batch(PATIENCE), 1e-2)


@pytest.mark.parametrize("muon", [False, True], ids=["adam", "muon"])
def test_only_matrices_decay(muon: bool) -> None:
    network = trainer().network
    optimizers = make_optimizers(network, replace(RECIPE, muon=muon, weight_decay=0.25))
    decay = {
        id(p): (group["weight_decay"], isinstance(optimizer, torch.optim.Muon))
        for optimizer in optimizers
        for group in optimizer.param_groups
        for p in group["params"]
    }
    assert len(decay) == len(list(network.parameters()))
    for name, p in network.named_parameters():
        layers = p.dim() == 2 and name != "embedding.weight"
        decays = layers or (p.dim() == 2 and not muon)
        assert decay[id(p)] == (0.25 if decays else 0.0, layers and muon), name


def test_a_convolution_learns_as_the_matrix_that_it_is() -> None:
    torch.manual_seed(0)
    convolution = torch.nn.Parameter(torch.randn(6, 2, 3, 3))
    matrix = torch.nn.Parameter(convolution.detach().flatten(1).clone())
    convolution.grad = torch.randn(6, 2, 3, 3)
    matrix.grad = convolution.grad.flatten(1).clone()
    before = convolution.detach().clone()
    Muon([convolution], 0.1, 0.01).step()
    Muon([matrix], 0.1, 0.01).step()
    assert torch.equal(convolution.detach().flatten(1), matrix.detach())
    assert not torch.equal(convolution.detach(), before)


def test_loss_and_accuracy_of_a_step_are_those_of_its_batch() -> None:
    one = trainer(recipe=replace(RECIPE, smoothing=0.2))
    for module in one.network.modules():
        if isinstance(module, Dropout):
            module.p = 0.0
        elif isinstance(module, MultiHeadAttention):
            module.dropout = 0.0
    batch = one.data.batch(0)
    with torch.no_grad():
        src = torch.tensor(batch.src)
        source = Source(src, (src != 0).sum(1))
        logits = one.network(source, torch.tensor(batch.tgt_in))
    out = torch.tensor(batch.tgt_out)
    expected = F.cross_entropy(logits.mT, out, ignore_index=0, label_smoothing=0.2)
    right = (logits.argmax(-1) == out)[out != 0].float().mean()
    loss, accuracy = one.update(batch, 1.0)  # after such a step it would be another
    assert loss == pytest.approx(float(expected), abs=1e-4)
    assert accuracy == pytest.approx(float(right), abs=1e-6)


def test_the_encoder_learns_what_is_taught_beside() -> None:
    recipe = replace(RECIPE, steps=150, peak_rate=1e-2, labels=(3,))
    taught, plain = trainer(recipe=recipe), trainer(recipe=replace(recipe, labels=()))
    for step in range(recipe.steps):
        taught.update(taught.data.batch(step), 1e-2)
    assert taught.model().network.state_dict().keys() == plain.model().network.state_dict().keys()
    batch = taught.data.batch(1_000)
    assert batch.src_labels is not None
    labels, src = torch.from_numpy(batch.src_labels), torch.from_numpy(batch.src)
    with torch.no_grad():
        states = taught.network.eval().encode(Source(src, (src != 0).sum(1))).states
        read, real = taught.labels.maps[0](states), labels[..., 0] >= 0
        loss = F.cross_entropy(read[real], labels[real][:, 0])
        torch.testing.assert_close(taught.labels(states, labels), loss)
    assert float(loss) < 0.2  # 1.1 for a guess


def test_training_learns() -> None:
    """The loss of a very small model falls within a few steps."""
    recipe = replace(RECIPE, steps=60, peak_rate=1e-2)
    losses = [progress.loss for progress in trainer(recipe=recipe).run()]
    assert sum(losses[-10:]) < 0.93 * sum(losses[:10])
