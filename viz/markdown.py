"""Text of others within the page's markdown, shown letter for letter.

A backslash keeps markdown itself from reading a sign, but Streamlit (1.67) and its autolinks read
the text once more after that: `->` becomes an arrow, `--` a dash, `:material/skull:` an icon, a
word with `www.` a link. They look at one run of text at a time, so an empty coloured span in the
middle of such a sign keeps them from seeing it, and adds no letter to the page.
"""

from __future__ import annotations

import re

APART = ":gray[]"
"""A span without a letter in it."""
MARKUP = frozenset("\\`*_{}[]()#+-.!|<>~$:^&=@/\"'")
ARROWS = frozenset("-<>=~")
BREAKS = frozenset("\t\n\f\r")

_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u0590-\u08ff]")
_OPENED = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_SET_APART = "\u2068", "\u2069"


def plain(text: str) -> str:
    """Text that the page's markdown shows letter for letter.

    Where signs turn the direction of writing, the text is set apart by Unicode's isolates, so that
    what stands around it is not turned as well.
    """
    text = text.encode("utf-8", "replace").decode()
    said = "".join(_sign(text, i) for i in range(len(text)))
    if _TURNING.search(text):
        first, last = _SET_APART
        said = first + said + last * (1 + len(_OPENED.findall(text)))
    return said


def short(text: str, most: int = 80) -> str:
    """Text that a sentence can quote: `plain`, on one line, and cut behind `most` characters."""
    whole = " ".join(text.split())
    return plain(whole if len(whole) <= most else f"{whole[:most]}…")


def _sign(text: str, i: int) -> str:
    """One sign, so that neither markdown nor what reads after it makes something else of it."""
    sign, before = text[i], text[i - 1 : i]
    if sign in BREAKS or (sign == " " and (not before.strip() or i + 1 == len(text))):
        trimmed = before.isspace() and bool(BREAKS & {sign, before})  # spaces around a line's end
        return (APART if trimmed else "") + f"&#{ord(sign)};"
    read_twice = (
        (sign in ARROWS and before in ARROWS)
        or before == ":"
        or sign == "@"
        or (sign == "." and text[max(i - 3, 0) : i].lower() == "www")
    )
    escaped = f"\\{sign}" if sign in MARKUP else sign
    return APART + escaped if read_twice and before else escaped
