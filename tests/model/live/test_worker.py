"""The training inside of the process: what it says, when it ends, what it hands over."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import torch

from headlight.model.network.config import KINDS
from headlight.model.training.history import FULL, TrainingHistory
from headlight.model.training.live import LONGEST, Result, Settings, build, worker
from headlight.model.training.live.worker import Told, make_trainer, train
from headlight.model.training.recording_file import read

SMALL: dict[str, Any] = {"heads": 2, "d_model": 32}


class Heard:
    """The messages of a training; `stop_at` points it is told to stop."""

    def __init__(self, settings: Settings, stop_at: int | None = None) -> None:
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.told = Told()
        self.stop_at = stop_at
        self.settings = settings
        train(settings, self.told, self.say)

    def say(self, kind: str, **values: Any) -> None:
        self.messages.append((kind, values))
        if kind == "point" and len(self.of("point")) == self.stop_at:
            self.told.hear("stop")

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [values for said, values in self.messages if said == kind]

    def histories(self) -> list[TrainingHistory]:
        files = [BytesIO(base64.b64decode(frame["history"])) for frame in self.of("frame")]
        return [read(file)[0] for file in files]

    def result(self) -> Result:
        (values,) = self.of("weights")
        weights = base64.b64decode(values["weights"])
        return Result(self.settings, values["step"], values["reason"], weights)


@pytest.fixture(scope="module")
def stopped() -> Heard:
    return Heard(Settings(**SMALL), stop_at=3)


def test_it_says_where_it_stands_and_hands_over(stopped: Heard) -> None:
    points = stopped.of("point")
    assert points[0]["step"] == 1
    assert points[0]["loss"] > 3  # ln 30 is 3.4: it knows nothing yet
    steps = [point["step"] for point in points]
    assert steps == sorted(set(steps))
    assert all(0 <= point["accuracy"] <= 1 for point in points)
    result = stopped.result()
    assert result.reason == "stopped"
    assert stopped.histories()[0].steps == (0,)
    assert stopped.histories()[-1].steps == (result.step,)


def test_the_last_frame_is_what_the_model_handed_over_computes(stopped: Heard) -> None:
    history, model = stopped.histories()[-1], build(stopped.result(), "mine")
    assert model.slug == "mine"
    assert history.outputs[0] == model.run(history.source).output_text
    trace = model.teacher_force(history.source, history.target)
    for kind in KINDS:
        truth = np.stack([record.pattern for record in trace.attention[kind]])
        assert np.abs(history.patterns[kind][0] / FULL - truth).max() <= 0.5 / FULL + 1e-6
    np.testing.assert_allclose(history.log_probs[0], trace.chosen_log_probs, atol=1e-4)


def test_the_first_frame_is_of_untrained_weights(stopped: Heard) -> None:
    trainer, data = make_trainer(stopped.settings)
    source, target = data.probe()
    trace = trainer.model().teacher_force(source, target)
    first = stopped.histories()[0]
    assert (first.source, first.target) == (source, target)
    np.testing.assert_allclose(first.log_probs[0], trace.chosen_log_probs, atol=1e-5)


def test_the_time_limit_ends_it_with_the_weights() -> None:
    result = Heard(Settings(**SMALL, seconds=0.5)).result()
    assert "seconds are over" in result.reason
    assert result.step >= 1


def test_the_memory_limit_ends_it_with_the_weights() -> None:
    result = Heard(Settings(**SMALL, megabytes=1)).result()
    assert result.reason == "it used more than its 1 MB of memory"
    assert result.step == 1


def test_without_positions_there_are_none_in_training_or_after() -> None:
    settings = Settings(**SMALL, positions=False, megabytes=1)
    heard = Heard(settings)
    network = build(heard.result(), "mine").network
    assert not network.positions.any()
    assert build(Heard(Settings(**SMALL, megabytes=1)).result(), "mine").network.positions.any()


@pytest.mark.parametrize("task", LONGEST)
def test_inputs_are_short_and_held_out(task: str) -> None:
    _, data = make_trainer(Settings(task=task, **SMALL))
    batch = data.batch(0)
    assert batch.src.shape[1] <= LONGEST[task] + 1
    assert len({source for source, _ in data.held_out}) > 40
    np.testing.assert_array_equal(batch.src, data.batch(0).src)


@pytest.mark.parametrize("norm_first", [True, False])
def test_it_learns(norm_first: bool) -> None:
    trainer, data = make_trainer(Settings(**SMALL, norm_first=norm_first))
    torch.set_num_threads(1)
    losses = [trainer.update(data.batch(step), 3e-3)[0] for step in range(60)]
    assert np.mean(losses[-5:]) < 0.75 * losses[0]
    assert np.isfinite(losses).all()


def test_it_ends_when_it_is_solved_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([1.0, 1.0, 0.98, 1.0, 1.0, 1.0, 0.0])
    monkeypatch.setattr(worker, "POINT_SECONDS", 0.0)
    monkeypatch.setattr(worker, "EXACT_SECONDS", 0.0)
    monkeypatch.setattr(worker.Pairs, "evaluate", lambda *_: {"exact": next(answers)})
    heard = Heard(Settings(**SMALL))
    assert [point["exact"] for point in heard.of("point")] == [1.0, 1.0, 0.98, 1.0, 1.0, 1.0]
    assert heard.result().reason == "solved: 50 of 50 held-out answers right, 3 times"
    assert heard.result().step == 6


def test_it_gives_way_while_pages_are_drawn_as_long_as_its_share_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed, waits = [3.0], list[tuple[float, bool]]()
    told = Told(share=0.1, clock=lambda: computed[0])

    def wait(holds: Callable[[], bool], most: float) -> None:
        waits.append((round(most, 6), holds()))

    monkeypatch.setattr(told._changed, "wait_for", wait)
    for command, step in (("quiet", 0.06), ("pages", 0.06), ("pages", 0.0), ("stop", 0.02)):
        told.hear(command)
        computed[0] += step
        told.give_way()
    assert waits == [(0.54, True), (0.54, False), (0.0, False), (0.18, True)]


def test_every_step_and_every_token_of_a_measurement_gives_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ways = list[int]()
    monkeypatch.setattr(Told, "give_way", lambda told: ways.append(1))
    monkeypatch.setattr(worker, "EXACT_SECONDS", 0.0)
    heard = Heard(Settings(**SMALL, megabytes=1))  # one step, one point, one measurement
    assert heard.result().step == 1
    assert len(ways) > 10
