"""The field's terms, each in a sentence or two: one list for the pages, the files and the docs.

`glossary.json` is the list. The browser reads it as well (`viz/web/shared/gloss.js`), and
`docs/glossary.md` is made from it: `python -m headlight.viz.glossary`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from headlight.model.paths import HOME

ANCHOR = "#gloss-"
"""What the address of a marked term begins with; the browser shows the gloss and goes nowhere."""
DOCS = HOME / "docs" / "glossary.md"


@dataclass(frozen=True)
class Term:
    """A term.

    Args:
        name: what it is called, and known by.
        gloss: what it means, in plain text.
        marks: the words of a running text that stand for it; none for words of everyday use.
        group: the heading it stands under.
    """

    name: str
    gloss: str
    marks: tuple[str, ...]
    group: str

    @property
    def slug(self) -> str:
        """`cross-attention`: its name in an address."""
        return re.sub(r"\W+", "-", self.name.lower()).strip("-")


TERMS = tuple(
    Term(one["name"], one["gloss"], tuple(one["marks"]), one["group"])
    for one in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
)
_BY_NAME = {one.name: one for one in TERMS}
_BY_MARK = {mark.lower(): one for one in TERMS for mark in one.marks}


def _in_text(mark: str) -> str:
    """A mark as it may stand in markdown: signs escaped, a line broken between two words."""
    signs = (r"\s+" if s == " " else s if s.isalnum() else rf"\\?{re.escape(s)}" for s in mark)
    return "".join(signs)


_MARKS = "|".join(map(_in_text, sorted(_BY_MARK, key=len, reverse=True)))
_LEFT_ALONE = r"\$\$.*?\$\$|\$[^$]+\$|`[^`]*`|\[[^\]]*\]\([^)]*\)"
_TEXT = re.compile(
    rf"(?:{_LEFT_ALONE})|(?<![\w“-])(?<!-\\)(?P<mark>{_MARKS})(?![\w”-])(?!\\-)", re.I | re.S
)


def gloss(name: str) -> str:
    """What a term means.

    Raises:
        KeyError: it is not in the glossary.
    """
    return _BY_NAME[name].gloss


def glossed(markdown: str) -> str:
    """A text of the page in which each term, where it stands first, has its gloss at hand.

    Formulas, code, links and what stands in quotation marks are left alone.
    """
    seen = set()

    def link(found: re.Match[str]) -> str:
        mark = found["mark"]
        term = _BY_MARK[" ".join(mark.replace("\\", "").lower().split())] if mark else None
        if term is None or term in seen:
            return found[0]
        seen.add(term)
        return f"[{mark}]({ANCHOR}{term.slug})"

    return _TEXT.sub(link, markdown)


def page() -> str:
    """The glossary as a page of the documentation."""
    lines = [
        "# Glossary",
        "",
        "The words that Headlight uses, as its pages explain them under the pointer. Made from",
        "`viz/glossary.json` by `python -m headlight.viz.glossary`.",
    ]
    for group in dict.fromkeys(one.group for one in TERMS):
        lines += ["", f"## {group}", ""]
        of_group = sorted((one for one in TERMS if one.group == group), key=lambda one: one.slug)
        lines += [f"- **{one.name}**: {_as_markdown(one.gloss)}" for one in of_group]
    return "\n".join(lines) + "\n"


def _as_markdown(text: str) -> str:
    return re.sub(r"<\w+>|\b\w+_\w+\b|W_O|√d_head", lambda found: f"`{found[0]}`", text)


if __name__ == "__main__":
    DOCS.write_text(page(), encoding="utf-8")
