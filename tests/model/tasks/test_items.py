"""The two tasks on lists of items: letters reversed, numbers sorted."""

from __future__ import annotations

import string
from collections import Counter
from itertools import islice

import pytest

from headlight.model.tasks import SyntheticTask
from headlight.model.tasks.reverse import Reverse
from headlight.model.tasks.sort import Sort

REVERSE, SORT = Reverse(), Sort()
LENGTHS = range(2, 17)


@pytest.mark.parametrize("task", [REVERSE, SORT], ids=lambda task: task.slug)
def test_every_length_comes_and_every_item(task: SyntheticTask) -> None:
    tokenizer = task.tokenizer()
    pairs = list(islice(task.pairs(0), 4_000))
    lengths, seen = Counter(len(source.split()) for source, _ in pairs), set[str]()
    assert sorted(lengths) == list(LENGTHS)
    assert min(lengths.values()) > 180
    for source, target in pairs:
        task.check(source)
        seen.update(source.split())
        assert len(tokenizer.encode(source)) == len(source.split()), "one token an item"
        assert 3 not in tokenizer.encode(target).ids
        assert tokenizer.decode(tokenizer.encode(target).ids).text == target
    assert len(seen) == len(tokenizer) - 4, "items and the four control tokens"


def test_letters_are_reversed() -> None:
    for source, target in islice(REVERSE.pairs(5), 300):
        assert target == source[::-1]
        links = REVERSE.align(source, target)
        assert len(links) == len(source.split())
        for i, j in links:
            assert (j, i) in links
            assert target.split()[i] == source.split()[j]
    assert REVERSE.align("c a b", "b a c") == {(0, 2), (1, 1), (2, 0)}


def test_a_wrong_letter_comes_from_nowhere() -> None:
    assert REVERSE.align("c a b", "b c c") == {(0, 2), (2, 0)}
    assert REVERSE.align("c a b", "b a") == {(0, 2), (1, 1)}
    assert REVERSE.align("c a b", "b a c d") == {(0, 2), (1, 1), (2, 0)}
    assert REVERSE.align("c a b", "") == set()


def test_a_wrong_number_comes_from_nowhere() -> None:
    assert SORT.align("3 1 2", "3 1 2") == set()
    assert SORT.align("3 1 1", "1 3 3") == {(0, 1), (0, 2), (2, 0)}
    assert SORT.align("3 1", "1 3 3") == {(0, 1), (1, 0)}


def test_numbers_are_sorted_with_their_duplicates() -> None:
    doubled = 0
    for source, target in islice(SORT.pairs(5), 300):
        numbers = [int(item) for item in source.split()]
        assert [int(item) for item in target.split()] == sorted(numbers)
        doubled += len(set(numbers)) < len(numbers)
        for i, j in SORT.align(source, target):
            assert target.split()[i] == source.split()[j]
    assert doubled > 60, "duplicates are common"
    assert SORT.align("7 30 7", "7 7 30") == {(0, 0), (0, 2), (1, 0), (1, 2), (2, 1)}


@pytest.mark.parametrize("n", LENGTHS)
def test_all_lengths_are_taken(n: int) -> None:
    REVERSE.check(" ".join(string.ascii_lowercase[:n]))
    SORT.check("  ".join(str(99 - i) for i in range(n)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 items were given. Accepted: 2 to 16 letters a–z separated by spaces"),
        (" \n\t ", "0 items were given"),
        ("a", "1 item was given"),
        (" ".join("a" * 17), "17 items were given"),
        ("abc", "“abc” is not a single letter a–z"),
        ("a bc", "“bc” is not a single letter a–z"),
        ("a B", "“B” is not a single letter"),
        ("a é", "“é” is not a single letter"),
        ("a 1", "“1” is not a single letter"),
        ("a 🍕", "“🍕” is not a single letter"),
        ("a, b", "“a,” is not a single letter"),
        ("a <eos> b", "“<eos>” is not a single letter"),
        ("<script>alert(1)</script>", "is not a single letter"),
        ("a" * 10_000, "is not a single letter"),
        ("a " * 5_000, "5,000 items were given"),
    ],
)
def test_what_is_no_row_of_letters_is_refused_in_words(text: str, said: str) -> None:
    assert said in refused(REVERSE, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 items were given. Accepted: 2 to 16 whole numbers 0–99 separated by spaces"),
        ("7", "1 item was given"),
        (" ".join("1" * 17), "17 items were given"),
        ("1 100", "“100” is not a whole number 0–99"),
        ("1 -2", "“-2” is not a whole number"),
        ("1 2.5", "“2.5” is not a whole number"),
        ("1 007", "“007” is not a whole number"),
        ("1 ²", "“²” is not a whole number"),
        ("1 ٣", "“٣” is not a whole number"),
        ("1 two", "“two” is not a whole number"),
        ("3, 2", "“3,” is not a whole number"),
        ("1 😀", "“😀” is not a whole number"),
        ("1 <eos>", "“<eos>” is not a whole number"),
        ("9" * 10_000, "is not a whole number"),
        ("9 " * 5_000, "5,000 items were given"),
    ],
)
def test_what_is_no_row_of_numbers_is_refused_in_words(text: str, said: str) -> None:
    assert said in refused(SORT, text)


def refused(task: SyntheticTask, text: str) -> str:
    """The sentence with which a text is refused: short, whatever was typed."""
    with pytest.raises(ValueError) as error:  # noqa: PT011, the caller reads what it says
        task.check(text)
    assert "Accepted: " in str(error.value)
    assert len(str(error.value)) < 200
    return str(error.value)
