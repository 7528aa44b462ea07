"""English dates to ISO 8601, character by character: reading a format, then copying from it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from random import Random

from ..network.config import ModelConfig
from ..run.tokenizer import Tokenizer
from ..run.vocabularies import characters
from .base import Example, Links, Recipe, SyntheticTask, cut

MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789 ,.-/"

FORMATS = (
    "{d} {month} {y}",
    "{month} {d}, {y}",
    "{d}{th} of {month} {y}",
    "the {d}{th} of {month}, {y}",
    "{mon} {d} {y}",
    "{day} {d} {month} {y}",
    "{dy}, {mon} {d}, {y}",
    "{d:02}.{m:02}.{y}",
    "{y}/{m:02}/{d:02}",
    "{d}-{mon}-{y}",
)

_PLACES = ((0, 1, 2, 3), (5, 6), (8, 9))
"""Where year, month and day stand in the answer."""

_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_DAY = "|".join(f"{name}|{name[:3]}" for name in DAYS)
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?:(?:{_DAY}),? )?(?P<d>\d{{1,2}}) (?P<month>{_MONTH}),? (?P<y>\d{{4}})",
        rf"(?:(?:{_DAY}),? )?(?P<month>{_MONTH}) (?P<d>\d{{1,2}}),? (?P<y>\d{{4}})",
        rf"(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th) of (?P<month>{_MONTH}),? (?P<y>\d{{4}})",
        r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
        r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
        rf"(?P<d>\d{{1,2}})-(?P<month>{_MONTH})-(?P<y>\d{{4}})",
    )
)


class Dates(SyntheticTask):
    """`the 3rd of March, 2021` becomes `2021-03-03`."""

    slug = "dates"
    title = "Dates to ISO 8601"
    doing = "Writing the date …"
    accepts = (
        "one English date from 1900 to 2099, such as “3 March 2021”, “March 3, 2021”, “the 3rd of "
        "March, 2021”, “Wed, Mar 3, 2021”, “03.03.2021” (day first), “2021/03/03” or “3-Mar-2021”"
    )
    examples = (
        Example(
            "the 3rd of March, 2021",
            "The year is written first and read last.",
            changed="the 3rd of April, 2021",
        ),
        Example(
            "Wed, Mar 3, 2021",
            "The weekday is not needed: which heads ignore it?",
            changed="Thu, Mar 4, 2021",
        ),
        Example(
            "31.12.1999",
            "Day and month swap places; the year is copied digit by digit.",
            changed="31.12.1989",
        ),
        Example(
            "12 June 1987",
            "“jun” or “jul”? Two characters are not enough to know.",
            changed="12 July 1987",
        ),
        Example(
            "May 5, 2005", "Which of the fives does each digit come from?", changed="May 5, 2006"
        ),
        Example(
            "2021/03/03",
            "Almost a copy: the cross-attention is nearly a diagonal.",
            changed="2021/03/08",
        ),
    )
    recipe = Recipe(steps=2_000, batch=128, peak_rate=2e-3, evaluate_every=250)

    def config(self, d_vocab: int) -> ModelConfig:
        """3 encoder and 2 decoder layers: the depths differ on purpose."""
        return ModelConfig(d_vocab=d_vocab, d_model=80, d_ff=160, n_encoder_layers=3, dropout=0.05)

    def tokenizer(self, data: Path | None = None) -> Tokenizer:
        """One token a character, any case read as lower case."""
        return characters(ALPHABET)

    def check(self, text: str) -> None:
        """A real calendar date in one of the formats."""
        fields = _parse(text)
        if fields is None:
            raise ValueError(f"“{cut(text.strip(), 40)}” is not a date. Accepted: {self.accepts}.")
        year, month, day = (value for value, _ in fields)
        try:
            date = datetime.date(year, month, day)
        except ValueError as error:
            raise ValueError(
                f"“{cut(text.strip(), 40)}” is not on the calendar: {error}."
            ) from error
        if not FIRST <= date <= LAST:
            raise ValueError(f"The year {year} is out of range. Accepted: {self.accepts}.")

    def pair(self, random: Random) -> tuple[str, str]:
        """Every format is equally likely; a third each in upper, lower and usual case."""
        date = FIRST + datetime.timedelta(days=random.randint(0, (LAST - FIRST).days))
        text = write(date, random.choice(FORMATS))
        text = random.choice((text, text.upper(), text.lower()))
        return text, date.isoformat()

    def align(self, source: str, target: str) -> Links | None:
        """Year and day digits come from their digits, a named month's from all of its letters.

        A wrong digit comes from nowhere.
        """
        fields = _parse(source)
        if fields is None:
            return None
        links = set()
        right = "{:04}-{:02}-{:02}".format(*(value for value, _ in fields))
        for (_, (start, end)), places in zip(fields, _PLACES, strict=True):
            written = source[start:end]
            for i, place in enumerate(places):
                if target[place : place + 1] != right[place]:
                    continue
                from_end = len(places) - i
                if written.isdigit() and from_end <= len(written):
                    links.add((place, end - from_end))
                else:  # a month's name, or the zero that "3" does not show
                    links |= {(place, i) for i in range(start, end)}
        return frozenset(links)


def write(date: datetime.date, form: str) -> str:
    """A date in one of `FORMATS`."""
    month, day, number = MONTHS[date.month - 1], DAYS[date.weekday()], date.day
    th = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return form.format(
        d=number, th=th, m=date.month, y=date.year, month=month, mon=month[:3], day=day, dy=day[:3]
    )


def _parse(text: str) -> tuple[tuple[int, tuple[int, int]], ...] | None:
    """(value, span in the text) of year, month and day; None where no format fits."""
    lead = len(text) - len(text.lstrip())
    for shape in _SHAPES:
        if match := shape.fullmatch(text.strip()):
            named = match.groupdict()
            name = "month" if "month" in named else "m"
            month = (
                int(named["m"])
                if name == "m"
                else 1 + [m[:3].casefold() for m in MONTHS].index(named["month"][:3].casefold())
            )
            spans = {
                key: (match.start(key) + lead, match.end(key) + lead) for key in ("y", name, "d")
            }
            values = {"y": int(named["y"]), name: month, "d": int(named["d"])}
            return tuple((values[key], spans[key]) for key in ("y", name, "d"))
    return None
