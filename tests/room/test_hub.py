"""Who is told of what: all of what moves, the teacher of what is heard, the busy ones later."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

import pytest

from headlight.viz.room import Hub, Store
from headlight.viz.room.hub import TEACHER, Place
from headlight.viz.runtime.limits import Limits


class Sessions:
    """Sessions that note by whom they were woken."""

    def __init__(self) -> None:
        self.woken: list[set[str]] = []
        self.busy: set[str] = set()

    def wake(self, places: Collection[str]) -> Collection[str]:
        self.woken.append(set(places) - self.busy)
        return self.busy & set(places)


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def hub(tmp_path: Path, sessions: Sessions) -> Hub:
    hub = Hub(Store(tmp_path / "rooms.sqlite", Limits()), sessions.wake, lambda _: True)
    hub._watching = True  # the tests look themselves
    return hub


def sit(hub: Hub, code: str, session: str, token: str) -> None:
    hub.sit(session, Place(code, token, hub.store.versions([code])[code]))


def test_all_hear_what_moves_and_the_teacher_what_is_answered(hub: Hub, sessions: Sessions) -> None:
    code, _ = hub.store.open_room()
    member = hub.store.join(code)
    sit(hub, code, "teacher", "")
    sit(hub, code, "pupil", member.token)
    hub.look()
    hub.tell(10.0)
    assert sessions.woken == []
    asked = hub.store.ask(code, {})
    hub.look()
    hub.tell(20.0)
    assert sessions.woken.pop() == {"teacher", "pupil"}
    sit(hub, code, "teacher", "")
    sit(hub, code, "pupil", member.token)
    hub.store.answer(code, member, asked, 1)
    hub.look()
    hub.tell(30.0)
    assert sessions.woken.pop() == {"teacher"}


def test_who_is_busy_is_told_later_and_the_teacher_not_too_often(
    hub: Hub, sessions: Sessions
) -> None:
    code, _ = hub.store.open_room()
    member = hub.store.join(code)
    sit(hub, code, "teacher", "")
    sit(hub, code, "pupil", member.token)
    sessions.busy = {"pupil"}
    hub.store.ask(code, {})
    hub.look()
    hub.tell(20.0)
    assert sessions.woken.pop() == {"teacher"}
    sessions.busy = set()
    hub.tell(20.1)
    assert sessions.woken.pop() == {"pupil"}
    hub.store.set(code, teams=2)
    hub.look()
    hub.tell(20.0 + TEACHER / 2)
    assert "teacher" not in sessions.woken.pop()
    hub.tell(20.0 + TEACHER * 2)
    assert sessions.woken.pop() == {"teacher"}


def test_nobody_is_woken_before_the_page_has_arrived(hub: Hub, sessions: Sessions) -> None:
    code, _ = hub.store.open_room()
    member = hub.store.join(code)
    seen = hub.store.versions([code])[code]
    hub.sit("pupil", Place(code, member.token, seen, arrived=False))
    hub.store.ask(code, {})
    hub.look()
    hub.tell(20.0)
    assert sessions.woken == []
    hub.sit("pupil", Place(code, member.token, seen, arrived=True))
    hub.tell(20.1)
    assert sessions.woken == [{"pupil"}]


def test_the_end_of_a_room_is_heard(hub: Hub, sessions: Sessions) -> None:
    code, _ = hub.store.open_room()
    sit(hub, code, "pupil", hub.store.join(code).token)
    hub.store.end(code)
    hub.look()
    hub.tell(5.0)
    assert sessions.woken == [{"pupil"}]


def test_the_thread_tells_of_another_process(tmp_path: Path, sessions: Sessions) -> None:
    store = Store(tmp_path / "rooms.sqlite", Limits())
    hub = Hub(store, sessions.wake, lambda _: True)
    code, _ = store.open_room()
    sit(hub, code, "pupil", store.join(code).token)
    other = Store(store.path, Limits())
    time.sleep(0.2)
    end = time.monotonic() + 20
    other.set(code, query="layer=1")
    while not sessions.woken and time.monotonic() < end:
        time.sleep(0.005)
    assert sessions.woken[0] == {"pupil"}
    hub.leave("pupil")
