"""Games on every example: each verdict against the arrays, and the true links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import headlight
from headlight.model import Edits, Model, Trace
from headlight.model.analysis.alignment.links import Alignment
from headlight.model.analysis.alignment.reference import reference
from headlight.viz.labels import token_names
from headlight.viz.lessons import GAMES, Scene, Screen, cause, not_only_words
from headlight.viz.lessons.sources import parts
from headlight.viz.lessons.tokens import MAX_GUESSED, around
from tests.reading import TEXT_MODELS

TURNS = 6
"""Turns of a game that are played: each kind of attention, or habit, at least once."""
HALF = 0.5
SEEN = ("read-digits", "hear-digits")


@cache
def loaded(slug: str) -> Model:
    return headlight.load(slug)


def scenes(slug: str) -> Iterator[Scene]:
    """Every example, as the page Learn sees it."""
    model = loaded(slug)
    assert model.task is not None
    for example in model.task.examples:
        source = example.source if model.reads != "text" else example.text
        trace = model.run(source)

        def again(_: str, edits: Edits, source: Any = source, n: int = len(trace.tgt_out)) -> Trace:
            return model.run(source, max_len=n + 4, edits=edits)

        yield Scene(
            model,
            trace,
            again,
            lambda traced: reference(model, traced, measure=True),
            name=example.text if model.reads != "text" else "",
        )


def play(name: str, scene: Scene, turn: int) -> Screen:
    return next(game for game in GAMES if game.slug == name).build(replace(scene, turn=turn))


def pattern_of(screen: Screen, trace: Trace) -> np.ndarray:
    """[query, key] of the head that a screen links to."""
    kind, layer, head = (screen.link.address[name] for name in ("kind", "layer", "head"))
    return trace.attention[kind][layer].pattern[head]


@pytest.mark.parametrize("slug", TEXT_MODELS)
def test_a_row_is_that_of_the_head_and_its_reason_holds(slug: str) -> None:
    for scene in scenes(slug):
        for turn in range(TURNS):
            screen = play("row", scene, turn)
            (row,) = screen.picture["hidden"]
            weights = pattern_of(screen, scene.trace)[row]
            truth = np.array(screen.question["truth"])
            record = scene.trace.attention[screen.link.address["kind"]][0]
            weights = weights[record.mask[row]]  # a decoder looks back: the first ones
            long = len(weights) > MAX_GUESSED + 1
            part = around(weights, MAX_GUESSED) if long else slice(0, len(weights))
            n = part.stop - part.start
            np.testing.assert_allclose(truth[:n], weights[part], atol=1e-5)
            assert truth[:n].max() == pytest.approx(weights.max(), abs=1e-5)
            assert truth.sum() == pytest.approx(1, abs=1e-4)
            check_reason(scene, screen, row, weights)


def check_reason(scene: Scene, screen: Screen, row: int, weights: np.ndarray) -> None:
    """The sentence behind a row says what the weights and the true links say."""
    why, kind = screen.question["why"], screen.link.address["kind"]
    keys, top = scene.trace.keys(kind), int(weights.argmax())
    assert f"{weights[top]:.3f}" in why
    assert f"“{token_names(keys)[top]}”" in why
    assert ("No token has half" in why) == (weights[top] < HALF)
    if weights[top] < HALF:
        return
    assert ("stands for no word" in why) == keys.special[top]
    if keys.special[top]:
        return
    if kind != "cross":
        places = {0: "the token itself", -1: "the token before it", 1: "the token after it"}
        far = f"{abs(top - row)} steps to its {'left' if top < row else 'right'}"
        assert places.get(top - row, far) in why
        return
    known = scene.reference(scene.trace)
    assert known is not None
    written = comes_from(known.alignment, row, top)
    read = row > 0 and comes_from(known.alignment, row - 1, top)
    assert ("the word being written, comes from" in why) == written
    assert ("this head looks back" in why) == (read and not written)
    assert ("does not come from it" in why) == (not read and not written)


def comes_from(alignment: Alignment, token: int, key: int) -> bool:
    """Whether a true link joins the words of a target token and of a source token."""
    _, possible = alignment.matrices()
    targets = [token in group for group in alignment.targets]
    sources = [key in group for group in alignment.sources]
    return bool(possible[targets][:, sources].any())


@pytest.mark.parametrize("slug", TEXT_MODELS)
def test_masked_cells_are_those_of_the_future(slug: str) -> None:
    for scene in scenes(slug):
        for turn, kind in enumerate(("decoder_self", "encoder_self", "cross")):
            question = play("cells", scene, turn).question
            open_ = np.ones_like(question["mask"])
            expected = np.tril(open_) if kind == "decoder_self" else open_
            np.testing.assert_array_equal(question["mask"], expected)
            assert ("Nothing is masked" in question["said"]) == (kind != "decoder_self")


@pytest.mark.parametrize("slug", TEXT_MODELS)
def test_the_right_head_has_the_most_weight_beside_each_token(slug: str) -> None:
    """Turns 1 to 3 ask for the token before, the token itself and the token after."""
    offsets = {"just before": -1, "very same": 0, "just after": 1}
    for scene in scenes(slug):
        asked = set()
        for turn in (1, 2, 3):
            screen = play("head", scene, turn)
            ask = screen.question["ask"]
            words, offset = next((w, by) for w, by in offsets.items() if w in ask)
            asked.add(words)
            patterns = [block.pattern for block in scene.trace.attention["encoder_self"]]
            values = np.array([habit(block, scene.trace, offset) for block in patterns])
            layer, head = screen.link.address["layer"], screen.link.address["head"]
            assert values[layer, head] == pytest.approx(values.max(), abs=1e-6)
            many = len(screen.question["values"]) == values.size
            given = values if many else values[[layer]]
            np.testing.assert_allclose(screen.question["values"], given.ravel(), atol=1e-5)
            printed = np.round(given.ravel(), 3)
            assert screen.question["best"] == np.flatnonzero(printed == printed.max()).tolist()
        assert len(asked) == 3


def habit(block: np.ndarray, trace: Trace, offset: int) -> list[float]:
    """Mean weight of each head on the token so many places away, over the rows that have one."""
    n = len(trace.src)
    rows = [i for i in range(n) if 0 <= i + offset < n]
    return [float(np.mean([head[i, i + offset] for i in rows])) if rows else 0.0 for head in block]


@pytest.mark.parametrize("slug", TEXT_MODELS)
def test_the_next_token_is_the_most_probable_one(slug: str) -> None:
    for scene in scenes(slug):
        for turn in range(2):
            screen = play("token", scene, turn)
            probs = scene.trace.probs[screen.picture["hidden"]]
            question = screen.question
            top = np.sort(probs)[::-1][: len(question["values"])]
            np.testing.assert_allclose(np.sort(question["values"])[::-1], top, atol=1e-5)
            predicted = token_names(scene.trace.predicted)[screen.picture["hidden"]]
            best = [question["labels"][i] for i in question["best"]]
            assert predicted in best or len(best) > 1


@pytest.mark.parametrize("slug", TEXT_MODELS)
def test_the_cut_that_hurts_costs_most_when_the_same_answer_is_forced(slug: str) -> None:
    for scene in scenes(slug):
        trace = scene.trace
        rows = cause.rows_that_can_be_cut(trace)
        row = rows[len(rows) // 2]
        question = play("cut", scene, 0).question
        assert f"Row {row} writes “{token_names(trace.tgt_out)[row]}”" in question["ask"]
        token = trace.tgt_out.ids[row]
        lost = []
        for cut in cause.cuts(scene, row):
            edits = next(iter_edits(scene, row, cut))
            forced = scene.model.teacher_force(trace.src.text, trace.tgt_out.ids, edits=edits)
            lost.append(float(trace.log_probs[row, token] - forced.log_probs[row, token]))
        np.testing.assert_allclose(question["values"], lost, atol=1e-4)
        agrees = int(np.argmax(question["values"])) == 0
        assert ("is also the one whose cut costs most" in question["said"]) == agrees


def iter_edits(scene: Scene, row: int, cut: cause.Cut) -> Iterator[Edits]:
    """The edits whose words bear the name and have the attention of a cut."""
    for word, positions in parts(scene.trace):
        blocks = scene.trace.attention["cross"]
        weight = np.mean([b.pattern[:, row, list(positions)].sum(-1) for b in blocks])
        if word == cut.word and weight == pytest.approx(cut.weight, abs=1e-6):
            yield Edits(cut={("cross", None, None, row, key) for key in positions})


@pytest.mark.parametrize("slug", SEEN)
def test_slices_have_the_weights_of_their_positions_and_the_digits_place(slug: str) -> None:
    for scene in scenes(slug):
        for turn in range(2):
            screen = not_only_words.LESSON.build(replace(scene, turn=turn))
            layer, head = screen.link.address["layer"], screen.link.address["head"]
            block = scene.trace.attention["cross"][layer].pattern[head]
            named = [row for row in range(len(block)) if row_matches(screen, block[row])]
            assert named, "the values are those of a row of the head"
            source = scene.trace.src.source
            assert source is not None
            said = screen.question["said"]
            if not said:
                continue
            start, end = (
                float(x) for x in re.findall(r"\d+(?:\.\d+)?", said.split("stands at")[1])[:2]
            )
            digit = re.findall("“(.+?)”", said)[0]
            half = scene.trace.src.places[0][1] - scene.trace.src.places[0][0]
            assert any(
                name == digit and abs(a - start) <= half and abs(b - end) <= half + 1
                for a, b, name in source.marks or ()
            )


def row_matches(screen: Screen, row: np.ndarray) -> bool:
    """Whether the slices add up this row."""
    values = np.array(screen.question["values"])
    size = -(-len(row) // len(values))
    sums = [row[i : i + size].sum() for i in range(0, len(row), size)]
    return len(sums) == len(values) and bool(np.allclose(values, sums, atol=1e-4))
