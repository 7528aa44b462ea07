"""The queue of background work: order, progress, cancelling, failing, and forgotten jobs."""

from __future__ import annotations

import gc
import logging
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from headlight.model import Edits
from headlight.model.run.pace import breathe
from headlight.viz import runtime
from headlight.viz.runtime.jobs import Job, Jobs
from headlight.viz.runtime.limits import Limits, OverLimit
from headlight.viz.runtime.turns import LIGHT, Turns
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


def noted(order: list[str], name: str) -> Iterator[None]:
    """Work that says when it was begun."""
    order.append(name)
    yield


class Large:
    """What a job makes."""


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(Turns(share=0.1), Limits())


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


@pytest.mark.parametrize("owner", ["", "me"])
def test_what_an_ended_job_made_is_gone_with_the_last_who_looks_at_it(
    jobs: Jobs, owner: str
) -> None:
    gc.disable()  # it may come too late for a trace of 100 MB
    try:
        job = jobs.submit("makes it", iter([Large()]), total=1, owner=owner)
        assert job.wait(LONG)
        made = weakref.ref(job.latest)
        assert isinstance(made(), Large)
        del job
        until = time.monotonic() + LONG
        while made() is not None and time.monotonic() < until:
            time.sleep(0.01)  # its thread is ending
        assert made() is None
    finally:
        gc.enable()


def test_one_at_a_time_in_the_order_asked(
    jobs: Jobs, gate: tuple[threading.Event, threading.Event]
) -> None:
    started, go = gate
    order: list[str] = []
    first = jobs.submit("first", held(started, go), total=2)
    second = jobs.submit("second", noted(order, "second"), total=1)
    third = jobs.submit("third", noted(order, "third"), total=1)
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

    job = jobs.submit("endless", endless(), total=10, patience=1.0)
    until = time.monotonic() + 1.5
    while time.monotonic() < until:  # looked at for longer than its patience
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
    worked: list[threading.Thread] = []

    def noting(n: int) -> Iterator[int]:
        worked.append(threading.current_thread())
        yield from range(1, n + 1)

    for n in (3, 2):
        job: Job = jobs.submit("count", noting(n), total=n)
        assert job.wait(LONG)
        assert job.latest == n
    assert len(worked) == 2
    for thread in worked:
        thread.join(LONG)
        assert not thread.is_alive()


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


def test_output_to_source_gives_way_often_and_can_be_stopped(jobs: Jobs) -> None:
    """Every method looks around many times a text, the agreement of the methods as well."""
    model = random_model()
    trace = model.run("c a b d e f", max_len=12)
    spec = runtime.explaining(model, trace)
    whole = jobs.submit(spec.title, spec.steps(), spec.total)
    assert whole.wait(LONG)
    assert whole.latest is not None
    rows = len(trace.tgt_out) * len(whole.latest.scores)
    assert whole.breaths > rows, "at least once a row of each method"
    begun, go = threading.Event(), threading.Event()

    def steps() -> Iterator[object]:
        begun.set()
        go.wait(LONG)
        yield from spec.steps()

    stopped = jobs.submit(spec.title, steps(), spec.total)
    assert begun.wait(LONG)
    stopped.cancel()
    go.set()
    assert stopped.wait(LONG)
    assert (stopped.status, stopped.latest) == ("cancelled", None)
    assert stopped.breaths < whole.breaths


def test_a_panic_of_native_code_ends_the_job_and_is_told_of(jobs: Jobs) -> None:
    class Panic(BaseException):
        """What pyo3 raises."""

    def panics() -> Iterator[int]:
        yield 1
        raise Panic("at src/lib.rs")

    job = jobs.submit("panics", panics(), total=2)
    assert job.wait(LONG)
    assert job.status == "failed"
    assert job.error == "This could not be computed; the reason is in the server's log."


def test_whose_work_has_ended_goes_behind_the_others(
    jobs: Jobs, gate: tuple[threading.Event, threading.Event]
) -> None:
    started, go = gate
    order: list[str] = []
    jobs.submit("first", held(started, go), total=2, owner="one")
    assert started.wait(LONG)
    work = [
        jobs.submit(name, noted(order, name), total=1, owner=name[:3])
        for name in ("one b", "one c", "two a", "two b")
    ]
    go.set()
    assert all(one.wait(LONG) for one in work)
    assert order == ["two a", "one b", "two b", "one c"]


def test_maps_of_many_long_lines_are_refused_before_they_fill_the_memory(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = random_model()
    monkeypatch.setattr(runtime.server(), "limits", Limits(session_megabytes=0.01))
    spec = runtime.scanning(model, "c a b d e f\n" * 40)
    job = jobs.submit(spec.title, spec.steps(), spec.total)
    assert job.wait(LONG)
    assert (job.status, job.latest) == ("failed", None)
    assert "take more than the 0 MB that are kept for a page. Give fewer" in job.error


def test_what_a_page_waits_for_begins_at_once_and_takes_turns_when_it_is_long(
    jobs: Jobs, gate: tuple[threading.Event, threading.Event]
) -> None:
    started, go = gate
    held_up = jobs.submit("held", held(started, go), total=2, owner="one")
    assert started.wait(LONG)
    short = jobs.at_once("short", count(1), owner="two")
    assert short.wait(LONG), "it does not wait for the long one"

    def long() -> Iterator[str]:
        end = time.thread_time() + 1.2 * LIGHT
        while time.thread_time() < end:
            breathe()
        yield "made"

    page = jobs.at_once("long", long(), owner="two")
    assert page.told.wait(LONG)
    assert not page.wait(0.1)
    assert page.place == 1, "it waits for the held one"
    go.set()
    assert page.wait(LONG)
    assert page.latest == "made"
    assert held_up.wait(LONG)


def test_what_a_page_waits_for_is_given_up_after_its_seconds() -> None:
    limited, over = Jobs(Turns(share=0.1), Limits(request_seconds=0.1)), threading.Event()

    def endless() -> Iterator[None]:
        while not over.is_set():
            breathe()
        yield

    job = limited.at_once("endless", endless(), owner="me")
    assert job.wait(LONG)
    assert "was stopped. Shorten the input." in job.error
    assert isinstance(job.failure, OverLimit)
