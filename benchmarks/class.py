"""A class: thirty phones follow, answer and see the reveal, over the page's own protocol.

    python -m benchmarks class            all that are not measured yet
    python -m benchmarks class/one        one server process
    python -m benchmarks class/two        two processes behind nginx
    python -m benchmarks class/training   one process, with and without another session's training
    python -m benchmarks class/table      what has been measured; /anew forgets it

HEADLIGHT_PUPILS (30), HEADLIGHT_ROUNDS (10). Results are kept in build/class.json. Every sentence
is new. Clients and server share the machine. What is timed: from the teacher's press to the moment
at which each phone has been sent the change; from a pupil's answer to the teacher's tally with it.
"""

from __future__ import annotations

import os
import secrets
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any

from benchmarks.attacks import MODEL
from benchmarks.kept import Kept
from benchmarks.many_people import one_process, two_processes
from benchmarks.people import new_sentence
from benchmarks.protocol import Tab, children, cpu_seconds, data_of, key_of
from benchmarks.timing import table
from headlight.viz.room import Store
from headlight.viz.runtime.limits import Limits
from tests.browser.session import Server

PUPILS = int(os.environ.get("HEADLIGHT_PUPILS", "30"))
ROUNDS = int(os.environ.get("HEADLIGHT_ROUNDS", "10"))
PART = "classroom"
LONG = 30.0
QUIET = 10.0
"""Seconds in which nothing happens, for what waiting costs."""
TURNS = 2
"""How often a training starts and ends, between rounds without one."""
Times = dict[str, list[float]]
"""Seconds by what was timed."""
TYPES, ASKS, ANSWERS, REVEALS = (
    "teacher types → page of every phone",
    "teacher asks → every phone",
    "pupil answers → teacher's tally",
    "teacher reveals → every phone",
)
AIMS = {TYPES: 1.0, ASKS: 1.0, ANSWERS: 0.3, REVEALS: 1.0}


class Phone:
    """A tab in a class, which listens in a thread of its own.

    Args:
        me: as the part of the page knows itself: code, token, and a teacher's secret.
    """

    def __init__(self, tab: Tab, me: dict[str, str]) -> None:
        self.tab, self.me = tab, me
        self.acts: list[list[Any]] = []
        self.page = secrets.token_urlsafe(6)
        self.data: dict[str, Any] = {}
        self.text = ""
        self.visit = ""
        self.changed = threading.Condition()
        tab.heard = self._heard

    def join(self) -> None:
        """Open the page and come into the room."""
        self.tab.rerun()
        self._say(wait=True)
        threading.Thread(target=self._listen, daemon=True).start()

    def act(self, name: str, **details: object) -> None:
        """Have the server do something."""
        self.acts.append([len(self.acts) + 1, name, details])
        self._say()

    def when(self, holds: Callable[[Phone], bool]) -> float:
        """The moment at which something holds; infinity when it did not in time."""
        until = time.perf_counter() + LONG
        with self.changed:
            while not holds(self):
                left = until - time.perf_counter()
                if left <= 0:
                    return float("inf")
                self.changed.wait(left)
        return time.perf_counter()

    def question(self) -> dict[str, Any]:
        """The question that has the stage; empty for none."""
        return self.data.get("question") or {}

    def _listen(self) -> None:
        try:
            while True:
                self.tab.listen(1.0)
        except Exception:  # the tab was closed
            return

    def _say(self, *, wait: bool = False) -> None:
        hand = {
            "me": self.me,
            "page": self.page,
            "acts": self.acts[-5:],
            "visit": self.visit,
        }
        self.tab.say(PART, "hand", hand, wait=wait)

    def _heard(self, element: Any) -> None:
        with self.changed:
            if key_of(element) == PART:
                self.data = data_of(element)
                keep = self.data.get("keep") or {}
                self.me = self.me | {"token": keep.get("token", "") or self.me["token"]}
                if self.visit != self.data["visit"]:
                    self.visit = self.data["visit"]
                    if self.data["role"]:
                        self._say()
            elif element.WhichOneof("type") == "text_input":
                field = element.text_input
                if "Source text" in field.label:
                    self.text = field.value or field.default
            self.changed.notify_all()


KEPT = Kept("class")
Server_ = Callable[[], AbstractContextManager[Server]]


def main(part: str | None = None) -> None:
    """All parts that are not measured yet, or one."""
    KEPT.run(PARTS, part, _print)


def _lesson(process: Server_) -> dict[str, Any]:
    """A class from its start to its end."""
    with process() as server, _class(server) as (teacher, pupils):
        busy = _idle(server) if process is one_process else ""
        times = measure(teacher, pupils, ROUNDS)
        said = f"{_tracebacks(server)}{busy}"
    rows = [_row(what, seconds, AIMS[what]) for what, seconds in times.items()]
    return {"title": f"{len(pupils)} pupils, {ROUNDS} rounds", "rows": rows, "said": said}


def _beside_training() -> dict[str, Any]:
    """The same while another session trains, and while none does, in turns."""
    calm, beside = _none(), _none()
    with one_process() as server, _class(server) as (teacher, pupils):
        worked = took = 0.0
        for turn in range(TURNS):
            rounds = (ROUNDS + turn) // TURNS
            measure(teacher, pupils, rounds, calm)
            with _training(server) as pid:
                before, start = cpu_seconds(pid), time.perf_counter()
                measure(teacher, pupils, rounds, beside)
                took += time.perf_counter() - start
                worked += cpu_seconds(pid) - before  # fails where it ended meanwhile
        said = f"{_tracebacks(server)} The training had {worked / took:.0%} of a core meanwhile."
    rows = []
    for what, aim in AIMS.items():
        rows += [_row(what, calm[what], aim), _row("  beside a training", beside[what], aim)]
    return {"title": f"{len(pupils)} pupils, {ROUNDS} rounds each", "rows": rows, "said": said}


@contextmanager
def _class(server: Server) -> Iterator[tuple[Phone, list[Phone]]]:
    """A teacher and the pupils, all of whom have come in."""
    rooms = server.log.with_name("rooms.sqlite")
    code, secret = Store(rooms, Limits()).open_room()
    with ExitStack() as stack:

        def phone(secret: str = "") -> Phone:
            query = {"model": MODEL, "text": "The cat sat.", "class": code}
            tab = stack.enter_context(Tab(server.url, **query))
            made = Phone(tab, {"code": code, "token": "", "secret": secret})
            made.join()
            return made

        yield phone(secret), [phone() for _ in range(PUPILS)]


@contextmanager
def _training(server: Server) -> Iterator[int]:
    """A page whose session trains, looked at as its browser does; yields the training's process."""
    shape = {"live_task": "sort", "live_layers": "3", "live_width": "128"}
    over = threading.Event()
    with Tab(server.url, "training", training="live", **shape) as tab:
        tab.rerun()
        others = set(children(server.pid))
        tab.press("Start")
        until = time.monotonic() + 4 * LONG
        while not tab.shows("step "):
            if time.monotonic() > until:
                raise TimeoutError(f"no training began; {tab.errors}")
            tab.listen(1)
            tab.rerun()

        def look() -> None:
            while not over.is_set():
                tab.listen(1)
                tab.rerun()

        looks = threading.Thread(target=look, daemon=True)
        looks.start()
        (pid,) = set(children(server.pid)) - others
        yield pid
        over.set()
        looks.join()


def _tracebacks(server: Server) -> str:
    return f"Tracebacks in the log: {server.log.read_text(errors='replace').count('Traceback')}."


def _idle(server: Server) -> str:
    """What a class costs that only looks."""
    before, start = cpu_seconds(server.pid), time.perf_counter()
    time.sleep(QUIET)
    share = (cpu_seconds(server.pid) - before) / (time.perf_counter() - start)
    return f" While nothing happens the server takes {share:.1%} of a core (aim ≤ 5 %)."


def _none() -> Times:
    return {what: [] for what in AIMS}


def measure(teacher: Phone, pupils: list[Phone], rounds: int, times: Times | None = None) -> Times:
    """Some rounds; adds to the times that there are."""
    times = _none() if times is None else times
    for turn in range(rounds):
        text = new_sentence()
        start = time.perf_counter()
        teacher.tab.query["text"] = text
        teacher.tab.type("Source text", text, wait=False)
        times[TYPES] += _all(pupils, start, partial(_shows, text))
        start = time.perf_counter()
        teacher.act("free", form="number", ask=f"Question {turn}", truth="0.5")
        times[ASKS] += _all(pupils, start, lambda one: one.question().get("state") == "open")
        number = pupils[0].question().get("id")
        for i, pupil in enumerate(pupils):
            before = _count(teacher)
            start = time.perf_counter()
            pupil.act("answer", question=number, value=i / len(pupils))
            times[ANSWERS].append(teacher.when(partial(_has_more, before)) - start)
        start = time.perf_counter()
        teacher.act("stage", to="revealed")
        times[REVEALS] += _all(pupils, start, lambda one: one.question().get("state") == "revealed")
        teacher.act("stage", to="page")
        _all(pupils, start, lambda one: not one.question())
    return times


def _print() -> None:
    kept = KEPT.all()
    for name in PARTS:
        if name in kept:
            found = kept[name]
            names = ["", "of", "p50", "p95", "aim p95", "slowest", "never"]
            table(f"{PARTS_SAID[name]}: {found['title']}", [names, *found["rows"]])
            print(found["said"])


PARTS: dict[str, Callable[[], Any]] = {
    "one": partial(_lesson, one_process),
    "two": partial(_lesson, two_processes),
    "training": _beside_training,
}
PARTS_SAID = {
    "one": "One process",
    "two": "Two processes",
    "training": "One process, another session training or not",
}


def _shows(text: str, phone: Phone) -> bool:
    return phone.text == text


def _has_more(answers: int, teacher: Phone) -> bool:
    return _count(teacher) > answers


def _count(teacher: Phone) -> int:
    return int((teacher.question().get("tally") or {}).get("n", 0))


def _all(pupils: list[Phone], start: float, holds: Callable[[Phone], bool]) -> list[float]:
    return [pupil.when(holds) - start for pupil in pupils]


def _row(what: str, seconds: list[float], aim: float) -> list[str]:
    came = [one for one in seconds if one < float("inf")]
    if len(came) < 2:
        return [what, str(len(seconds)), "", "", f"{1000 * aim:.0f} ms", "", str(len(seconds))]
    p50, *_, p95 = statistics.quantiles(came, n=20, method="inclusive")[9:]
    said = [f"{1000 * one:.0f} ms" for one in (p50, p95, aim, max(came))]
    return [what, str(len(seconds)), *said, str(len(seconds) - len(came))]


if __name__ == "__main__":
    main()
