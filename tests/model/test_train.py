"""A training is its seed: run twice, or stopped and resumed, it gives the same bits."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

import headlight
from headlight.model import ModelConfig
from headlight.model.network.attention import MultiHeadAttention
from headlight.model.network.dropout import Dropout
from headlight.model.network.source import Source
from headlight.model.run.vocabularies import characters, whole_words
from headlight.model.tasks import TASKS, Recipe, task
from headlight.model.tasks.base import Batch, Decode, SyntheticData, TrainingData, exact_match
from headlight.model.tasks.reverse import Reverse
from headlight.model.training.evaluate import FRESH_SEED, evaluate
from headlight.model.training.optimizers import Muon, learning_rate, make_optimizers
from headlight.model.training.publish import publish, thin
from headlight.model.training.train import N_SNAPSHOTS, build, main, snapshot_steps, train
from headlight.model.training.trainer import Progress, Trainer
from tests.model.builders import files

TOKENIZER = Reverse().tokenizer()
CONFIG = ModelConfig(d_vocab=len(TOKENIZER), d_model=16, n_heads=2, d_ff=16, dropout=0.1)
RECIPE = Recipe(steps=24, batch=8, peak_rate=5e-3, warmup=5, evaluate_every=12)


class FewPairs(TrainingData):
    """Eight pairs a step, and a measure that costs nothing."""

    def __init__(self, seed: int, labelled: bool = False) -> None:
        self.pairs, self.labelled = SyntheticData(Reverse(), TOKENIZER, seed), labelled

    def batch(self, step: int) -> Batch:
        whole = self.pairs.batch(step)
        src = whole.src[:8]
        labels = np.where(src > 0, src % 3, -1)[..., None] if self.labelled else None
        return Batch(src, whole.tgt_in[:8], whole.tgt_out[:8], src_labels=labels)

    def evaluate(self, decode: Decode) -> dict[str, float]:
        return {"accuracy": float(decode(["a b"]) == ["b a"])}


def trainer(seed: int = 0, recipe: Recipe = RECIPE) -> Trainer:
    pairs = FewPairs(seed, labelled=bool(recipe.labels))
    return Trainer(Reverse(), pairs, TOKENIZER, CONFIG, recipe, seed)


def weights(run: Path) -> dict[str, bytes]:
    """The shipped weights and every snapshot, byte by byte."""
    return {name: content for name, content in files(run).items() if name.endswith("safetensors")}


def stop_at(step: int) -> Callable[[Progress], None]:
    """Ctrl-C during a step."""

    def on_progress(progress: Progress) -> None:
        if progress.step == step:
            os.kill(os.getpid(), signal.SIGINT)

    return on_progress


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("unbroken")
    train(trainer(), run)
    return run


@pytest.mark.parametrize(
    "recipe",
    [RECIPE, replace(RECIPE, muon=True), replace(RECIPE, muon=True, labels=(3,))],
    ids=["adam", "muon", "labels"],
)
def test_stopped_and_resumed_is_unbroken_to_the_last_bit(tmp_path: Path, recipe: Recipe) -> None:
    train(trainer(recipe=recipe), tmp_path / "whole")
    for step in (7, 15):  # stopped twice, each time going on in a new trainer
        with pytest.raises(KeyboardInterrupt):
            train(trainer(recipe=recipe), tmp_path / "parts", on_progress=stop_at(step))
        assert int(load_file(tmp_path / "parts" / "state.safetensors")["step"]) == step
        assert not (tmp_path / "parts" / "model.safetensors").exists()
    train(trainer(recipe=recipe), tmp_path / "parts")
    assert weights(tmp_path / "parts") == weights(tmp_path / "whole")
    steps = [[row["step"] for row in rows(tmp_path / name)] for name in ("whole", "parts")]
    assert steps[0] == steps[1] == [10, 12, 20, 24]


def rows(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "curve.jsonl").read_text().splitlines()]


def test_the_seed_decides(unbroken: Path, tmp_path: Path) -> None:
    train(trainer(), tmp_path / "again")
    train(trainer(seed=1), tmp_path / "other")
    assert weights(tmp_path / "again") == weights(unbroken)
    assert weights(tmp_path / "other") != weights(unbroken)


def test_a_finished_run_has_its_model_snapshots_and_curve(unbroken: Path) -> None:
    loaded = headlight.load(unbroken)
    assert (loaded.slug, loaded.config) == ("reverse", CONFIG)
    found = sorted(path.name for path in (unbroken / "snapshots").iterdir())
    assert found == [f"{step:06d}.safetensors" for step in snapshot_steps(RECIPE)]
    last = load_file(unbroken / "snapshots" / "000024.safetensors")
    assert torch.equal(last["embedding.weight"].float(), loaded.network.embedding.weight)
    untrained = load_file(unbroken / "snapshots" / "000000.safetensors")
    torch.manual_seed(0)
    fresh = trainer().network.embedding.weight
    assert torch.equal(untrained["embedding.weight"], fresh.detach().half())
    first, *_, end = rows(unbroken)
    assert end["loss"] < first["loss"]
    assert end["accuracy"] >= 0
    assert [("seconds" in row, row["step"] % 12 == 0) for row in rows(unbroken)] == [
        (True, False),
        (True, True),
        (True, False),
        (True, True),
    ]


def test_a_run_with_other_settings_is_not_mixed_in(unbroken: Path) -> None:
    before = files(unbroken)
    for other in (trainer(seed=1), trainer(recipe=replace(RECIPE, peak_rate=1e-3))):
        with pytest.raises(ValueError, match=r"holds a run with other settings\. Remove it, or"):
            train(other, unbroken)
    assert files(unbroken) == before


def test_a_run_with_another_vocabulary_is_not_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(3))
    other = trainer()
    other.tokenizer = characters("zyxwvutsrqponmlkjihgfedcba")
    with pytest.raises(ValueError, match="holds a run with other settings"):
        train(other, tmp_path)


def test_a_run_is_made_longer_on_its_plateau_only(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(14))  # the way down begins after 14.4
    train(trainer(recipe=replace(RECIPE, steps=30)), tmp_path)
    assert rows(tmp_path)[-1]["step"] == 30
    whole = tmp_path / "whole"
    train(trainer(recipe=replace(RECIPE, steps=30)), whole)
    last = "snapshots/000030.safetensors"
    assert weights(tmp_path)[last] == weights(whole)[last]
    for steps in (24, 40):
        with pytest.raises(ValueError, match="holds a run with other settings"):
            train(trainer(recipe=replace(RECIPE, steps=steps)), tmp_path)


def test_the_clock_goes_on_after_a_stop(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(13))
    curve = tmp_path / "curve.jsonl"
    kept = [{**row, "seconds": 1_000.0} for row in rows(tmp_path)]
    curve.write_text("".join(json.dumps(row) + "\n" for row in kept))
    train(trainer(), tmp_path)
    assert [row["seconds"] >= 1_000 for row in rows(tmp_path)] == [True] * 4


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_cut_state_is_refused_by_name(tmp_path: Path, share: float) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(3))
    state = tmp_path / "state.safetensors"
    content = state.read_bytes()
    state.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ValueError, match=r"state\.safetensors is damaged.*Remove it") as error:
        train(trainer(), tmp_path)
    assert str(state) in str(error.value)
    state.write_bytes(content)
    train(trainer(), tmp_path)
    assert (tmp_path / "model.safetensors").exists()


def test_a_curve_cut_in_the_middle_of_a_line_goes_on(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path, on_progress=stop_at(13))
    curve = tmp_path / "curve.jsonl"
    curve.write_text(curve.read_text() + '{"step": 1')
    train(trainer(), tmp_path)
    assert [row["step"] for row in rows(tmp_path)] == [10, 12, 20, 24]


def test_learning_goes_up_stays_and_goes_down() -> None:
    recipe = Recipe(steps=1_000, batch=1, peak_rate=2.0, warmup=100, decay=0.4)
    rates = [learning_rate(step, recipe) for step in range(1_000)]
    assert rates[0] == pytest.approx(0.02)
    assert rates[99:600] == [2.0] * 501
    assert rates[800] == pytest.approx(1.0)
    assert rates[999] == pytest.approx(0.005)
    assert all(rate > 0 for rate in rates)


@pytest.mark.parametrize("one", TASKS, ids=lambda one: one.slug)
def test_snapshots_grow_from_the_untrained_model_to_the_last_step(one: object) -> None:
    recipe = one.recipe  # type: ignore[attr-defined]
    steps = snapshot_steps(recipe)
    assert steps[0] == 0
    assert steps[-1] == recipe.steps
    assert list(steps) == sorted(set(steps))
    assert len(steps) >= N_SNAPSHOTS
    assert max(b / a for a, b in pairwise(steps[1:])) < 3, "roughly logarithmic"


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


def test_a_curve_holds_means_since_its_last_point(tmp_path: Path) -> None:
    seen: list[Progress] = []
    train(trainer(), tmp_path, on_progress=seen.append)
    assert [one.step for one in seen] == list(range(1, 25))
    for row, part in zip(rows(tmp_path), (slice(10), slice(10, 12), slice(12, 20)), strict=False):
        losses = [one.loss for one in seen[part]]
        assert row["loss"] == pytest.approx(sum(losses) / len(losses), abs=1e-4)
    first = rows(tmp_path)[0]
    assert first["accuracy"] == pytest.approx(sum(p.accuracy for p in seen[:10]) / 10, abs=1e-4)


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


def test_a_finished_run_is_published(unbroken: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shipped"
    (folder / "snapshots").mkdir(parents=True)
    (folder / "snapshots" / "000099.safetensors").write_bytes(b"of an earlier run")
    (folder / "card.md").write_text("written by hand")
    publish(unbroken, folder, with_snapshots=True)
    assert headlight.load(folder).digest == headlight.load(unbroken).digest
    curve = json.loads((folder / "curve.json").read_text())
    assert curve["recipe"]["steps"] == 24
    assert curve["seed"] == 0
    assert [point["step"] for point in curve["points"]] == [10, 12, 20, 24]
    kept = {name for name in files(folder) if name.startswith("snapshots/")}
    assert kept == {f"snapshots/{step:06d}.safetensors" for step in snapshot_steps(RECIPE)}
    assert (folder / "card.md").read_text() == "written by hand"
    publish(unbroken, tmp_path / "without", with_snapshots=False)
    assert not (tmp_path / "without" / "snapshots").exists()


def test_an_unfinished_run_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(trainer(), tmp_path / "run", on_progress=stop_at(3))
    for run in (tmp_path / "run", tmp_path / "nothing"):
        with pytest.raises(ValueError, match="holds no finished run: `headlight train"):
            publish(run, tmp_path / "shipped", with_snapshots=True)
    assert not (tmp_path / "shipped").exists()


def test_a_long_curve_is_thinned_without_losing_its_measures() -> None:
    plain = {"loss": 1.0, "accuracy": 0.0, "seconds": 1.0}
    points: list[dict[str, float]] = [{"step": n, **plain} for n in range(5_000)]
    for n in (17, 1_234, 4_999):
        points[n]["bleu"] = float(n)
    kept = thin(points)
    assert len(kept) < 450
    assert kept[:20] == points[:20]
    assert [point["bleu"] for point in kept if "bleu" in point] == [17.0, 1234.0, 4999.0]
    assert thin(points[:90]) == points[:90]
    assert len(thin(points[200:999])) < 450


def test_measuring_counts_whole_answers(unbroken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = headlight.load(unbroken)
    found = evaluate(loaded, n=10)
    assert found["inputs"] == 10
    assert found["exact_match"] == exact_match(Reverse(), loaded.translate, 10, FRESH_SEED)
    monkeypatch.setattr(loaded, "translate", lambda texts: [text[::-1] for text in texts])
    assert evaluate(loaded, n=40)["exact_match"] == 1.0
    for n in (0, -1):
        with pytest.raises(ValueError, match=f"must be at least 1, not {n}"):
            evaluate(loaded, n=n)
    loaded.task = None
    with pytest.raises(ValueError, match="is not trained for a task with known answers"):
        evaluate(loaded)


def test_the_command_trains_and_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Reverse, "config", lambda self, d_vocab: CONFIG)
    monkeypatch.setattr(SyntheticData, "evaluate", lambda self, decode: {"accuracy": 0.5})
    run = str(tmp_path / "run")
    monkeypatch.setattr("sys.argv", ["train", "reverse", "--run", run, "--steps", "3"])
    main()
    printed = capsys.readouterr()
    assert "headlight publish reverse" in printed.out
    assert "3/3" in printed.err
    assert "accuracy=0.500" in printed.err
    assert headlight.load(run).task is task("reverse")
    monkeypatch.setattr("sys.argv", ["train", "reverse", "--run", run, "--steps", "4"])
    with pytest.raises(SystemExit, match="other settings"):
        main()
    for steps in ("0", "-5"):
        monkeypatch.setattr("sys.argv", ["train", "reverse", "--run", run, "--steps", steps])
        with pytest.raises(SystemExit, match=f"at least 1, not {steps}"):
            main()


def test_going_on_from_a_model_keeps_its_vocabulary(
    unbroken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task would learn another one today: as large, with other pieces."""
    old, words = headlight.load(unbroken), list("zyxwvutsrqponmlkjihgfedcba")
    monkeypatch.setattr(Reverse, "config", lambda self, d_vocab: CONFIG)
    monkeypatch.setattr(Reverse, "tokenizer", lambda self, data: whole_words(words))
    begun = build(Reverse(), start=unbroken)
    assert begun.tokenizer.digest == old.tokenizer.digest
    assert begun.tokenizer.digest != Reverse().tokenizer(None).digest
    assert begun.model().run("a b c").output_text == old.run("a b c").output_text
    assert begun.before == Reverse.recipe.steps
    with pytest.raises(ValueError, match=r"tokenizer\.json is not a usable tokenizer"):
        build(Reverse(), start=unbroken / "snapshots")


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
