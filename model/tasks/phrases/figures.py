"""Numbers, times, dates and prices, as they stand and as French writes them."""

from __future__ import annotations

from random import Random

from ..augment.numbers import english, french

Pair = tuple[str, str]

MONTHS = tuple(
    zip(
        "January February March April May June July August September October November "
        "December".split(),
        "janvier février mars avril mai juin juillet août septembre octobre novembre "
        "décembre".split(),
        strict=True,
    )
)
DAYS = tuple(
    zip(
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
        "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
        strict=True,
    )
)


def _digits(random: Random, n: int) -> str:
    return "".join(str(random.randrange(10)) for _ in range(n))


def phone(random: Random) -> Pair:
    """A telephone number in one of the usual groupings."""
    shape = random.choice(
        (
            "3-4",
            "3-4",
            "3-3-4",
            "(3) 3-4",
            "+2 1 2 2 2 2",
            "2 2 2 2 2",
            "3 4",
            "3 3 4",
            "+1 3 3 4",
            "5 6",
            "7",
            "4 3 3",
            "3",
            "+2 2 4 4",
            "2-2-2-2-2",
            "2.2.2.2.2",
        )
    )
    number = "".join(_digits(random, int(c)) if c.isdigit() else c for c in shape)
    return number, number


def time(random: Random) -> Pair:
    """“7:05 p.m.” is “19 h 05”."""
    hour, minute = (
        random.randrange(24),
        random.choice((random.randrange(60), random.randrange(0, 60, 5))),
    )
    if random.random() < 0.6:
        return f"{hour}:{minute:02}", f"{hour} h {minute:02}"
    half = random.choice(("a.m.", "am", "AM") if hour < 12 else ("p.m.", "pm", "PM"))
    shown = hour % 12 or 12
    if random.random() < 0.3:
        return f"{shown} {half}", f"{hour} h"
    return f"{shown}:{minute:02} {half}", f"{hour} h {minute:02}"


def date(random: Random) -> Pair:
    """“July 4, 1776” is “le 4 juillet 1776”; without “on” and with it, see the frames."""
    (month, mois), day = random.choice(MONTHS), random.randint(1, 31)
    year = random.choice((f"{random.randint(1000, 2099)}", f"{random.randint(1900, 2030)}"))
    le = "1er" if day == 1 else str(day)
    nth = f"{day}{_nth(day)}"
    luck = random.random()
    if luck < 0.4:
        return f"{month} {day}, {year}", f"le {le} {mois} {year}"
    if luck < 0.5:
        return f"{month} {nth}, {year}", f"le {le} {mois} {year}"
    if luck < 0.65:
        return f"{month} {random.choice((day, nth))}", f"le {le} {mois}"
    if luck < 0.75:
        return f"{day} {month} {year}", f"le {le} {mois} {year}"
    if luck < 0.85:
        return f"the {nth} of {month}", f"le {le} {mois}"
    weekday, jour = random.choice(DAYS)
    return f"{weekday}, {month} {day}", f"le {jour} {le} {mois}"


def month(random: Random) -> Pair:
    """“August 1992”, with “in” before it."""
    (name, nom), year = random.choice(MONTHS), random.randint(1500, 2040)
    luck = random.random()
    if luck < 0.6:
        return f"{name} {year}", f"{nom} {year}"
    return (name, nom) if luck < 0.8 else (str(year), str(year))


def numeric_date(random: Random) -> Pair:
    """Days in figures are copied."""
    day, moon, year = random.randint(1, 31), random.randint(1, 12), random.randint(1950, 2035)
    shown = random.choice(
        (
            f"{moon}/{day}/{year}",
            f"{day:02}/{moon:02}/{year}",
            f"{year}-{moon:02}-{day:02}",
            f"{moon}/{day}",
            f"{day}.{moon}.{year}",
        )
    )
    return shown, shown


def figure(random: Random) -> Pair:
    """“1,234.5” is “1 234,5”; small and large, whole and with decimals."""
    luck = random.random()
    if luck < 0.35:
        number = random.choice((random.randint(2, 999), random.randint(100, 999)))
        return str(number), str(number)
    if luck < 0.6:
        number = random.choice(
            (
                random.randint(1_000, 9_999),
                random.randint(1_000, 999_999),
                random.randint(10, 999) * 100,
            )
        )
        return f"{number:,}", f"{number:,}".replace(",", " ")
    if luck < 0.7:
        number = random.randint(1_000, 99_999)
        return str(number), str(number)
    if luck < 0.75:
        number = random.randint(1_000_000, 99_999_999)
        return f"{number:,}", f"{number:,}".replace(",", " ")
    whole = str(
        random.choice((random.randrange(10), random.randrange(100), random.randrange(1000)))
    )
    rest = _digits(random, random.choice((1, 1, 1, 2, 2, 3)))
    return f"{whole}.{rest}", f"{whole},{rest}"


def price(random: Random) -> Pair:
    """The sign of the currency stands behind in French."""
    luck = random.random()
    if luck < 0.4:
        here = there = str(random.choice((random.randint(2, 20), random.randint(2, 999))))
    elif luck < 0.75:
        whole, cents = random.randint(0, random.choice((9, 99, 999))), f"{random.randrange(100):02}"
        here, there = f"{whole}.{cents}", f"{whole},{cents}"
    else:
        number = random.randint(1_000, 99_999)
        here, there = f"{number:,}", f"{number:,}".replace(",", " ")
    sign, word = random.choice(
        (("$", "dollars"), ("$", "dollars"), ("€", "euros"), ("£", "livres"), ("¥", "yens"))
    )
    if random.random() < 0.25:
        english_word = {"livres": "pounds", "yens": "yen"}.get(word, word)
        return f"{here} {english_word}", f"{there} {word}"
    return f"{sign}{here}", f"{there} {sign}"


def percent(random: Random) -> Pair:
    """“15%” is “15 %”."""
    here, there = figure(random)
    while len(here) > 4:
        here, there = figure(random)
    return f"{here}%", f"{there} %"


def spelt(random: Random) -> Pair:
    """A number in words, 2 to 9,999, that does not end in one (its gender would matter)."""
    n = random.choice(
        (
            random.randint(2, 99),
            random.randint(100, 999),
            random.randint(1_000, 9_999),
            random.randint(2, 9) * 100,
            random.randint(2, 90) * 1_000,
        )
    )
    if n % 10 == 1 and n % 100 not in (11, 71, 91):
        n += 1
    return in_english(n), in_french(n)


def in_english(n: int) -> str:
    """Words up to 99,999."""
    if n < 100:
        return english(n)
    if n < 1_000:
        rest = f" and {english(n % 100)}" if n % 100 else ""
        return f"{english(n // 100)} hundred{rest}"
    rest = f" {in_english(n % 1_000)}" if n % 1_000 else ""
    return f"{english(n // 1_000)} thousand{rest}"


def in_french(n: int) -> str:
    """Words up to 99,999."""
    if n < 100:
        return french(n)
    if n < 1_000:
        hundreds = "cent" if n < 200 else f"{french(n // 100)} cent" + ("" if n % 100 else "s")
        return f"{hundreds} {french(n % 100)}" if n % 100 else hundreds
    thousands = "mille" if n < 2_000 else f"{french(n // 1_000)} mille".replace("vingts", "vingt")
    return f"{thousands} {in_french(n % 1_000)}" if n % 1_000 else thousands


def _nth(n: int) -> str:
    return "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")


def ordinal(random: Random) -> Pair:
    """“the 21st” is “le 21e”."""
    n = random.randint(2, 120)
    return f"{n}{_nth(n)}", f"{n}e"


def calculation(random: Random) -> Pair:
    """“12 + 7”."""
    a, b, sign = random.randint(1, 99), random.randint(1, 99), random.choice("+-×")
    total = {"+": a + b, "-": a - b, "×": a * b}[sign]
    shown = random.choice((f"{a} {sign} {b} = {total}", f"{a} {sign} {b}"))
    return shown, shown
