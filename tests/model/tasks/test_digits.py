"""Rows of digits: what training is given, what is held out, and who is left out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from headlight.model.run.sources import Sound
from headlight.model.tasks.digits import DigitsData, DigitsTask, with_repeats
from headlight.model.tasks.hear_digits import BARE, GATED, HearDigits, SpokenData
from headlight.model.tasks.read_digits import ReadDigits

READ, HEAR = ReadDigits(), HearDigits()


def data(task: DigitsTask, grown: int = 20) -> DigitsData:
    """Rows of the digits that come with the project, in place of the large files."""
    kind = SpokenData if isinstance(task, HearDigits) else DigitsData
    return kind(task, task.tokenizer(), 0, (task.shipped, task.shipped), alone=8, grown=grown)


def test_rows_grow_from_one_digit_to_the_most() -> None:
    rows = data(READ)
    alone, grown = rows.batch(3), [rows.batch(40 + i) for i in range(rows.ROUND)]
    assert alone.tgt_in.shape[1] == 2  # <bos> and one digit
    lengths = {int(n) for batch in grown for n in (batch.tgt_out > 3).sum(1)}
    assert lengths == set(range(1, 9))


def test_most_spoken_rows_for_training_begin_or_end_right_with_a_word() -> None:
    for calm, expected in ((False, GATED + (1 - GATED) * BARE), (True, 0.0)):
        made = HEAR.shipped.make([1] * 600, np.random.default_rng(0), calm)
        sounds = [source for source, _ in made if isinstance(source, Sound)]
        spans = [(sound.marks[0], sound.seconds) for sound in sounds if sound.marks]
        starts = np.mean([start == 0 for (start, _, _), _ in spans])
        ends = np.mean([end == seconds for (_, end, _), seconds in spans])
        assert [starts, ends] == pytest.approx([expected, expected], abs=0.06)


def test_half_of_the_spoken_rows_stay_single_digits() -> None:
    random = np.random.default_rng(0)
    for task, expected in ((READ, 1 / 8), (HEAR, 0.5 + 0.5 / 6)):
        rows = data(task)
        sizes = [size for _ in range(10) for size in rows.sizes(1_000, random)]
        assert np.mean(np.array(sizes) == 1) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("task", [READ, HEAR], ids=["read", "hear"])
def test_the_rows_of_a_step_have_about_one_length(task: DigitsTask) -> None:
    rows = data(task)
    batches = [rows.batch(40 + i) for i in range(rows.ROUND)]
    lengths = [batch.src_lengths for batch in batches if batch.src_lengths is not None]
    used = sum(int(n.sum()) for n in lengths)
    drawn = sum(b.src.shape[0] * b.src.shape[2] for b in batches)
    assert used / drawn > 0.75  # 0.56 where lengths are mixed
    digits = [int((batch.tgt_out > 3).sum()) for batch in batches]
    assert min(digits) > 0.8 * task.recipe.batch
    assert max(digits) < 1.2 * task.recipe.batch


def test_a_resumed_run_is_given_what_an_unbroken_one_was() -> None:
    whole, resumed = data(READ), data(READ)
    before = [whole.batch(step) for step in range(36, 44)]
    again = resumed.batch(43)
    assert np.array_equal(before[-1].src, again.src)
    assert np.array_equal(before[-1].tgt_out, again.tgt_out)
    assert not np.array_equal(before[0].tgt_out, again.tgt_out)


def test_positions_are_labelled_with_what_stands_above_their_middle() -> None:
    wide = torch.zeros(28, 30), ((2, 9, "seven"), (9, 17, "zero"))
    thin = torch.zeros(28, 13), ((3.0, 12.0, "one"),)
    labels = data(READ).labels([wide, thin])
    digits, places = labels[..., 0], labels[..., 1]  # of columns 0-3, 4-7, ...; middles 2, 6, ...
    assert digits.tolist() == [[0, 8, 1, 1, 0, 0, 0, 0], [0, 2, 2, 0, -1, -1, -1, -1]]
    assert places.tolist() == [[0, 1, 2, 2, 0, 0, 0, 0], [0, 1, 1, 0, -1, -1, -1, -1]]


@pytest.mark.parametrize(("task", "per"), [(READ, 4), (HEAR, 6)], ids=["read", "hear"])
def test_the_labels_of_a_batch_are_its_answers_from_left_to_right(
    task: DigitsTask, per: int
) -> None:
    batch = data(task).batch(43)
    assert batch.src_labels is not None
    assert batch.src_lengths is not None
    assert batch.src_labels.shape[1] == -(-batch.src.shape[2] // per)
    for labels, n, ids in zip(batch.src_labels, batch.src_lengths, batch.tgt_out, strict=True):
        assert ((labels >= 0).sum(0) == -(-n // per)).all()
        digits = [int(token) - 3 for token in ids if token > 3]
        for digit, place in labels[labels[:, 0] > 0]:
            assert digits[place - 1] == digit
        assert len(set(labels[labels[:, 0] > 0, 1].tolist())) > 0.8 * len(digits)


def test_a_word_s_label_goes_with_its_tempo() -> None:
    """Loud for 0.4 s between silences: what is loud is labelled, however the tempo is varied."""
    random = np.random.default_rng(0)
    samples = np.zeros(8_000, np.float32)
    samples[3_000:6_200] = random.normal(0, 0.1, 3_200)
    sound = Sound(samples, 8_000, [(3_000 / 8_000, 6_200 / 8_000, "six")])
    varied = data(HEAR).columns([(sound, "six")] * 30, random)
    for frames, ((start, end, name),) in varied:
        assert name == "six"
        loud = np.flatnonzero(frames.numpy().mean(0) > 0.4)
        assert abs(start - loud[0]) <= 3  # a window of the spectrum is 25 ms wide
        assert abs(end - 1 - loud[-1]) <= 3
    assert np.std([end - start for _, ((start, end, _),) in varied]) > 4


def test_digits_stand_twice_more_often_than_by_accident() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(1_000) % 10
    pool = np.arange(1_000)
    rows = [with_repeats(random.choice(pool, 6), pool, labels, random) for _ in range(500)]
    same = np.mean([labels[a] == labels[b] for row in rows for a, b in pairwise(row)])
    assert same == pytest.approx(0.15 + 0.85 * 0.1, abs=0.02)
    assert sum(a == b for row in rows for a, b in pairwise(row)) < 20  # other shapes of it


def test_a_person_who_is_left_out_is_not_learnt_from(tmp_path: Path) -> None:
    stored = HEAR.shipped
    people = sorted(stored.speakers.tolist())
    folder = tmp_path / "digits"
    folder.mkdir()
    n = len(stored.audio)
    np.savez(
        folder / "spoken-digits.npz",
        audio=np.concatenate([(32_768 * one).astype(np.int16) for one in stored.audio]),
        ends=np.cumsum([len(one) for one in stored.audio]),
        digits=stored.labels,
        speakers=stored.speakers,
        indices=np.arange(n) % 2 * 9,
        rate=8_000,
    )
    left_out = HEAR.leave_out("lucas")
    seen, unheard = left_out.makers(tmp_path)
    assert len(unheard.singles()) == people.count("lucas") == 20
    assert {str(stored.speakers[own[0]]) for own in seen.people} == set(people) - {"lucas"}
    assert len(HEAR.makers(tmp_path)[1].singles()) == n // 2
    with pytest.raises(ValueError, match=r"no recording of “ada”\. There are: george"):
        HEAR.leave_out("ada").makers(tmp_path)
    with pytest.raises(ValueError, match="“read-digits” is not learnt from several people"):
        READ.leave_out("lucas")


def test_single_digits_are_those_that_were_stored() -> None:
    singles = READ.shipped.singles()
    assert len(singles) == 240
    picture, word = singles[30]
    assert picture.array.shape == (28, 36)
    assert np.array_equal(picture.array[:, 4:32], READ.shipped.images[30])
    assert word == READ.tokenizer().decode([4 + int(READ.shipped.labels[30])]).text
