from __future__ import annotations

import datetime
from collections import Counter
from itertools import islice

import pytest

from headlight.model.run.tokenizer import Tokenizer
from headlight.model.tasks import task
from headlight.model.tasks.dates import FIRST, FORMATS, LAST, Dates, write

DATES = Dates()
MARCH = datetime.date(2021, 3, 3)

# The formats as people write them, one a line of `FORMATS`.
WRITTEN = (
    "3 March 2021",
    "March 3, 2021",
    "3rd of March 2021",
    "the 3rd of March, 2021",
    "Mar 3 2021",
    "Wednesday 3 March 2021",
    "Wed, Mar 3, 2021",
    "03.03.2021",
    "2021/03/03",
    "3-Mar-2021",
)


@pytest.fixture(scope="module")
def signs() -> Tokenizer:
    return DATES.tokenizer()


def test_every_format_is_written_as_people_do() -> None:
    assert tuple(write(MARCH, form) for form in FORMATS) == WRITTEN


@pytest.mark.parametrize("text", WRITTEN)
def test_every_format_is_taken_in_any_case(signs: Tokenizer, text: str) -> None:
    for typed in (text, text.lower(), text.upper(), f"  {text} "):
        DATES.check(typed)
        assert 3 not in signs.encode(typed).ids


def test_ordinals() -> None:
    days = [write(MARCH.replace(day=n), "{d}{th}") for n in (*range(1, 5), *range(11, 15))]
    assert days == "1st 2nd 3rd 4th 11th 12th 13th 14th".split()
    days = [write(MARCH.replace(day=n), "{d}{th}") for n in (20, 21, 22, 23, 24, 30, 31)]
    assert days == "20th 21st 22nd 23rd 24th 30th 31st".split()


def test_weekdays_are_true_and_leap_days_exist() -> None:
    assert write(datetime.date(2000, 2, 29), "{day} {d} {month} {y}") == "Tuesday 29 February 2000"
    DATES.check("29 February 2000")
    DATES.check("29.02.1904")
    DATES.check("3 ſep 2021")  # any case: the old long s is a small S


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a date. Accepted: one English date"),
        ("   ", "is not a date"),
        ("tomorrow", "“tomorrow” is not a date"),
        ("3 Mars 2021", "“3 Mars 2021” is not a date"),
        ("3 March", "is not a date"),
        ("3 March 21", "is not a date"),
        ("3 March 20211", "is not a date"),
        ("3 March 2021 and 4 March 2021", "is not a date"),
        ("03.2021", "is not a date"),
        ("2021-03-03", "is not a date"),
        ("3 March 2021 🎉", "is not a date"),
        ("<script>alert(1)</script>", "“<script>alert(1)</script>” is not a date"),
        ("3 March 2021 <eos>", "is not a date"),
        ("<eos>", "“<eos>” is not a date"),
        ("30 February 2021", "“30 February 2021” is not on the calendar: day"),
        ("29.02.1900", "is not on the calendar"),
        ("0 March 2021", "is not on the calendar"),
        ("32.01.2021", "is not on the calendar"),
        ("01.13.2021", "is not on the calendar: month must be in 1..12"),
        ("31 December 1899", "The year 1899 is out of range. Accepted: one English date from 1900"),
        ("2100/01/01", "The year 2100 is out of range"),
        ("1" * 10_000, "is not a date"),
        ("3 March 2021" * 1_000, "is not a date"),
    ],
)
def test_what_is_no_date_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011, what it says follows
        DATES.check(text)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300, "a long text is not repeated in full"


def test_pairs_hold_every_format_case_and_year_and_are_true(signs: Tokenizer) -> None:
    pairs = list(islice(DATES.pairs(0), 6_000))
    found, cases, years = Counter[str](), Counter[str](), set[int]()
    for source, target in pairs:
        date = datetime.date.fromisoformat(target)
        assert FIRST <= date <= LAST
        years.add(date.year)
        forms = [form for form in FORMATS if write(date, form).lower() == source.lower()]
        assert len(forms) >= 1, source
        found.update(forms)
        written = write(date, forms[0])
        cases.update({source == written: "usual", source.isupper(): "upper"}.get(True, "lower"))
        DATES.check(source)
        assert 3 not in signs.encode(source).ids + signs.encode(target).ids
    assert min(found[form] for form in FORMATS) > 400
    assert len(years) == 200


def links_of(source: str, target: str) -> set[tuple[int, int]]:
    """The alignment, (target character, source character)."""
    return set(DATES.align(source, target) or ())


def test_a_named_month_is_said_by_all_of_its_letters() -> None:
    #         0         1
    #         01234567890123456789012
    source = "the 3rd of March, 2021"
    year = {(0, 18), (1, 19), (2, 20), (3, 21)}
    month = {(place, i) for place in (5, 6) for i in range(11, 16)}
    day = {(8, 4), (9, 4)}  # the zero of "03" comes from the "3"
    assert links_of(source, "2021-03-03") == year | month | day


def test_digits_come_from_their_digits() -> None:
    #  target 0123456789
    assert links_of("31.12.1999", "1999-12-31") == {
        *{(0, 6), (1, 7), (2, 8), (3, 9)},
        *{(5, 3), (6, 4)},
        *{(8, 0), (9, 1)},
    }
    assert links_of("2021/11/05", "2021-11-05") == {(i, i) for i in (0, 1, 2, 3, 5, 6, 8, 9)}
    spaced = links_of("  31.12.1999", "1999-12-31")
    assert (0, 8) in spaced, "spans count from the text as typed"
    assert DATES.align("tomorrow", "2021-11-05") is None


def test_a_wrong_digit_comes_from_nowhere() -> None:
    right = links_of("31.12.1999", "1999-12-31")
    assert links_of("31.12.1999", "1989-12-3") == right - {(2, 8), (9, 1)}
    assert links_of("3 March 2021", "2021-05-03") >= {(5, i) for i in range(2, 7)}
    assert {place for place, _ in links_of("3 March 2021", "2021-05-03")} == {0, 1, 2, 3, 5, 8, 9}


def test_alignments_point_at_what_they_say(signs: Tokenizer) -> None:
    for source, target in islice(DATES.pairs(1), 400):
        links = DATES.align(source, target)
        assert links is not None
        assert {place for place, _ in links} == {0, 1, 2, 3, 5, 6, 8, 9}, "all but the hyphens"
        src, tgt = signs.encode(source), signs.encode(target)
        for place, position in links:
            read, written = src.pieces[position], tgt.pieces[place]
            if place < 4:
                assert read == written
            elif read.isdigit():
                assert read == written or written == "0"
            else:
                assert place in (5, 6)
                assert read.isalpha()


def test_depths_differ_on_purpose() -> None:
    config = DATES.config(45)
    assert (config.n_encoder_layers, config.n_decoder_layers) == (3, 2)
    assert task("dates").config(45) == config
