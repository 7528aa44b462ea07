"""What a page says of its input: no sentence where a picture or a sound was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from headlight.analysis import head_shifts
from headlight.model import Model, Picture, Sound, Trace
from headlight.model.analysis.attribution.rollout import source_share
from headlight.model.analysis.corpus import own_corpus
from headlight.model.analysis.heads.search import Hit, scan
from headlight.model.analysis.interventions.patching import Cell
from headlight.model.analysis.interventions.recipes import Swap
from headlight.model.network.front_shapes import MelShape
from headlight.model.run.speech import read_speech
from headlight.viz import runtime
from headlight.viz.labels import token_names, worded
from headlight.viz.lessons import (
    GAMES,
    LESSONS,
    not_only_words,
    reasons,
    similarity,
    softmax,
    weighted_sum,
)
from headlight.viz.lessons.base import Plain
from headlight.viz.lessons.choose import aligned
from headlight.viz.lessons.sources import parts, slice_name, slices, source_picture
from headlight.viz.page import edit_list
from headlight.viz.room import printed
from headlight.viz.views.heads import SECTIONS as HEADS
from headlight.viz.views.heads import search
from headlight.viz.views.inside import SECTIONS as INSIDE
from tests.viz.classroom.sessions import session
from tests.viz.page import run
from tests.viz.test_games import loaded, scenes

DIGITS = ("read-digits", "hear-digits")
OF_A_TEXT = re.compile(
    r"\btexts?\b|[Ss]entence|source (?:word|token)|(?:each|every) word|\{|other tok"
)
PAGES = [
    ("explore", {}),
    ("decode", {}),
    ("decode", {"view": "strategies"}),
    *(("inside", {"section": section}) for section in INSIDE),
    ("interventions", {}),
    ("interventions", {"act": "steer"}),
    *(("heads", {"part": part}) for part in HEADS),
    ("heads", {"part": "map", "on": "sentence"}),
    *(("learn", {"lesson": lesson.slug}) for lesson in LESSONS),
    *(("learn", {"learn": "predict", "game": game.slug}) for game in GAMES),
    ("training", {}),
]


@pytest.mark.parametrize("slug", DIGITS)
@pytest.mark.parametrize(("path", "query"), PAGES, ids=str)
def test_no_page_of_what_sees_or_hears_says_sentence(
    slug: str, path: str, query: dict[str, str]
) -> None:
    tester = run(path, model=slug, text="3 1 4", **query)
    written = [*tester.caption, *tester.markdown, *tester.info, *tester.warning]
    controls = [*tester.selectbox, *tester.segmented_control, *tester.button, *tester.slider]
    said = [one.value for one in written]
    for control in controls:
        said += [control.label, getattr(control, "help", "") or ""]
        said += map(str, getattr(control, "options", ()))
    assert said
    assert not [one for one in said if "sentence" in one.lower() or "word out" in one]


def strings(value: object) -> Iterator[str]:
    """All that stands in plain values, but names of files and numbers."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        kept = ("type", "pixels")
        yield from strings([one for name, one in value.items() if name not in kept])


@pytest.mark.parametrize("slug", DIGITS)
def test_a_lesson_of_what_sees_or_hears_says_nothing_of_a_text(slug: str) -> None:
    start = next(iter(scenes(slug)))
    builds = [*(one.build for one in LESSONS), *(one.build for one in GAMES)]
    made = [build(replace(start, turn=turn)) for build in builds for turn in range(3)]
    plain: list[str | Plain] = [part for one in made for part in (one.picture, one.question)]
    looks = [one.look for one in made]
    links = [link.label for one in made for link in (one.link, one.also) if link]
    do = [worded(one.do, loaded(slug).reads) for one in LESSONS]
    said = [*strings(plain), *looks, *links, *do]
    assert not [one for one in said if OF_A_TEXT.search(one)]
    noun = "slice" if slug == "read-digits" else "moment"
    assert len([one for one in said if noun in one]) > 10


def test_what_is_said_of_the_encoders_lessons_in_training_is_so() -> None:
    for slug in DIGITS:
        for scene in scenes(slug):
            task = scene.model.task
            assert task is not None
            assert task.recipe.labels
            assert not_only_words.LESSON.build(scene).look.endswith(not_only_words.TAUGHT)
            unknown = replace(
                scene, model=Model("mine", scene.model.network, scene.model.tokenizer)
            )
            assert not_only_words.TAUGHT not in not_only_words.LESSON.build(unknown).look
    assert "taught" not in not_only_words.LESSON.idea


def test_a_drawing_is_not_called_by_its_strokes() -> None:
    tester = run("explore", model="read-digits", text="ink.AzAVg8g9g8")
    assert not tester.warning
    tester.session_state["_selection"].change({"text": "picture 0123456789abcdef"})
    tester.run()
    [said] = tester.warning
    assert said.value.startswith("This picture is not here")
    assert said.value.endswith("Still showing the picture before it.")


@pytest.mark.parametrize("slug", DIGITS)
def test_what_the_search_of_heads_finds_is_named_and_can_be_opened(slug: str) -> None:
    model = loaded(slug)
    (mapped, *_) = list(scan(model, own_corpus(model)[:3]))[-1]
    hit = Hit(0, "cross", 0, 0, 1, 2, 0.9)
    row = search._row(mapped, hit, "picture")
    source = mapped.src.source
    assert isinstance(source, Picture | Sound)
    assert row["picture"] == " ".join(name for _, _, name in source.marks or ())
    with session("a person"):
        name = runtime.keep(source, runtime.name_of(model, source))
        assert runtime.source_of(model, name) == source
        example = runtime.examples(model)[1]
        assert runtime.name_of(model, example.source) == example.text


def test_an_edit_from_a_drawing_or_a_recording_does_not_say_its_digest() -> None:
    cell = Cell("z", "cross", 1, 3)
    for text, said in (
        ("recording 0123456789abcdef", "from another sound"),
        ("picture 0123456789abcdef", "from another picture"),
        ("ink.AzAVg8g9g8", "from another picture"),
        ("7 7 7", "from “7 7 7”"),
        ("ink.something", "from “ink.something”"),
    ):
        assert edit_list._said(Swap(cell, "position", text).to_text()).endswith(said)


def test_a_second_source_is_chosen_where_it_cannot_be_typed_and_a_model_that_reads_it() -> None:
    for slug in DIGITS:
        tester = run("explore", model=slug, text="3 1 4")
        [other] = [one for one in tester.selectbox if one.label == "Second model"]
        assert not {"reverse", *DIGITS} & set(other.options)
    assert runtime.may_read("somebody's model", "sound")
    tester = run("explore", model="reverse", text="a b")
    [other] = [one for one in tester.selectbox if one.label == "Second model"]
    assert "sort" in other.options
    assert not set(DIGITS) & set(other.options)


def test_two_pictures_of_one_size_and_answer_have_their_own_source_share() -> None:
    model = loaded("read-digits")
    maker = model.task.shipped  # type: ignore[union-attr]
    traces: dict[tuple[object, ...], list[Trace]] = {}
    for seed in range(9):
        ((strip, _),) = maker.make([2], np.random.default_rng(seed), calm=True)
        trace = model.run(strip)
        traces.setdefault((len(trace.src), len(trace.tgt_out)), []).append(trace)
    pair = max(traces.values(), key=len)[:2]
    assert len(pair) == 2
    one, other = pair
    other = model.teacher_force(other.source, one.tgt_out.ids)
    with session("a person"):
        for trace in (one, other):
            found = runtime.source_share(model, trace)
            np.testing.assert_allclose(found, source_share(model, trace), atol=1e-6)
    assert np.abs(source_share(model, one) - source_share(model, other)).max() > 1e-3
    with pytest.raises(ValueError, match="same source"):
        head_shifts(model, one, other)


def test_slices_of_what_a_whisper_heard_are_those_of_its_image() -> None:
    """A window of 30 seconds with three of sound: slices of the sound, and the silence as one."""
    sound = Sound(np.sin(np.arange(48_000) / 9).astype(np.float32), 16_000)
    src = read_speech(sound, MelShape(80))
    groups = slices(src)
    assert [at for part in groups for at in part] == list(range(1_500))
    assert [slice_name(src, part) for part in groups][:2] == ["0.00–0.26 s", "0.26–0.52 s"]
    assert [slice_name(src, part) for part in groups][-2:] == ["2.86–3.00 s", "after 3.00 s"]
    row = np.arange(1_500) / sum(range(1_500))
    picture = source_picture(src, groups, row.tolist())
    assert picture["width"] == 316  # a frame a hundredth of a second, and 16 of the silence
    assert picture["slices"][0] == pytest.approx([0, 26 / 316])
    assert picture["slices"][-1] == pytest.approx([300 / 316, 1])
    np.testing.assert_allclose(
        picture["row"], [row[list(part)].sum() for part in groups], atol=1e-6
    )


def test_a_digit_too_thin_for_any_position_is_named_by_the_nearest() -> None:
    pixels = np.zeros((28, 40), np.uint8)
    pixels[4:24, [5, 21]] = 255
    strip = Picture(pixels, [(2, 8, "one"), (20.5, 21.5, "one"), (30, 38, "zero")])
    trace = loaded("read-digits").run(strip)
    assert [name for name, _ in parts(trace)] == ["columns 4–7", "columns 20–23", "columns 32–35"]


@pytest.mark.parametrize("slug", DIGITS)
def test_what_is_asked_of_a_long_row_has_its_strongest_cell(slug: str) -> None:
    """A source has more positions than a lesson draws: those around the strongest are drawn."""
    for scene in scenes(slug):
        trace = scene.trace
        for lesson in (similarity, softmax, weighted_sum):
            screen = lesson.LESSON.build(scene)
            address = screen.link.address
            record = trace.attention["cross"][address["layer"]]
            head, row = address["head"], address["query"]
            values = record.norm_weighted if lesson is weighted_sum else record.raw_scores
            names = token_names(trace.src)
            right = names[int(values[head, row].argmax())]
            assert right in [one["label"] for one in screen.picture["columns"]]
            question = screen.question
            if lesson is softmax:
                most = record.pattern[head, row].max()
                assert max(question["truth"][:12]) == pytest.approx(most, abs=1e-5)
                shown = screen.picture["weights"][: len(screen.picture["columns"])]
                assert max(shown) == pytest.approx(most, abs=1e-5)
                assert sum(screen.picture["weights"]) == pytest.approx(1, abs=1e-4)
            else:
                assert right in [question["labels"][i] for i in question["best"]]


def test_of_a_drawing_nobody_says_where_its_words_do_not_come_from() -> None:
    for scene in scenes("read-digits"):
        pixels = scene.trace.source.pixels  # type: ignore[union-attr]
        trace = scene.model.run(Picture(pixels))
        found = aligned(replace(scene, trace=trace))
        known = scene.reference(trace)
        assert known is not None
        assert (found.basis is None) == (not known.alignment.possible)
        for row in range(len(trace.tgt_out)):
            said = reasons.of_row(replace(scene, trace=trace), "cross", 1, 0, row)
            if not reasons.sources_of(known.alignment, row):
                assert "does not come from it" not in said


@pytest.mark.parametrize("slug", ["hear-digits", "reverse"])
def test_a_step_beyond_a_models_training_is_told_of(slug: str) -> None:
    tester = run(
        "training", model=slug, text="3 1 4" if slug in DIGITS else "c a b", train_step="20000"
    )
    assert not tester.exception
    assert any("20000" in one.value for one in (*tester.warning, *tester.info)), "in a sentence"


def test_a_drawing_stays_the_second_picture_and_what_is_none_is_told_of() -> None:
    tester = run("interventions", model="read-digits", text="3 1 4", compare="ink.AzAVg8g9g8")
    [second] = [one for one in tester.selectbox if one.label == "Second picture"]
    assert second.value == "ink.AzAVg8g9g8"
    assert "the picture from before" in second.options
    tester = run("interventions", model="read-digits", text="3 1 4", compare="ink.no drawing")
    [second] = [one for one in tester.selectbox if one.label == "Second picture"]
    assert second.value == "7 7 7 7"
    [told] = tester.session_state["_selection"].ignored
    assert (told.name, told.said) == ("compare", "ink.no drawing")


def test_a_class_reads_the_sentence_of_the_right_head_on_paper() -> None:
    question = {"type": "choice", "why": ["of the first", "of the second"], "best": [1]}
    assert printed._why(question) == "of the second"
    assert printed._why({"type": "row", "why": "of all"}) == "of all"
    assert printed._why({"type": "choice", "why": [], "best": []}) == ""


def test_a_patch_at_a_position_that_is_not_there_is_told_of() -> None:
    swap = Swap(Cell("resid_pre", "encoder", 1, None, 40), "position", "2 7 1 8 2 8 1 8").to_text()
    tester = run("explore", model="read-digits", text="3 1 4", edits=swap)
    [told] = [one.value for one in tester.caption if "changes nothing" in one.value]
    assert "there are 21 positions here" in told
    tester = run("explore", model="read-digits", text="2 7 1 8 2 8 1 8", edits=swap)
    assert not [one for one in tester.caption if "changes nothing" in one.value]
