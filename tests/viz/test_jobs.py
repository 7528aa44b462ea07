"""The queue of background work: order, progress, cancelling, failing, and forgotten jobs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from headlight.model import Edits
from headlight.viz import runtime
from headlight.viz.runtime.jobs import Job, Jobs
from headlight.viz.runtime.limits import Limits
from headlight.viz.runtime.turns import Turns
from tests.model.builders import random_model

LONG = 20.0


def count(n: int) -> Iterator[int]:
    yield from range(1, n + 1)


def held(started: threading.Event, go: threading.Event) -> Iterator[str]:
    """Work whose first step lasts until `go` is set."""
    started.set()
    go.wait(LONG)
    yield "first"
    yield "second"


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(Turns(patience=0.1), Limits())


@pytest.fixture
def gate() -> Iterator[tuple[threading.Event, threading.Event]]:
    started, go = threading.Event(), threading.Event()
    yield started, go
    go.set()


def test_the_last_value_is_the_result(jobs: Jobs) -> None:
    job = jobs.submit("count", count(5), total=5)
    assert job.wait(LONG)
    assert (job.status, job.latest, job.progress, job.place) == ("done", 5, 1.0, 0)
    assert not job.active


def test_one_at_a_time_in_the_order_asked(
    jobs: Jobs, gate: tuple[threading.Event, threading.Event]
) -> None:
    started, go = gate
    order: list[str] = []

    def noted(name: str) -> Iterator[None]:
        order.append(name)
        yield

    first = jobs.submit("first", held(started, go), total=2)
    second = jobs.submit("second", noted("second"), total=1)
    third = jobs.submit("third", noted("third"), total=1)
    assert started.wait(LONG)
    assert [job.place for job in (first, second, third)] == [0, 1, 2]
    assert [job.status for job in (first, second)] == ["running", "waiting"]
    assert order == []
    go.set()
    assert third.wait(LONG)
    assert order == ["second", "third"]
    assert first.latest == "second"


def test_a_running_job_stops_after_its_step(
    jobs: Jobs, gate: tuple[threading.Event, threading.Event]
) -> None:
    started, go = gate
    job = jobs.submit("held", held(started, go), total=2)
    assert started.wait(LONG)
    job.cancel()
    assert job.status == "running"
    go.set()
    assert job.wait(LONG)
    assert (job.status, job.latest, job.progress) == ("cancelled", None, 0.5)  # it holds nothing


def test_a_waiting_job_is_taken_out_and_the_next_moves_up(
    jobs: Jobs, gate: tuple[threading.Event, threading.Event]
) -> None:
    started, go = gate
    jobs.submit("held", held(started, go), total=2)
    assert started.wait(LONG)
    second = jobs.submit("second", count(1), total=1)
    third = jobs.submit("third", count(1), total=1)
    second.cancel()
    assert second.wait(LONG)
    assert (second.status, second.latest) == ("cancelled", None)
    assert third.place == 1
    go.set()
    assert third.wait(LONG)
    assert third.latest == 1


def test_a_job_that_nobody_looks_at_ends(jobs: Jobs) -> None:
    def endless() -> Iterator[int]:
        while True:
            time.sleep(0.01)
            yield 1

    job = jobs.submit("endless", endless(), total=10, patience=0.2)
    for _ in range(10):  # looked at for longer than its patience
        time.sleep(0.05)
        assert job.status in ("waiting", "running")
    assert job.wait(LONG)
    assert job.status == "cancelled"


def test_a_sentence_for_the_page_when_it_fails(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(error: Exception) -> Iterator[int]:
        yield 1
        raise error

    told = jobs.submit("told", failing(ValueError("The text is too long.")), total=2)
    with caplog.at_level(logging.ERROR):
        broken = jobs.submit("broken", failing(RuntimeError("secret")), total=2)
        assert broken.wait(LONG)
    assert (told.status, told.error) == ("failed", "The text is too long.")
    assert broken.status == "failed"
    assert "secret" not in broken.error
    assert "secret" in caplog.text
    after = jobs.submit("after", count(1), total=1)
    assert after.wait(LONG)
    assert after.status == "done"


def test_the_thread_ends_with_the_work(jobs: Jobs) -> None:
    job: Job = jobs.submit("count", count(3), total=3)
    assert job.wait(LONG)
    deadline = time.monotonic() + LONG
    while jobs._working and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not jobs._working
    again = jobs.submit("again", count(2), total=2)
    assert again.wait(LONG)
    assert again.latest == 2


def test_missing_sentences_and_too_much_work_are_told_of_as_failed_jobs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = random_model()
    model.task = None
    monkeypatch.setattr("headlight.model.analysis.corpus.ENGLISH", tmp_path / "english.txt")
    for spec in (
        runtime.measuring(model, None, "the project's sentences"),
        runtime.scanning(model, None),
        runtime.damaging(model, Edits(), None),
    ):
        job = runtime.server().jobs.submit(spec.title, spec.steps(), spec.total)
        assert job.wait(LONG)
        assert (job.status, job.error) == (
            "failed",
            "The project's sentences, english.txt, cannot be read.",
        )
    refused = runtime.server().jobs.refused("work", "Too many.")
    assert (refused.status, refused.error, refused.active) == ("failed", "Too many.", False)
