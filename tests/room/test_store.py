"""Rooms on disk: codes, who steers, who answers, what is refused, what stays."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from headlight.viz.room import ALPHABET, Store, animal
from headlight.viz.room.file import FileError
from headlight.viz.runtime.limits import Limits
from tests.room.conftest import Clock


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Callable[..., Store]:
    def make(**changes: float) -> Store:
        return Store(tmp_path / "rooms.sqlite", replace(Limits(), **changes), clock)

    return make


def test_a_code_has_no_look_alikes_and_no_vowels() -> None:
    assert not set(ALPHABET) & set("AEIOUILQV01")
    assert len(ALPHABET) ** 4 > 100_000


def test_a_room_and_its_secret_outlive_the_process(make: Callable[..., Store]) -> None:
    code, secret = make().open_room()
    again = make()
    assert again.is_teacher(code, secret)
    assert not again.is_teacher(code, secret[:-1])
    assert not again.is_teacher(code, "")
    assert len(secret) >= 24


def test_the_secret_itself_is_not_in_the_file(make: Callable[..., Store]) -> None:
    store = make()
    _, secret = store.open_room()
    store.close()
    assert secret.encode() not in store.path.read_bytes()


def test_a_server_on_which_no_class_was_held_has_no_file(make: Callable[..., Store]) -> None:
    store = make()
    assert store.room("BCDF") is None
    with pytest.raises(ValueError, match="no class “BCDF” now"):
        store.join("bcdf")
    assert not store.path.exists()


def test_what_a_page_did_is_known_to_other_processes_and_goes_with_the_room(
    make: Callable[..., Store],
) -> None:
    store = make()
    code, _ = store.open_room()
    token = store.join(code).token
    for page, number in (("p1", 3), ("p1", 5), ("p2", 4)):
        store.did(code, token, page, number)
    again = make()
    assert [again.done(code, token, page) for page in ("p1", "p2", "p3")] == [5, 4, 0]
    assert again.done(code, "", "p1") == 0
    for i in range(10):
        store.did(code, token, f"q{i}", i + 1)
    store.did(code, "", "p1", 2)
    assert [again.done(code, token, page) for page in ("p1", "q1", "q2", "q9")] == [0, 0, 3, 10]
    store.end(code)
    store.did(code, token, "q9", 11)
    assert [again.done(code, token, "q9"), again.done(code, "", "p1")] == [0, 0]


def test_pupils_have_names_of_their_own_and_keep_them(make: Callable[..., Store]) -> None:
    store = make()
    code, _ = store.open_room()
    first, second = store.join(code), store.join(f" {code.lower()} ")
    assert [first.name, second.name] == ["Otter", "Heron"]
    assert store.join(code, first.token) == first
    assert store.join(code, "forged").number == 2  # a stranger is a pupil of their own
    assert [animal(0), animal(40), animal(85)] == ["Otter", "Otter 2", "Lynx 3"]


def test_a_full_room_and_a_full_server_say_so(make: Callable[..., Store]) -> None:
    store = make(class_pupils=2, class_rooms=1)
    code, _ = store.open_room()
    kept = store.join(code)
    store.join(code)
    with pytest.raises(ValueError, match="This class is full: 2"):
        store.join(code)
    assert store.join(code, kept.token) == kept
    with pytest.raises(ValueError, match="1 classes are running"):
        store.open_room()


def test_an_answer_replaces_the_pupils_own_and_no_other(make: Callable[..., Store]) -> None:
    store = make()
    code, _ = store.open_room()
    one, other = store.join(code), store.join(code)
    asked = store.ask(code, {"ask": "?"})
    store.answer(code, one, asked, 1)
    store.answer(code, one, asked, 2)
    store.answer(code, other, asked, {"a": "é <b>"})
    assert [(a.number, a.value) for a in store.answers(asked)] == [(0, 2), (1, {"a": "é <b>"})]


@pytest.mark.parametrize("state", ["closed", "revealed"])
def test_a_closed_question_takes_no_answer(make: Callable[..., Store], state: str) -> None:
    store = make()
    code, _ = store.open_room()
    pupil, asked = store.join(code), store.ask(code, {})
    store.turn(code, asked, state)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="closed"):
        store.answer(code, pupil, asked, 1)
    assert store.answers(asked) == []


def test_a_question_of_another_room_takes_no_answer(make: Callable[..., Store]) -> None:
    store = make()
    (code, _), (other, _) = store.open_room(), store.open_room()
    asked = store.ask(other, {})
    with pytest.raises(ValueError, match="closed"):
        store.answer(code, store.join(code), asked, 1)


def test_a_flood_from_one_pupil_is_refused_and_the_others_go_on(make: Callable[..., Store]) -> None:
    store = make(class_sends=2)
    code, _ = store.open_room()
    loud, quiet = store.join(code), store.join(code)
    asked = store.ask(code, {})
    refused = 0
    for i in range(200):
        try:
            store.answer(code, loud, asked, i)
        except ValueError:
            refused += 1
    assert refused >= 190
    store.answer(code, quiet, asked, "mine")
    assert store.answers(asked)[1].value == "mine"


def test_what_stays_the_same_moves_nobody(make: Callable[..., Store]) -> None:
    store = make()
    code, _ = store.open_room()
    store.set(code, page="learn", query="a=1")
    before = store.room(code)
    store.set(code, page="learn", query="a=1")
    assert before is not None
    assert store.room(code) == before
    store.set(code, query="a=2")
    after = store.room(code)
    assert after is not None
    assert (after.steered, after.moved) == (before.steered + 1, before.moved + 1)
    store.set(code, teams=2)
    teams = store.room(code)
    assert teams is not None
    assert teams.steered == after.steered


def test_answers_concern_the_teacher_alone(make: Callable[..., Store]) -> None:
    store = make()
    code, _ = store.open_room()
    pupil, asked = store.join(code), store.ask(code, {})
    moved, heard = store.versions([code])[code]
    store.answer(code, pupil, asked, 1)
    assert store.versions([code, "XXXX"]) == {code: (moved, heard + 1)}


def test_the_wall_takes_text_as_text_within_bounds(make: Callable[..., Store]) -> None:
    store = make(class_sends=100, class_wall=3, class_megabytes=0.001)
    code, _ = store.open_room()
    pupil = store.join(code)
    with pytest.raises(ValueError, match="wall is closed"):
        store.send(code, pupil, "text", "a")
    store.set(code, wall=True)
    with pytest.raises(ValueError, match="10,000 characters; up to 280"):
        store.send(code, pupil, "text", "x" * 10_000)
    with pytest.raises(ValueError, match="empty"):
        store.send(code, pupil, "text", " \n ")
    with pytest.raises(ValueError, match="too large"):
        store.send(code, pupil, "picture", "x" * 2000)
    store.send(code, pupil, "text", "<b>Katze</b>\n🐈")
    store.send(code, pupil, "text", "two")
    store.send(code, pupil, "text", "two")  # pressed twice
    store.send(code, pupil, "picture", "data:image/png;base64,AAAA")
    with pytest.raises(ValueError, match="wall is full"):
        store.send(code, pupil, "text", "four")
    wall = store.wall(code)
    assert [one.body for one in wall][1:] == ["two", "<b>Katze</b> 🐈"]
    store.set(code, shown=wall[1].id)
    store.remove(code, wall[1].id)
    room = store.room(code)
    assert room is not None
    assert room.shown is None
    assert len(store.wall(code)) == 2


def test_a_room_ends_two_hours_after_its_last_sign_of_life(
    make: Callable[..., Store], clock: Clock
) -> None:
    store = make()
    code, _ = store.open_room()
    pupil, asked = store.join(code), store.ask(code, {})
    store.answer(code, pupil, asked, 1)
    clock.now += 7100
    store.touch([(code, "")])
    clock.now += 7100
    assert store.room(code) is not None
    clock.now += 200
    assert store.room(code) is None
    store.expire()
    _nothing_stays(store)


def test_ended_by_button_nothing_stays(make: Callable[..., Store]) -> None:
    store = make()
    code, _ = store.open_room()
    pupil, asked = store.join(code), store.ask(code, {})
    store.answer(code, pupil, asked, 1)
    store.set(code, wall=True)
    store.send(code, pupil, "text", "bye")
    store.end(code)
    assert store.room(code) is None
    _nothing_stays(store)


def _nothing_stays(store: Store) -> None:
    with sqlite3.connect(store.path) as file:
        for table in ("rooms", "members", "questions", "answers", "wall"):
            assert file.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_wrong_codes_are_slowed_down_for_whoever_tries_them(make: Callable[..., Store]) -> None:
    store = make()
    code, _ = store.open_room()
    for _ in range(30):
        with pytest.raises(ValueError, match=r"no class|too fast"):
            store.join("ZZZZ", sender="phone")
    with pytest.raises(ValueError, match="too fast"):
        store.join("ZZZZ", sender="phone")
    with pytest.raises(ValueError, match="no class"):
        store.join("ZZZZ", sender="another")
    assert store.join(code, sender="phone").name == "Otter"


def test_thirty_pupils_of_two_processes_answer_at_once(make: Callable[..., Store]) -> None:
    stores = [make(), make()]  # two connections to one file, as two processes have
    code, _ = stores[0].open_room()
    asked = stores[0].ask(code, {})
    pupils = [stores[i % 2].join(code) for i in range(30)]
    errors: list[Exception] = []

    def answer(i: int) -> None:
        try:
            stores[i % 2].answer(code, pupils[i], asked, i)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=answer, args=(i,)) for i in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert [a.value for a in stores[1].answers(asked)] == list(range(30))


def test_presence_is_a_sign_of_life_within_the_last_moments(
    make: Callable[..., Store], clock: Clock
) -> None:
    store = make()
    code, _ = store.open_room()
    stays, leaves = store.join(code), store.join(code)
    clock.now += 60
    store.touch([(code, stays.token)])
    assert store.here(code) == [stays]
    assert leaves not in store.here(code)


def test_a_full_disk_is_told_of_in_words_and_half_a_change_is_none(
    make: Callable[..., Store],
) -> None:
    store = make()
    code, _ = store.open_room()
    pages = store._connect().execute("PRAGMA page_count").fetchone()[0]
    store._connect().execute(f"PRAGMA max_page_count = {pages}")
    said = "This server cannot keep classes now: the disk is full. Tell whoever runs it."
    with pytest.raises(FileError) as told:
        store.set(code, source="x" * 100_000)
    assert str(told.value) == said
    assert isinstance(told.value, ValueError), "which the pages say"
    store._connect().execute(f"PRAGMA max_page_count = {1_000 + pages}")
    assert store.source(code) == ""
    store.set(code, source="x" * 100_000)
    assert store.source(code) == "x" * 100_000


def test_a_place_that_takes_nothing_is_told_of_in_words(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("no folder")
    store = Store(tmp_path / "file" / "rooms.sqlite", Limits(), clock)
    with pytest.raises(FileError, match=r"now: .* not a folder|file exists"):
        store.open_room()
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(FileError, match="now: the place may not be written to"):
        Store(tmp_path / "folder.sqlite", Limits(), clock).open_room()
    (tmp_path / "damaged.sqlite").write_bytes(b"no database" * 1_000)
    with pytest.raises(FileError, match="now: its file is damaged"):
        Store(tmp_path / "damaged.sqlite", Limits(), clock).room("BCDF")


def test_a_file_that_may_only_be_read_is_told_of_in_words(make: Callable[..., Store]) -> None:
    store = make()
    store.open_room()
    store._connect().execute("PRAGMA query_only = ON")
    with pytest.raises(FileError, match="now: the place may not be written to"):
        store.open_room()
