"""What counts as an answer, what pupils are not told yet, and what comes of answers by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from headlight.viz.room.questions import clean, without_truth
from headlight.viz.room.records import Answer
from headlight.viz.room.tally import distance, own, scores, tally


def body(**question: Any) -> dict[str, Any]:
    return {"picture": {"type": "none"}, "question": {"ask": "?", **question}}


ROW = body(type="row", labels=["a", "b", "c"], truth=[0.5, 0.25, 0.25])
CHOICE = body(type="choice", labels=["x", "y", "z"], values=[0.1, 0.7, 0.7], best=[1, 2])
SQUARE = {"rows": ["r", "s"], "columns": ["c", "d"]}
CELLS = body(type="cells", mask=[[1, 0], [1, 1]], weights=[[1, 0], [0.5, 0.5]], **SQUARE)
PICK = body(type="pick", most=2, weights=[[0.9, 0.1], [0.4, 0.6]], **SQUARE)
NUMBER = body(type="number", truth=0.4, scale=1.0)
WORD = body(type="word", truth="Katze")


def answers(*values: Any) -> list[Answer]:
    return [Answer(i, value) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("asked", "sent", "kept"),
    [
        (ROW, [2, 1, 1], [0.5, 0.25, 0.25]),
        (CHOICE, 2, 2),
        (CELLS, [[0, 1], [0, 1]], [[0, 1]]),
        (CELLS, [], []),
        (PICK, [[1, 1], [0, 0]], [[0, 0], [1, 1]]),
        (NUMBER, 3, 3.0),
        (WORD, "  <b>Kat\nze ", "<b>Kat ze"),
    ],
)
def test_an_answer_is_kept_as(asked: dict[str, Any], sent: Any, kept: Any) -> None:
    assert clean(asked, sent) == kept


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        (ROW, [1, 1]),
        (ROW, [0, 0, 0]),
        (ROW, [1, -1, 1]),
        (ROW, [1, math.nan, 1]),
        (ROW, ["1", 1, 1]),
        (ROW, None),
        (CHOICE, 3),
        (CHOICE, -1),
        (CHOICE, True),
        (CHOICE, "x"),
        (CELLS, [[2, 0]]),
        (CELLS, "all"),
        (PICK, []),
        (PICK, [[0, 0], [0, 1], [1, 0]]),
        (NUMBER, math.inf),
        (NUMBER, 1e12),
        (NUMBER, "0.4"),
        (WORD, "   "),
        (WORD, "x" * 10_000),
        (WORD, 7),
    ],
)
def test_what_is_no_answer_is_refused_in_words(asked: dict[str, Any], sent: Any) -> None:
    with pytest.raises(ValueError, match=r"[a-z0-9]\."):
        clean(asked, sent)


@pytest.mark.parametrize("asked", [ROW, CHOICE, CELLS, PICK, NUMBER, WORD])
def test_nothing_of_the_truth_is_told_before(asked: dict[str, Any]) -> None:
    told = without_truth(asked)["question"]
    for name in ("truth", "values", "best", "mask", "weights"):
        assert not any(_flat(told.get(name, [])))
    assert told["ask"] == "?"


def test_hidden_rows_of_a_picture_are_not_told_before() -> None:
    picture = {"type": "map", "weights": [[0.9, 0.1], [0.2, 0.8]], "hidden": [1]}
    told = without_truth({"picture": picture, "question": ROW["question"]})["picture"]
    assert told["weights"] == [[0.9, 0.1], [0, 0]]
    picture = {"type": "source", "row": [0.9, 0.1], "slices": [[0, 0.5], [0.5, 1]]}
    told = without_truth({"picture": picture, "question": CHOICE["question"]})["picture"]
    assert told == {**picture, "row": [0, 0]}


def _flat(values: Any) -> list[Any]:
    if isinstance(values, list):
        return [one for value in values for one in _flat(value)]
    return [values]


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        (ROW, [0.5, 0.25, 0.25], 0.0),
        (ROW, [0.0, 1.0, 0.0], 0.75),
        (CHOICE, 2, 0.0),
        (CHOICE, 0, 1.0),
        (body(type="choice", labels=["x"], best=[]), 0, None),
        (CELLS, [[0, 1]], 0.0),
        (CELLS, [], 0.25),
        (PICK, [[0, 0]], 0.0),
        (PICK, [[0, 1], [1, 1]], 1 - 0.7 / 1.5),
        (NUMBER, 0.1, 0.3),
        (NUMBER, 9.0, 1.0),
        (body(type="number"), 1.0, None),
        (WORD, "katze", 0.0),
        (WORD, "Hund", 1.0),
    ],
)
def test_distances_by_hand(asked: dict[str, Any], value: Any, expected: float | None) -> None:
    found = distance(asked, value)
    assert found == (None if expected is None else pytest.approx(expected))


def test_the_class_as_a_row() -> None:
    found = tally(ROW, answers([1, 0, 0], [0, 0.5, 0.5]), revealed=True)
    assert found["n"] == 2
    assert found["mean"] == [0.5, 0.25, 0.25]
    assert found["distance"] == pytest.approx(0.0)  # together they are right
    assert found["best"] == pytest.approx(0.5)  # alone neither is
    assert "distance" not in tally(ROW, answers([1, 0, 0]), revealed=False)


def test_votes_and_words_are_counted() -> None:
    assert tally(CHOICE, answers(1, 1, 0), revealed=False)["votes"] == [1, 2, 0]
    assert tally(PICK, answers([[0, 0]], [[0, 0], [1, 1]]), revealed=False)["votes"] == [
        [2, 0],
        [0, 1],
    ]
    words = tally(WORD, answers("Hund", "katze", "Katze"), revealed=True)
    assert words["words"] == [["katze", 2], ["Hund", 1]]
    assert (words["best"], words["nearest"]) == (0.0, 2)
    assert tally(NUMBER, answers(3.0, 1.0, 2.0), revealed=False)["median"] == 2.0
    assert tally(ROW, [], revealed=True)["n"] == 0


def test_what_a_pupil_is_told_of_the_own_answer() -> None:
    assert own(ROW, [0.0, 1.0, 0.0]) == "Your distance: 0.750."
    assert own(CHOICE, 1) == "Right."
    assert own(CELLS, []) == "3 of 4 cells right."
    assert own(body(type="word"), "x").startswith("Your answer is among")


def test_points_of_two_teams() -> None:
    rounds = [(CHOICE, answers(1, 0, 2, 0)), (body(type="word"), answers("a", "b"))]
    assert scores(rounds, 2) == [{"team": 1, "points": 100}, {"team": 2, "points": 0}]
