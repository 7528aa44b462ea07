"""Case is read where it tells something, and only there."""

from __future__ import annotations

import pytest

import headlight
from headlight.model.run.casing import plain_case
from headlight.model.run.tokenizer import WORDS, Tokenizer

KNOWN = "hello world Tom Paris in cat dog very dogs TV polish Polish it us".split()


def rank(word: str) -> tuple[int, int]:
    """A vocabulary of a few words; others are spelt in two pieces, all in capitals in more."""
    if word in KNOWN:
        return 1, KNOWN.index(word)
    return (len(word) if word.isupper() else 2), 0


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("HELLO WORLD", "Hello world"),
        ("hello world", "Hello world"),
        ("HELLO TOM! THE DOGS LIVE IN PARIS.", "Hello Tom! The dogs live in Paris."),
        ("hello tom. the dogs live in paris.", "Hello Tom. The dogs live in Paris."),
        ("The Dogs And The Cat Of Tom", "The dogs and the cat of Tom"),
        ("I'M TOM AND I'VE A TV", "I'm Tom and I've a TV"),
        ("i'm tom", "I'm Tom"),
        ("ZAINAB IS HERE", "Zainab is here"),
        ("IS ZAINAB HERE?", "Is zainab here?"),
        ("Is Zainab Here Or At Home?", "Is Zainab Here or at Home?"),
        ("is tom@paris.org in paris", "Is tom@paris.org in Paris"),
        ("#hello @tom www.paris.org", "#hello @tom www.paris.org"),
        ("POLISH", "Polish"),
        ("the polish cat", "The polish cat"),
        ('"HELLO," TOM', '"Hello," Tom'),
        ("hello-world", "Hello-world"),
        ("HELLO EMMA AND ZAINAB", "Hello Emma and zainab"),
        ("hello jean-luc", "Hello Jean-Luc"),
        ("Hello Zainab World", "Hello Zainab world"),
    ],
)
def test_capitals_that_say_nothing(typed: str, read: str) -> None:
    assert plain_case(typed, rank) == read


@pytest.mark.parametrize(
    "text",
    [
        "Hello world",
        "Tom is in Paris.",
        "I have a TV in the US.",
        "I work for NASA.",
        "Hello, Zainab Ophelia",
        "Tom and Mary",
        "Hello World",
        "Paris Emma Zainab",
        "It is in Paris, Tom",
        "123 + 4",
        "?!",
        "",
        "O'Brien and McDonald",
    ],
)
def test_capitals_that_tell_something_stay(text: str) -> None:
    assert plain_case(text, rank) == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I am VERY tired", "I am very tired"),
        ("VERY good, Tom", "Very good, Tom"),
        ("I am VERY, very tired", "I am very, very tired"),
        ("Give it to US", "Give it to US"),  # two letters are initials
    ],
)
def test_a_word_in_capitals_is_emphasis(typed: str, read: str) -> None:
    assert plain_case(typed, rank) == read


@pytest.mark.parametrize("text", ["İSTANBUL IS BIG", "STRASSE ẞ", "ﬁsh and ŉ", "ΑΣ ΟΔΟΣ"])
def test_the_length_never_changes(text: str) -> None:
    for typed in (text, text.lower(), text.upper()):
        assert len(plain_case(typed, rank)) == len(typed)


def test_a_word_is_looked_up_once_however_often_it_stands_in_a_text() -> None:
    """Looking up keeps all other threads of a server waiting."""
    tokenizer = headlight.load("translate-en-fr").tokenizer
    assert isinstance(tokenizer, Tokenizer)
    tokenizer._rank.cache_clear()
    tokenizer.read_as("cat " * 500)
    found = tokenizer._rank.cache_info()
    assert found.misses <= 4
    assert found.hits >= 500
    assert found.maxsize == WORDS
