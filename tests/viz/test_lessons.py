"""Lessons on every shipped model and on an untrained one: what they ask is what the trace says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headlight
from headlight.model import Model, Trace
from headlight.model.run.trace import Tokens
from headlight.viz.lessons import GAMES, LESSONS, Game, Lesson, Scene, Screen
from headlight.viz.lessons.choose import aligning, best, coverage, telling, telling_rows, turned
from headlight.viz.lessons.context import distance
from headlight.viz.lessons.parts import row_question
from headlight.viz.lessons.tokens import MOST_DRAWN, MOST_GUESSED, names
from tests.model.builders import random_model

ROOT = Path(__file__).parents[2]
UNTRAINED = "untrained"
SLUGS = (*headlight.available(), UNTRAINED)


@cache
def loaded(slug: str) -> Model:
    return random_model() if slug == UNTRAINED else headlight.load(slug)


def scene(slug: str, text: str | None = None, turn: int = 0) -> Scene:
    one = loaded(slug)
    assert one.task is not None
    source = text or one.task.examples[0].text
    trace = one.run(source)
    limit = min(len(trace.tgt_out) + 4, one.config.max_positions)
    return Scene(one, trace, lambda edits: one.run(source, max_len=limit, edits=edits), turn)


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
                there = Scene(start.model, start.trace, start.run, turn)
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
            assert len(question["labels"]) == len(question["truth"]) <= MOST_GUESSED + 1
        elif question["type"] == "choice":
            values = np.round(question["values"], 3)
            assert question["best"] == np.flatnonzero(values == values.max()).tolist()
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
    assert np.allclose(screen.picture["weights"], pattern[:MOST_DRAWN, :MOST_DRAWN], atol=1e-6)
    (hidden,) = screen.picture["hidden"]
    if len(start.trace.src) <= MOST_GUESSED:
        assert np.allclose(screen.question["truth"], pattern[hidden], atol=1e-6)


def test_a_score_is_the_dot_product_that_is_drawn() -> None:
    picture = by_slug("similarity").build(scene("reverse")).picture
    q, k = np.array(picture["q"]), np.array(picture["k"])
    assert np.allclose(q @ k.T / np.sqrt(q.shape[1]), picture["scores"], atol=1e-3)


def test_the_drawn_values_add_up_to_the_drawn_sum() -> None:
    picture = by_slug("weighted-sum").build(scene("reverse")).picture
    assert np.allclose(np.array(picture["weights"]) @ picture["v"], picture["z"], atol=1e-4)


def test_softmax_of_the_drawn_scores_is_the_hidden_row() -> None:
    picture = by_slug("softmax").build(scene("reverse")).picture
    powers = np.exp(picture["scores"])
    assert np.allclose(powers / powers.sum(), picture["weights"], atol=1e-4)


def test_the_cuts_of_the_first_lesson_are_really_made() -> None:
    start = scene("reverse")
    seen = []

    def run(edits: Any) -> Trace:
        seen.append(edits)
        return start.run(edits)

    screen = by_slug("context").build(Scene(start.model, start.trace, run))
    shown = [row["tokens"] for row in screen.picture["rows"]]
    assert shown[0] == names(start.trace.tgt_out)
    for row, edits in zip(shown[1:], seen, strict=True):
        cut = start.run(edits)
        assert row == names(cut.tgt_out) + ([] if cut.finished else ["…"])
    assert len({bool(edits) for edits in seen}) == 1 == bool(seen[0])
    assert len(set(seen)) == 3


def test_steps_tell_how_much_the_model_expected_a_forced_answer() -> None:
    one = loaded("reverse")
    trace = one.teacher_force("c a b", "b x c")
    picture = by_slug("writing").build(Scene(one, trace, lambda edits: trace)).picture
    steps = picture["steps"]
    assert [step["writes"] for step in steps] == ["b", "x", "c", "<eos>"]
    assert np.allclose([step["loss"] for step in steps], -trace.chosen_log_probs, atol=1e-5)
    assert np.isclose(picture["mean"], -trace.chosen_log_probs.mean(), atol=1e-5)


def test_the_head_that_aligns_is_right_about_the_true_alignment() -> None:
    start = scene("reverse", "q w e r t y")
    aligned = aligning(start.model, start.trace)
    assert aligned.known
    layer, head = best(aligned.values)
    pattern = start.trace.attention["cross"][layer].pattern[head]
    n = len(start.trace.src) - 1
    true = [n - 1 - i for i in range(n)]
    shares = [np.mean(pattern[shift : n + shift].argmax(-1) == true) for shift in (0, 1)]
    assert np.isclose(aligned.values[layer, head], max(shares))


def test_coverage_of_a_sharp_and_of_a_resting_head() -> None:
    trace = scene("reverse", "a b c").trace
    values = coverage(trace, "cross")
    pattern = trace.attention["cross"][0].pattern[0]
    assert np.isclose(values[0, 0], pattern[:, :3].max(axis=0).mean())  # <eos> left out
    assert telling(trace, "cross") == best(values)


def test_best_takes_the_first_of_equals_and_never_what_is_not_a_number() -> None:
    assert best(np.array([[np.nan, 0.5], [0.5, 0.2]])) == (0, 1)


def test_rows_worth_asking_about_come_first() -> None:
    trace = scene("reverse", "a b c d").trace
    rows = telling_rows(trace, "decoder_self", 0, 0)
    assert rows[-1] == 0, "<bos> can look at nothing but itself"
    assert turned([3, 1, 2, 0], 0, most=3) == 1, "row 3 is not drawn"
    assert {turned([3, 1, 2, 0], turn, most=9) for turn in range(9)} == {3, 1}


def test_a_long_row_ends_in_one_bar_for_all_other_tokens() -> None:
    n = 40
    keys = Tokens("", (5,) * n, ("a",) * n, ((0, 0),) * n, tuple(range(n)), (False,) * n)
    weights = np.arange(n) / np.arange(n).sum()
    question = row_question(weights, keys, np.ones(n, bool), "?", "")
    assert question["labels"][-1] == "all 28 other tokens"
    assert np.isclose(question["truth"][-1], weights[12:].sum(), atol=1e-6)
    masked = row_question(weights, keys, np.arange(n) < 3, "?", "")
    assert masked["labels"] == ["a", "a", "a"]


@pytest.mark.parametrize(
    ("a", "b", "steps"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "axc", 1), ("kitten", "sitting", 3)],
)
def test_distance(a: str, b: str, steps: int) -> None:
    assert distance([*map(ord, a)], [*map(ord, b)]) == steps


def test_the_teachers_notes_have_a_paragraph_for_every_lesson_in_order() -> None:
    notes = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## Lesson (\d+) · (.+)$", notes, flags=re.MULTILINE)
    assert headings == [(str(i), one.title) for i, one in enumerate(LESSONS, start=1)]
    for part in notes.split("## Lesson ")[1:]:
        assert "**Ask:**" in part
        assert "**What usually goes wrong:**" in part


def test_lessons_have_names_of_their_own() -> None:
    assert 8 <= len(LESSONS) <= 10
    assert len({one.slug for one in LESSONS}) == len(LESSONS)
    both: list[Lesson | Game] = [*LESSONS, *GAMES]
    assert all(re.fullmatch(r"[a-z-]+", one.slug) for one in both)


def by_slug(slug: str) -> Lesson:
    return next(one for one in LESSONS if one.slug == slug)
