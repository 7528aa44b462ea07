"""A training in its own process: controls, the line of those who wait, and what is left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from headlight.model.training.live import Settings, Training, TrainingQueue, TrainingSession

LONG = 900.0
"""Seconds that a process may take to say something: where others compute, it waits for its turn."""
SMALL: dict[str, Any] = {"heads": 2, "d_model": 32, "seconds": 4 * LONG}


def wait_for(true: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.fixture
def begun() -> Iterator[list[Training]]:
    """Trainings that the test made; none is left running."""
    made: list[Training] = []
    yield made
    for training in made:
        training.close()


class Stub(Training):
    """A training without a process."""

    started = False

    def start(self) -> bool:
        if self.status == "closed":
            return False
        self.started, self.status = True, "running"
        return True

    def end(self) -> None:
        self.status = "done"
        self.on_end(self)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"task": "translate-en-fr"}, "cannot be trained live"),
        ({"layers": 4}, "layers must be from 1 to 3"),
        ({"d_model": 512}, "d_model must be from 1 to 128"),
        ({"d_model": 30, "heads": 4}, "must be a multiple of n_heads"),
        ({"layers": "2"}, "layers must be from 1 to 3, not 2"),
        ({"seed": -1}, "seed must be from 0 to 4294967295, not -1"),
        ({"seed": 0.5}, "seed must be from 0 to 4294967295, not 0.5"),
        ({"megabytes": 0}, "megabytes must be from 1 to 1000000, not 0"),
        ({"seconds": 0}, "seconds must be above 0, to 86400, not 0"),
        ({"seconds": float("inf")}, "seconds must be above 0, to 86400, not inf"),
        ({"seconds": "60"}, "seconds must be above 0, to 86400, not 60"),
        ({"positions": "no"}, "positions must be true or false, not 'no'"),
    ],
)
def test_settings_that_are_not_offered_are_refused(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Settings(**values)


def test_one_at_a_time_in_the_order_in_which_they_came() -> None:
    line, (first, second, third) = (
        TrainingQueue(),
        (Stub(Settings()), Stub(Settings()), Stub(Settings())),
    )
    for training in (first, second, third):
        line.enter(training)
    assert [t.started for t in (first, second, third)] == [True, False, False]
    assert [line.place(t) for t in (first, second, third)] == [0, 1, 2]
    first.end()
    assert [t.started for t in (second, third)] == [True, False]
    assert line.place(third) == 1


def test_who_leaves_while_waiting_holds_nobody_up() -> None:
    line, (first, second, third) = (
        TrainingQueue(),
        (Stub(Settings()), Stub(Settings()), Stub(Settings())),
    )
    for training in (first, second, third):
        line.enter(training)
    second.close()
    assert line.place(third) == 1
    first.end()
    assert third.started
    assert not second.started


def test_a_process_that_cannot_start_is_told_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError("no memory left")

    monkeypatch.setattr("headlight.model.training.live.training.subprocess.Popen", refuse)
    line, first, second = TrainingQueue(), Training(Settings()), Stub(Settings())
    line.enter(first)
    assert (first.status, first.error) == (
        "failed",
        "No process could be started: no memory left",
    )
    line.enter(second)
    assert second.started


def _status(training: Training) -> str:
    """What it is by now, which a type checker would take for what it was."""
    return training.status


def test_a_whole_training_with_its_controls(
    begun: list[Training], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    seat = TrainingSession(TrainingQueue())
    seat.start(Settings(**SMALL))
    training = seat.training
    assert training is not None
    begun.append(training)
    wait_for(lambda: training.points or not training.active, "it trains")
    first = time.monotonic()
    wait_for(lambda: len(training.points) > 2 or not training.active, "it goes on training")
    pace = time.monotonic() - first
    assert _status(training) == "running", training.error
    assert training.n_parameters > 10_000
    training.pause()
    assert _status(training) == "paused"
    resting = -1
    while resting < (resting := len(training.points)):  # the step at hand may take its time
        time.sleep(2.0 + 2 * pace)
    assert training.status == "paused"
    training.go_on()
    wait_for(lambda: len(training.points) > resting, "it goes on")
    assert seat.collect_finished(()) is None
    training.stop()
    wait_for(lambda: training.status == "done", "it ends")
    name = seat.collect_finished(["reverse-mine"])
    assert name == "reverse-mine-2"
    trained = seat.trained[name]
    assert trained.reason == "stopped"
    assert trained.history.steps[0] == 0
    assert trained.history.outputs[-1] == trained.model.run(trained.history.source).output_text
    assert [point.step for point in trained.curve] == [point.step for point in training.points]
    assert seat.training is None
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    torch_s_own = {"_remote_module_non_scriptable.py"}  # torch 2.9 makes one as it is imported
    assert left <= torch_s_own, "nothing is left on disk"


def test_closing_ends_the_process_and_the_next_one_starts(begun: list[Training]) -> None:
    line = TrainingQueue()
    first, second = Training(Settings(**SMALL)), Training(Settings(**SMALL))
    begun += [first, second]
    line.enter(first)
    line.enter(second)
    assert (first.status, second.status, line.place(second)) == ("running", "waiting", 1)
    process = first._process
    assert process is not None
    first.close()
    wait_for(lambda: process.poll() is not None, "the process ends")
    wait_for(lambda: second.status == "running", "the next one starts")
    assert first.status == "closed"
    assert first.result is None


def test_the_process_ends_with_its_server(begun: list[Training]) -> None:
    training = Training(Settings(**SMALL))
    begun.append(training)
    training.start()
    process = training._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    wait_for(lambda: process.poll() is not None, "the process ends")
    wait_for(lambda: training.status == "failed", "the page is told")
    assert training.error == "The training's process ended without an answer."


@pytest.mark.skipif(not hasattr(os, "nice"), reason="no niceness here")
def test_a_page_goes_first(begun: list[Training]) -> None:
    training = Training(Settings(**SMALL))
    begun.append(training)
    training.start()
    assert training._process is not None
    pid = training._process.pid
    own = os.getpriority(os.PRIO_PROCESS, 0)
    wait_for(lambda: os.getpriority(os.PRIO_PROCESS, pid) > own or own == 19, "it steps back")
