"""What the player of a training is sent: the history's own numbers, where the header says."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np
import pytest

from headlight.model.analysis.alignment.links import Alignment
from headlight.model.network.config import KINDS
from headlight.model.run.arrays import Array
from headlight.model.training.history import (
    TrainingHistory,
    always,
    assemble,
    concat,
    take_snapshot,
)
from headlight.model.training.recording import CurvePoint
from headlight.viz.components.training_player import encode
from tests.model.builders import random_model

ALIGNMENT = Alignment(
    sources=((0,), (1, 2)),
    targets=((0, 1), (2,)),
    sure=frozenset({(0, 0)}),
    possible=frozenset({(0, 0), (1, 1)}),
)


def history(alignment: Alignment | None = ALIGNMENT) -> TrainingHistory:
    """Three untrained models stand for three steps."""
    histories = []
    for step in range(3):
        model = random_model("reverse", seed=step)
        frame, trace = take_snapshot(model, 10 * step, "a b c", "c b a", always(alignment))
        histories.append(assemble(trace, alignment, [frame]))
    return concat(histories)


def decoded(data: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack_from("<I", data)
    return json.loads(data[4 : 4 + length]), data[4 + length :]


@pytest.mark.parametrize(("name", "most"), [("bleu", 100), ("exact", 1)])
def test_quality_is_drawn_where_it_was_measured(name: str, most: int) -> None:
    curve = [
        CurvePoint(step, 1.0, math.nan, {name: 0.5 * most, "chrf": 1.0} if step == 20 else {})
        for step in (10, 20, 30)
    ]
    header, _ = decoded(encode(history(), curve=curve))
    assert header["curve"]["step"] == [10, 20, 30]
    share = header["curve"]["share"]
    assert (share["step"], share["values"]) == ([20], [0.5])


def test_every_number_is_the_films_own() -> None:
    shown = history()
    header, body = decoded(encode(shown, curve=[CurvePoint(5, 2.5, 0.25, {})]))
    assert header["steps"] == [0, 10, 20]
    assert header["outputs"] == list(shown.outputs)
    accuracy = {"name": "next-token accuracy", "short": "accuracy"}
    share = {**accuracy, "step": [5], "values": [0.25]}
    assert header["curve"] == {"step": [5], "loss": [2.5], "share": share}
    np.testing.assert_allclose(header["loss"], shown.loss, atol=1e-6)
    for kind in KINDS:
        block = header["attention"][kind]
        shape = shown.patterns[kind].shape
        assert (block["layers"], block["heads"], block["rows"], block["columns"]) == shape[1:]
        stored = np.frombuffer(body, "<u2", int(np.prod(shape)), block["pattern"])
        np.testing.assert_array_equal(stored.reshape(shape), shown.patterns[kind])
    errors = shown.aer[header["row"]]
    stored = np.frombuffer(body, "<f4", errors.size, header["errors"])
    np.testing.assert_array_equal(stored.reshape(errors.shape), errors)


def test_a_film_of_one_sentence_holds_what_each_step_computed() -> None:
    shown = history()
    for i in range(3):
        trace = random_model("reverse", seed=i).teacher_force("a b c", "c b a")
        truth = trace.attention["cross"][1].pattern[0]
        np.testing.assert_allclose(shown.pattern(i, "cross", 1, 0), truth, atol=1e-5)
        assert shown.loss[i] == pytest.approx(-trace.chosen_log_probs.mean(), abs=1e-6)


@pytest.mark.parametrize(("row", "shift"), [("writes", 0), ("reads", 1)])
def test_true_links_are_framed_in_the_row_that_counts(row: str, shift: int) -> None:
    header, _ = decoded(encode(history(), row=row))
    first = [[shift, 0, True], [1 + shift, 0, True]]
    assert header["links"] == [*first, [2 + shift, 1, False], [2 + shift, 2, False]]


def test_errors_of_a_corpus_stand_in_for_those_of_the_sentence() -> None:
    shown = history()
    corpus: dict[str, Array] = {row: 0 * values + 0.5 for row, values in shown.aer.items()}
    header, body = decoded(encode(shown, errors=corpus, measured="on 8 sentences"))
    stored = np.frombuffer(body, "<f4", corpus["writes"].size, header["errors"])
    assert set(stored.tolist()) == {0.5}
    assert header["measured"] == "on 8 sentences"


def test_without_a_true_alignment_no_error_is_made_up() -> None:
    header, _ = decoded(encode(history(None)))
    assert header["errors"] is None
    assert header["row"] is None
    assert header["links"] == []


def test_its_identity_follows_its_numbers() -> None:
    assert decoded(encode(history()))[0]["id"] == decoded(encode(history()))[0]["id"]
    assert decoded(encode(history()))[0]["id"] != decoded(encode(history(None)))[0]["id"]
