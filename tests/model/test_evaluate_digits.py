"""Digits are measured as they are met: in rows, as they were stored, as a page hears them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import headlight
from headlight.model.tasks.digits import DRAWN, FOLDER, SHIPPED, TEST, read_arrays
from headlight.model.training.card import digits
from headlight.model.training.evaluate import evaluate
from headlight.model.training.evaluate_digits import most_often_wrong


def test_single_spoken_digits_are_measured_as_a_page_hears_them_too() -> None:
    found = evaluate(headlight.load("hear-digits"), n=12)
    assert (found["inputs"], found["single_digits"]) == (12, 100)
    assert found["exact_match"] >= 11 / 12
    assert found["single_digits_right"] >= 0.98
    assert found["single_digits_recorded_right"] >= 0.98


def test_drawn_digits_are_not_recorded() -> None:
    found = evaluate(headlight.load("read-digits"), n=8)
    assert found["single_digits"] == 240
    assert found["single_digits_right"] >= 0.98
    assert "single_digits_recorded_right" not in found


def test_a_test_part_beside_the_others_is_measured_as_well(tmp_path: Path) -> None:
    images, labels = (read_arrays(SHIPPED / "drawn.npz")[name] for name in ("images", "labels"))
    (folder := tmp_path / FOLDER).mkdir()
    np.savez(folder / DRAWN, images=np.tile(images, (3, 1, 1)), labels=np.tile(labels, 3))
    assert "test_part_inputs" not in evaluate(headlight.load("read-digits"), 8, tmp_path)
    np.savez(folder / f"{TEST}{DRAWN}", images=images[:30], labels=(labels[:30] + 1) % 10)
    found = evaluate(headlight.load("read-digits"), 8, tmp_path)
    assert (found["test_part_inputs"], found["test_part_exact_match"]) == (40, 0)
    assert (found["test_part_single_digits"], found["test_part_single_digits_right"]) == (30, 0)
    assert found["single_digits_right"] >= 0.98
    said = "\n".join(digits(found))
    assert "| rows of MNIST's test part | 40 | 0.0 % |" in said
    assert "| its single digits, as they were stored | 30 | 0.0 % |" in said


def test_digits_that_are_wrong_are_named_with_what_they_were_taken_for() -> None:
    answers = ["two", "five", "five", "one", "five", "six"]
    written = ["two", "nine", "nine", "", "one two", "six"]
    said = most_often_wrong(answers, written)
    assert said == "five as nine 2, one as nothing 1, five as one two 1"
    assert most_often_wrong(answers, written, most=1) == "five as nine 2"
    assert most_often_wrong(answers, answers) == ""
