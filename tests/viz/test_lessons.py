"""Lessons on every shipped model and on an untrained one: what they ask is what the trace says."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headlight
from headlight.model import Edits, Model, Trace
from headlight.model.analysis.alignment.reference import reference, word_groups
from headlight.model.analysis.attribution.sources import word_text
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.analysis.heads.metrics.alignment_error import AER
from headlight.model.paths import ASSETS
from headlight.viz.labels import row_names, token_names
from headlight.viz.lessons import GAMES, LESSONS, Game, Lesson, Scene, Screen, cause, not_only_words
from headlight.viz.lessons.choose import (
    best,
    coverage,
    most_informative_head,
)
from headlight.viz.lessons.tokens import MAX_DRAWN, MAX_GUESSED, around
from tests.model.builders import random_model
from tests.reading import TEXT_MODELS

ROOT = Path(__file__).parents[2]
UNTRAINED = "untrained"
SLUGS = (*TEXT_MODELS, UNTRAINED)


@cache
def loaded(slug: str) -> Model:
    return random_model() if slug == UNTRAINED else headlight.load(slug)


def scene(slug: str, text: str | None = None, turn: int = 0) -> Scene:
    one = loaded(slug)
    assert one.task is not None
    source = text or one.task.examples[0].text
    trace = one.run(source)
    limit = min(len(trace.tgt_out) + 4, one.config.max_positions)
    return Scene(
        one,
        trace,
        lambda other, edits: run(slug, other, limit, edits),
        lambda traced: reference(one, traced, measure=True),
        turn=turn,
    )


@cache
def run(slug: str, text: str, limit: int, edits: Edits) -> Trace:
    return loaded(slug).run(text, max_len=limit if edits else None, edits=edits)


def screens(slug: str) -> Iterator[tuple[str, Scene, Screen]]:
    """Every lesson and game on a model's shortest and longest example."""
    task = loaded(slug).task
    assert task is not None
    texts = sorted((example.text for example in task.examples), key=len)
    for text in (texts[0], texts[-1]):
        start = scene(slug, text)
        for lesson in LESSONS:
            yield lesson.slug, start, lesson.build(start)
        for game in GAMES:
            for turn in range(3):
                there = replace(start, turn=turn)
                yield game.slug, there, game.build(there)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lesson_works_on_every_example(slug: str) -> None:
    for name, start, screen in screens(slug):
        question = screen.question
        json.dumps([screen.picture, question], allow_nan=False)
        assert screen.look.endswith("."), name
        assert question["ask"], name
        address = screen.link.address
        if "head" in address:
            assert 0 <= address["layer"] < start.trace.n_layers(address["kind"])
            assert 0 <= address["head"] < start.trace.n_heads
        if question["type"] == "row":
            assert np.isclose(sum(question["truth"]), 1, atol=1e-4)
            assert len(question["labels"]) == len(question["truth"]) <= MAX_GUESSED + 1
        elif question["type"] == "choice":
            values = np.round(question["values"], 3)
            assert sorted(question["best"]) == np.flatnonzero(values == values.max()).tolist()
            low, high = min(question["values"]), max(question["values"])
            assert question["low"] - 1e-5 <= low <= high <= question["high"] + 1e-5
        else:
            assert question["type"] == "cells"
            weights, mask = np.array(question["weights"]), np.array(question["mask"], bool)
            assert not weights[~mask].any()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_map_shows_the_numbers_of_the_head_it_links_to(slug: str) -> None:
    lesson = by_slug("self-attention")
    start = scene(slug)
    screen = lesson.build(start)
    layer, head = screen.link.address["layer"], screen.link.address["head"]
    pattern = start.trace.attention["encoder_self"][layer].pattern[head]
    (hidden,) = screen.picture["hidden"]
    drawn = pattern[:MAX_DRAWN, around(pattern[hidden])]
    assert np.allclose(screen.picture["weights"], drawn, atol=1e-6)
    assert drawn[hidden].max() == pattern[hidden].max()
    if len(start.trace.src) <= MAX_GUESSED:
        assert np.allclose(screen.question["truth"], pattern[hidden], atol=1e-6)


def test_a_score_is_the_dot_product_that_is_drawn() -> None:
    picture = by_slug("similarity").build(scene("reverse")).picture
    q, k = np.array(picture["q"]), np.array(picture["k"])
    assert np.allclose(q @ k.T / np.sqrt(q.shape[1]), picture["scores"], atol=1e-3)


def test_the_drawn_values_add_up_to_the_drawn_sum() -> None:
    picture = by_slug("weighted-sum").build(scene("reverse")).picture
    assert np.allclose(np.array(picture["weights"]) @ picture["v"], picture["z"], atol=1e-4)


def test_the_weighted_sum_begins_with_a_row_that_is_divided() -> None:
    picture = by_slug("weighted-sum").build(scene("translate-en-fr")).picture
    first, second = np.sort(picture["weights"][picture["start"]])[::-1][:2]
    assert first >= 0.5
    assert second > 0.25


def test_softmax_of_the_drawn_scores_is_the_hidden_row() -> None:
    picture = by_slug("softmax").build(scene("reverse")).picture
    powers = np.exp(picture["scores"])
    assert np.allclose(powers / powers.sum(), picture["weights"], atol=1e-4)


def test_the_cuts_of_the_first_lesson_are_really_made() -> None:
    start = scene("reverse")
    seen = []

    def run(text: str, edits: Edits) -> Trace:
        if text == start.trace.src.text and edits:
            seen.append(edits)
        return start.run(text, edits)

    screen = by_slug("context").build(replace(start, run=run))
    shown = [row["tokens"] for row in screen.picture["rows"]]
    assert shown[0] == token_names(start.trace.tgt_out)
    for row, edits in zip(shown[1:], seen, strict=True):
        cut = start.run(start.trace.src.text, edits)
        assert row == token_names(cut.tgt_out) + ([] if cut.finished else ["…"])
    assert len(set(seen)) == 3


def test_where_context_changes_nothing_the_first_lesson_says_so_and_offers_a_text() -> None:
    plain, idiom = (
        scene("translate-en-fr", text)
        for text in ("The black cat sleeps.", "It is raining cats and dogs.")
    )
    for start in (plain, idiom):
        screen = by_slug("context").build(start)
        alone = screen.question["values"][0]
        assert ("needs no context" in screen.question["said"]) == (alone == 0)
        if alone == 0:
            assert screen.also is not None
            offered = scene("translate-en-fr", screen.also.address["text"])
            assert by_slug("context").build(offered).question["values"][0] > 0.3
        else:
            assert f"{alone:.3f} of this answer's tokens change" in screen.question["said"]


def test_steps_tell_how_much_the_model_expected_a_forced_answer() -> None:
    one = loaded("reverse")
    trace = one.teacher_force("c a b", "b x c")
    picture = by_slug("writing").build(replace(scene("reverse"), trace=trace)).picture
    steps = picture["steps"]
    assert [step["writes"] for step in steps] == ["b", "x", "c", "<eos>"]
    assert np.allclose([step["loss"] for step in steps], -trace.chosen_log_probs, atol=1e-5)
    assert np.isclose(picture["mean"], -trace.chosen_log_probs.mean(), atol=1e-5)


@pytest.mark.parametrize("slug", TEXT_MODELS)
def test_verdicts_on_heads_are_those_of_the_true_alignment(slug: str) -> None:
    """Every example: the best head is best in the rows that write, and reasons count the rows."""
    task = loaded(slug).task
    assert task is not None
    for example in task.examples:
        start = scene(slug, example.text)
        trace, known = start.trace, start.reference(start.trace)
        assert known is not None
        assert known.basis != "measured", "links of every example are known"
        error = AER.sums(trace, "cross", known.alignment).value.ravel()
        question = by_slug("cross-attention").build(start).question
        assert np.allclose(question["values"], 1 - error, atol=1e-6)
        printed = np.round(1 - error, 3)
        assert sorted(question["best"]) == np.flatnonzero(printed == printed.max()).tolist()
        address = by_slug("cross-attention").build(start).link.address
        assert question["best"][0] == address["layer"] * trace.n_heads + address["head"]
        _, possible = known.alignment.matrices()
        for option, why in enumerate(question["why"]):
            layer, head = divmod(option, trace.n_heads)
            pattern = trace.attention["cross"][layer].pattern[head]
            right = sum(
                strongest_word(pattern, known.alignment, target) in np.flatnonzero(words)
                for target, words in enumerate(possible)
                if words.any()
            )
            assert f"{right} of " in why or f"({right})" in why


@pytest.mark.parametrize("slug", TEXT_MODELS)
def test_every_answer_on_every_example_follows_from_the_trace(slug: str) -> None:
    """What is called right, worked out once more from the run's own arrays."""
    task = loaded(slug).task
    assert task is not None
    for example in task.examples:
        start = scene(slug, example.text)
        for lesson in ("similarity", "softmax", "weighted-sum", "self-attention", "writing"):
            screen = by_slug(lesson).build(start)
            expected = recomputed(lesson, start, screen)
            question = screen.question
            given = question.get("values") or question["truth"]
            most = MAX_DRAWN if question["type"] == "choice" else MAX_GUESSED
            if len(expected) > most + (question["type"] == "row"):
                expected = expected[around(expected, most)]
            assert np.allclose(given[: len(expected)], expected, atol=1e-5), (lesson, example.text)
            assert np.isclose(max(given[: len(expected)]), expected.max(), atol=1e-5)
        mask = by_slug("mask").build(start).question["mask"]
        assert np.array_equal(mask, np.tril(np.ones_like(mask)))


def recomputed(lesson: str, start: Scene, screen: Screen) -> np.ndarray[Any, Any]:
    """The numbers by which a lesson's question is judged."""
    trace, address = start.trace, screen.link.address
    if lesson == "writing":
        names = screen.question["labels"]
        row = screen.picture["hidden"]
        best = np.sort(np.exp(trace.log_probs[row]))[::-1][: len(names)]
        assert np.allclose(np.sort(screen.question["values"])[::-1], best, atol=1e-5)
        return np.array(screen.question["values"])
    record = trace.attention[address["kind"]][address["layer"]]
    head = address["head"]
    if lesson == "self-attention":
        (row,) = screen.picture["hidden"]
        return record.pattern[head, row]
    row = address["query"]
    q, k = record.q[head, row], record.k[head]
    scores = k @ q / np.sqrt(q.shape[-1])
    if lesson == "similarity":
        return scores
    weights = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    return weights if lesson == "softmax" else weights * record.value_norm[head]


def strongest_word(pattern: Any, alignment: Any, target: int) -> int:
    """The source word with the most weight in the rows that write a target word."""
    rows = pattern[list(alignment.targets[target])].mean(0)
    return int(np.argmax([rows[list(group)].mean() for group in alignment.sources]))


def test_a_head_that_follows_the_word_just_read_is_told_from_an_aligner() -> None:
    """The corpus says which head does which; the lesson says the same of the black cat."""
    table = read_atlas(ASSETS / "atlas" / "translate-en-fr.parquet")
    _, layer, head = min(table.heads("cross"), key=lambda one: table.value("aer_shifted", one))
    start = scene("translate-en-fr", "The black cat sleeps.")
    question = by_slug("cross-attention").build(start).question
    option = layer * start.trace.n_heads + head
    assert option not in question["best"]
    assert question["why"][option].startswith("This head follows the word just read")


@pytest.mark.parametrize("slug", SLUGS)
def test_the_reason_for_a_row_names_its_strongest_token(slug: str) -> None:
    for _, start, screen in screens(slug):
        if screen.question["type"] != "row":
            continue
        why, truth = screen.question["why"], screen.question["truth"]
        assert f"{max(truth):.3f}" in why or "No token has half" in why or len(truth) > 12
        assert start.trace.src.text


def test_rows_of_the_decoder_are_named_by_what_they_read_and_write() -> None:
    start = scene("translate-en-fr", "The black cat sleeps.")
    assert row_names(start.trace, "cross")[:3] == ["<bos> → Le", "Le → chat", "chat → noir"]
    assert row_names(start.trace, "encoder_self")[:2] == ["The", "black"]
    picture = by_slug("cross-attention").build(start).picture
    assert [row["label"] for row in picture["rows"]] == row_names(start.trace, "cross")


def test_the_most_informative_encoder_head_covers_most() -> None:
    start = scene("reverse", "a b c")
    covered = coverage(start.trace, "encoder_self")
    assert most_informative_head(start, "encoder_self") == best(covered)


def test_the_teachers_notes_have_a_paragraph_for_every_lesson_in_order() -> None:
    notes = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## Lesson (\d+) · (.+)$", notes, flags=re.MULTILINE)
    assert headings == [(str(i), one.title) for i, one in enumerate(LESSONS, start=1)]
    for part in notes.split("## Lesson ")[1:]:
        assert "**Ask:**" in part
        assert "**What usually goes wrong:**" in part


def test_lessons_have_names_of_their_own() -> None:
    assert len(LESSONS) >= 8
    assert len({one.slug for one in LESSONS}) == len(LESSONS)
    both: list[Lesson | Game] = [*LESSONS, *GAMES]
    assert all(re.fullmatch(r"[a-z-]+", one.slug) for one in both)


def by_slug(slug: str) -> Lesson:
    return next(one for one in LESSONS if one.slug == slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_cut_costs_what_forcing_the_same_answer_under_it_says(slug: str) -> None:
    one = scene(slug)
    row = cause.rows_that_can_be_cut(one.trace)[0]
    words = word_groups(one.trace.src)
    weights = np.mean([b.pattern[:, row] for b in one.trace.attention["cross"]], axis=(0, 1))
    for cut in cause.cuts(one, row):
        word = next(w for w in words if word_text(one.trace.src, w) == cut.word)
        edits = Edits(cut={("cross", None, None, row, key) for key in word})
        forced = one.model.teacher_force(one.trace.src.text, one.trace.tgt_out.ids, edits=edits)
        token = one.trace.tgt_out.ids[row]
        expected = one.trace.log_probs[row, token] - forced.log_probs[row, token]
        assert cut.lost == pytest.approx(expected, abs=1e-4)
        same = [w for w in words if word_text(one.trace.src, w) == cut.word]
        assert any(cut.weight == pytest.approx(weights[list(w)].sum(), abs=1e-6) for w in same)
    screen = cause.LESSON.build(one)
    assert len(screen.picture["rows"]) == 1 + len(screen.question["labels"])
    assert [drawn["hidden"] for drawn in screen.picture["rows"][:2]] == [False, True]


@pytest.mark.parametrize("slug", ["read-digits", "hear-digits"])
def test_where_it_looks_is_asked_in_slices_of_the_source(slug: str) -> None:
    one = headlight.load(slug)
    assert one.task is not None
    source = one.task.examples[0].source
    trace = one.run(source)
    seen = Scene(
        one,
        trace,
        lambda name, edits: one.run(source, edits=edits),
        lambda traced: reference(one, traced),
        name=one.task.examples[0].text,
    )
    screen = not_only_words.LESSON.build(seen)
    picture, question = screen.picture, screen.question
    assert picture["type"] == "source"
    assert len(picture["slices"]) == len(question["values"]) <= 12
    assert sum(question["values"]) == pytest.approx(1, abs=1e-4)
    assert sum(picture["row"]) == pytest.approx(1, abs=1e-4)
    assert picture["slices"][0][0] == 0
    assert picture["slices"][-1][1] == 1
    pixels = base64.b64decode(picture["pixels"])
    assert len(pixels) == picture["width"] * picture["height"]
    assert "the example was put together from single digits" in question["said"]
    assert sorted(cut.weight for cut in cause.cuts(seen, 1))[-1] > 0.4  # the digit being written


def test_a_model_of_words_is_asked_about_words_and_leads_on() -> None:
    screen = not_only_words.LESSON.build(scene("reverse"))
    assert screen.picture["type"] == "map"
    assert screen.link.address["model"] == "read-digits"
    assert screen.also is not None
    assert screen.also.address["model"] == "hear-digits"
