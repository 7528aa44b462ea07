"""Budgets: every bound has one place, caches are counted in bytes, sessions have a share each."""

from __future__ import annotations

import io
import threading
import time

import numpy as np
import pytest
import soundfile
from PIL import Image

from headlight.model import Model
from headlight.model.run.arrays import Array
from headlight.model.run.size import expected_nbytes
from headlight.model.run.sources import MAX_SECONDS
from headlight.viz import runtime
from headlight.viz.page import given
from headlight.viz.runtime.cache import ByteCache, nbytes
from headlight.viz.runtime.limits import Limits, check_text
from tests.model.builders import random_model

LONG = 20.0


@pytest.fixture(scope="module")
def tiny() -> Model:
    return random_model()


def block(size: int) -> Array:
    return np.zeros(size, np.uint8)


def test_a_host_sets_limits_by_their_names() -> None:
    assert Limits.read({}) == Limits()
    assert Limits.read({"HEADLIGHT_CACHE_MEGABYTES": "800"}).bytes("cache") == 800_000_000
    for wrong in ("", "many", "0", "-1", "nan", "inf"):
        with pytest.raises(ValueError, match=r"(?i)text_characters must be a number above 0"):
            Limits.read({"HEADLIGHT_TEXT_CHARACTERS": wrong})


def test_no_host_grants_more_than_can_be_had() -> None:
    """A sound that is longer is none for the model's own bound."""
    assert Limits().sound_seconds == MAX_SECONDS
    assert Limits.read({"HEADLIGHT_SOUND_SECONDS": "8"}).sound_seconds == 8
    with pytest.raises(ValueError, match=r"sound_seconds must be at most 120, not 121\.0"):
        Limits.read({"HEADLIGHT_SOUND_SECONDS": "121"})


def test_a_host_bounds_pictures_sounds_and_trainings(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Limits(picture_megapixels=0.05, sound_seconds=1, training_megabytes=700)
    monkeypatch.setattr(runtime, "limits", lambda: small)
    for kind, size in (("PNG", (300, 200)), ("JPEG", (500, 300))):
        file = io.BytesIO()
        Image.new("RGB", size, "white").save(file, kind)
        with pytest.raises(ValueError, match=rf"has {size[0]} × {size[1]} pixels: make it smaller"):
            given._keep_picture("read-digits", file.getvalue())
    jpeg = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(jpeg, "JPEG")  # within 2.5 times as many
    with pytest.raises(ValueError, match="nothing on the picture"):
        given._keep_picture("read-digits", jpeg.getvalue())
    sound = io.BytesIO()
    soundfile.write(sound, np.zeros(16_000), 8_000, format="WAV")
    with pytest.raises(ValueError, match="lasts 2 seconds; at most 1 are taken"):
        given._keep_sound("hear-digits", sound.getvalue())


def test_text_is_refused_by_its_characters() -> None:
    check_text("a" * 4_000, Limits())
    with pytest.raises(ValueError, match="has 4,001 characters; this page takes up to 4,000"):
        check_text("a" * 4_001, Limits())


def test_a_pasted_book_is_refused_at_once_again_and_again(tiny: Model) -> None:
    book, start = "The cat sat. " * 800_000, time.thread_time()
    for _ in range(20):
        with pytest.raises(ValueError, match="this page takes up to"):
            runtime.run(tiny, book)
        with pytest.raises(ValueError, match="this page takes up to"):
            runtime.teacher_force(tiny, "c a b", book)
    assert time.thread_time() - start < 1


def test_a_trace_knows_its_size_before_and_after(tiny: Model) -> None:
    trace = tiny.run("c a b d e f", max_len=12)
    real = sum(array.nbytes for array in trace.to_arrays().values())
    assert trace.nbytes == real
    assert nbytes(trace) >= real
    assert 0.7 * real < expected_nbytes(tiny, "c a b d e f", len(trace.tgt_in)) < 1.5 * real
    assert expected_nbytes(tiny, "") == 0


def test_what_was_not_used_for_longest_goes_first() -> None:
    cache = ByteCache(total=1_000, share=1_000)
    for name in "abc":
        cache.put(name, block(200), "me")
    assert cache.find("a", "me") is not None  # used: "b" is the oldest now
    cache.put("d", block(200), "me")
    assert [cache.find(name, "me") is not None for name in "abcd"] == [True, False, True, True]
    assert cache.nbytes <= 1_000


def test_a_session_has_its_share_and_no_more() -> None:
    cache = ByteCache(total=100_000, share=1_000)
    cache.put("theirs", block(600), "them")
    for i in range(50):
        cache.put(i, block(600), "me")
        assert cache.held_by("me") <= 1_000
    assert cache.find("theirs", "them") is not None, "others keep theirs"
    assert cache.nbytes <= 2_000


def test_the_newest_stays_even_when_it_is_larger_than_the_share() -> None:
    cache = ByteCache(total=100_000, share=1_000)
    cache.put("small", block(500), "me")
    cache.put("large", block(5_000), "me")
    assert cache.find("large", "me") is not None
    assert cache.find("small", "me") is None
    cache.put("little", block(100), "me")
    cache.put("larger", block(7_000), "me")
    found = [cache.find(name, "me") is not None for name in ("large", "little", "larger")]
    assert found == [False, True, True], "what is little beside it stays, up to a quarter"


def test_thirty_who_ask_at_once_compute_once() -> None:
    cache, made = ByteCache(10_000, 10_000), list[int]()
    gate = threading.Barrier(8)

    def make() -> str:
        made.append(1)
        time.sleep(0.05)
        return "value"

    def ask(i: int) -> None:
        gate.wait()
        assert cache.get("key", make, f"session {i}") == "value"

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(made) == 1


def test_what_fails_is_not_remembered() -> None:
    cache = ByteCache(10_000, 10_000)

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cache.get("key", fail, "me", expected=500)
    assert cache.get("key", lambda: "yes", "me") == "yes"


def test_room_is_made_before_and_not_for_two_at_once() -> None:
    """Two large values at the same time would be more than all there is: one waits."""
    cache, most, running = ByteCache(1_000, 1_000), list[int](), list[int]()
    cache.put("old", block(700), "me")

    def make() -> Array:
        running.append(1)
        most.append(len(running))
        assert cache.find("old", "me") is None, "the old one went before"
        time.sleep(0.05)
        running.pop()
        return block(600)

    threads = [
        threading.Thread(target=cache.get, args=(i, make, "me"), kwargs={"expected": 600})
        for i in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert max(most) == 1
    assert cache.nbytes <= 1_000


def test_the_description_of_a_saved_run_keeps_to_its_limit(
    tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = io.BytesIO()
    tiny.run("c a b").save(content)
    assert runtime.open_trace(content.getvalue()).source_text == "c a b"
    monkeypatch.setattr(runtime.server(), "limits", Limits(run_meta_megabytes=0.0001))
    runtime.server().cache.release("")
    with pytest.raises(ValueError, match=r"its description has 0\.0 MB; up to 0 MB are read"):
        runtime.open_trace(content.getvalue())
