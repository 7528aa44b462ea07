"""A training of the class: what one process publishes, what the others see and wish for."""

from __future__ import annotations

from pathlib import Path

import pytest

from headlight.viz.room import Store
from headlight.viz.room.trainings import KEPT, SILENT, Outcome
from headlight.viz.runtime.limits import Limits
from tests.room.conftest import Clock


@pytest.fixture
def trains(tmp_path: Path, clock: Clock) -> Store:
    """The process that trains."""
    return Store(tmp_path / "rooms.sqlite", Limits(), clock)


@pytest.fixture
def other(tmp_path: Path, clock: Clock) -> Store:
    """Another one."""
    return Store(tmp_path / "rooms.sqlite", Limits(), clock)


def moved(store: Store, code: str) -> int:
    return store.versions([code])[code][0]


def test_what_one_process_publishes_all_see(trains: Store, other: Store) -> None:
    code, _ = trains.open_room()
    told = trains.begin_training(code, "reverse")
    room = other.room(code)
    assert room is not None
    assert room.trains == told.number == 1
    before = moved(other, code)
    trains.publish(told, "running", {"said": "step 1"}, b"first")
    trains.publish(told, "running", {"said": "step 2"}, b"second")
    seen = other.training(code)
    assert seen is not None
    assert (seen.name, seen.status, seen.facts["said"]) == (f"reverse-{code}", "running", "step 2")
    assert (seen.frame, other.picture(code, 1)) == (2, b"second")
    assert moved(other, code) == before + 2

    # Off the stage it wakes nobody until it has ended.
    other.set(code, trains=None)
    before = moved(other, code)
    trains.publish(told, "running", {"said": "step 3"}, b"third")
    assert moved(other, code) == before
    assert other.trained(code) == []
    trains.publish(told, "done", {"said": "step 4"}, b"last", Outcome(b"history", b"weights"))
    assert moved(other, code) == before + 1
    assert [one.name for one in other.trained(code)] == [f"reverse-{code}"]
    assert other.outcome(code, 1) == Outcome(b"history", b"weights")


def test_one_at_a_time_and_the_oldest_go(trains: Store) -> None:
    code, _ = trains.open_room()
    for number in range(1, KEPT + 3):
        told = trains.begin_training(code, "sort")
        assert told.name == f"sort-{code}" + ("" if number == 1 else f"-{number}")
        with pytest.raises(ValueError, match="training already"):
            trains.begin_training(code, "sort")
        trains.publish(told, "done", {}, None, Outcome(b"f", b"w"))
    assert [one.number for one in trains.trained(code)] == [3, 4, 5, 6]


def test_a_wish_comes_through_once_and_none_when_the_room_is_gone(
    trains: Store, other: Store
) -> None:
    code, _ = trains.open_room()
    told = trains.begin_training(code, "reverse")
    assert trains.take_wish(told) == ""
    other.wish(code, "pause")
    assert trains.take_wish(told) == "pause"
    assert trains.take_wish(told) == ""
    other.end(code)
    assert trains.take_wish(told) is None
    assert other.training(code) is None
    assert other.picture(code, 1) == b""


def test_a_training_whose_process_is_gone_is_over(
    trains: Store, other: Store, clock: Clock
) -> None:
    code, _ = trains.open_room()
    told = trains.begin_training(code, "reverse")
    trains.publish(told, "running", {"said": "step 1"}, b"first")
    clock.now += SILENT - 1
    trains.is_alive(told)
    clock.now += SILENT - 1
    other.expire()
    assert (other.training(code) or told).status == "running"
    before = moved(other, code)
    clock.now += 2
    other.expire()
    seen = other.training(code)
    assert seen is not None
    assert seen.status == "failed"
    assert "process that trained is gone" in seen.facts["error"]
    assert seen.facts["said"] == "step 1"
    assert moved(other, code) == before + 1
    assert trains.take_wish(told) is None, "should it come back, it ends"
    assert other.begin_training(code, "reverse").number == 2


def test_a_question_takes_the_stage_and_gives_it_back(trains: Store) -> None:
    code, _ = trains.open_room()
    trains.begin_training(code, "reverse")
    trains.ask(code, {})
    room = trains.room(code)
    assert room is not None
    assert (room.trains, room.asked is not None) == (1, True)
    trains.clear(code)
    room = trains.room(code)
    assert room is not None
    assert (room.trains, room.asked) == (1, None)
