"""Arguments that are none: answered in words, with ValueError and nothing else, and soon."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import headlight
from headlight.model import CheckpointError, Edits, Model
from headlight.model.checkpoints.folder import CONFIG, TOKENIZER
from headlight.model.decoding import Given, Hypothesis
from tests.model.builders import random_model

Call = Callable[[Model], Any]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda m: m.run_many(None), "Several texts are taken"),
        (lambda m: m.run_many("hello"), "Several texts are taken"),
        (lambda m: m.run_many(["c a b", None]), "There is no text to read"),
        (lambda m: m.translate(None), "Several texts are taken"),
        (lambda m: Given(Hypothesis((2**70,), 0.0, True), "x"), "must be token ids"),
        (lambda m: Given(Hypothesis((), 0.0, True), "x"), "must be token ids"),
        (lambda m: Given(Hypothesis(True, 0.0, True), "x"), "must be token ids"),  # type: ignore[arg-type]
        (lambda m: Given(Hypothesis(("a",), 0.0, True), "x"), "must be token ids"),  # type: ignore[arg-type]
        (lambda m: m.run("c a", strategy=Given(Hypothesis((99,), 0.0, True), "x")), "id 99"),
        (lambda m: m.teacher_force("c a", [2**70]), "cannot be written"),
        (lambda m: m.run("c a", prefix=[2**70]), "cannot be written"),
        (lambda m: m.run("c a", max_len=True), "max_len must be from 1"),
        (lambda m: Edits(ablate=None), "ablate"),  # type: ignore[arg-type]
        (lambda m: Edits(ablate=[["cross", 0, [1]]]), "does not exist"),  # type: ignore[list-item]
        (lambda m: m.run("c a", edits=Edits(ablate={("cross", 2**70, 0)})), "layer"),
        (lambda m: Edits(set={("cross", 0, 0, 0): "100"}), "takes a list of finite numbers"),
        (lambda m: headlight.html("c a"), "A Trace is taken, .* not 'c a'"),
        (lambda m: headlight.html(m.run("c a"), compare=m), "A Trace is taken"),
    ],
)
def test_it_is_said_what_is_wrong(tiny: Model, call: Call, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call(tiny)


@pytest.mark.parametrize(
    "call",
    [
        lambda m, text: m.run(text),
        lambda m, text: m.run_many([text]),
        lambda m, text: m.teacher_force("c a", text),
        lambda m, text: m.run("c a", prefix=text),
    ],
)
def test_a_book_is_refused_by_its_length_before_it_is_read(
    call: Callable[[Model, str], Any],
) -> None:
    model = random_model("reverse")
    model.task = None
    start = time.thread_time()
    with pytest.raises(ValueError, match="characters"):
        call(model, "The cat sat. " * 1_000_000)
    assert time.thread_time() - start < 0.5


def test_a_checkpoint_of_a_few_bytes_does_not_ask_for_gigabytes(tmp_path: Path) -> None:
    headlight.save(random_model(), tmp_path)
    config = json.loads((tmp_path / CONFIG).read_text())
    config["model"]["max_positions"] = 3_700_000
    (tmp_path / CONFIG).write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="max_positions must be at most"):
        headlight.load(tmp_path)


def test_a_configuration_of_more_numbers_than_the_file_has_is_refused(tmp_path: Path) -> None:
    headlight.save(random_model(), tmp_path)
    config = json.loads((tmp_path / CONFIG).read_text())
    config["model"]["d_ff"] = 10_000_000
    (tmp_path / CONFIG).write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="too few for the"):
        headlight.load(tmp_path)


def test_a_panic_of_the_tokenizers_library_is_told_of(tmp_path: Path) -> None:
    headlight.save(random_model(), tmp_path)
    state = json.loads((tmp_path / TOKENIZER).read_text())
    state["normalizer"] = {"type": "Precompiled"}
    (tmp_path / TOKENIZER).write_text(json.dumps(state))
    with pytest.raises(CheckpointError, match="is not a usable tokenizer"):
        headlight.load(tmp_path)


def test_missing_sentences_are_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from headlight.model.analysis import corpus

    monkeypatch.setattr(corpus, "ENGLISH", tmp_path / "english.txt")
    model = random_model()
    model.task = None
    with pytest.raises(ValueError, match=r"english\.txt, cannot be read"):
        corpus.own_corpus(model)
