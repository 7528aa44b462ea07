"""Gold alignments: a file of sentence pairs with hand-made word links.

One pair a line, four fields with tabs between them: a name, the source tokens, the target tokens,
the links. A link `i-j` is sure and `ipj` possible; i counts source tokens, j target tokens, from
zero. Blank lines and lines that begin with `#` are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ...run.runner import Model
from ...run.trace import Trace
from .links import Alignment, group_by_span

_LINK = re.compile(r"(\d+)([-p])(\d+)")
_NO_SPACE_BEFORE = re.compile(r"[.,)\]…%]+|'\w+|’\w+|n't|n’t", re.IGNORECASE)
_NO_SPACE_AFTER = re.compile(r".*['’]|[(\[]")


class GoldError(ValueError):
    """A gold file that cannot be used; the message names file and line."""


@dataclass(frozen=True)
class GoldPair:
    """A sentence pair; links are (target token, source token), the sure ones also possible."""

    name: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    sure: frozenset[tuple[int, int]]
    possible: frozenset[tuple[int, int]]


def read_gold(path: Path) -> list[GoldPair]:
    """All pairs of a file.

    Raises:
        GoldError: the file is missing, empty, or a line is not in the format.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} cannot be read: {error}") from error
    return parse_gold(lines, str(path))


def parse_gold(lines: Iterable[str], name: str) -> list[GoldPair]:
    """The pairs of a file's lines; `name` is the file's, for messages.

    Raises:
        GoldError: no pair at all, or a line is not in the format.
    """
    pairs = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            try:
                pairs.append(_parse(line.rstrip("\r\n")))
            except ValueError as error:
                raise GoldError(f"{name}, line {number}: {error}") from error
    if not pairs:
        raise GoldError(f"{name} holds no aligned sentence pair.")
    return pairs


def _parse(line: str) -> GoldPair:
    fields = line.split("\t")
    if len(fields) != 4:
        raise ValueError(
            f"{len(fields)} fields instead of 4: name, source tokens, target tokens and links, "
            "with tabs between them"
        )
    name, source, target = fields[0], tuple(fields[1].split()), tuple(fields[2].split())
    for side, tokens in (("source", source), ("target", target)):
        if not tokens:
            raise ValueError(f"there are no {side} tokens")
    sure, possible = set(), set()
    for written in fields[3].split():
        match = _LINK.fullmatch(written)
        if match is None:
            raise ValueError(f"“{written[:20]}” is not a link such as 3-4 (sure) or 3p4 (possible)")
        i, j = int(match[1]), int(match[3])
        for side, index, tokens in (("source", i, source), ("target", j, target)):
            if index >= len(tokens):
                raise ValueError(
                    f"the link {written} names {side} token {index}, but there are "
                    f"{len(tokens)} {side} tokens, counted from 0"
                )
        possible.add((j, i))
        if match[2] == "-":
            sure.add((j, i))
    if not possible:
        raise ValueError("there are no links")
    return GoldPair(name, source, target, frozenset(sure), frozenset(possible))


def join(tokens: Iterable[str]) -> tuple[str, list[tuple[int, int]]]:
    """Tokens as a text, and the span of each in it.

    A space stands between tokens, but not before `.` `,` `'s` and the like, nor after an
    apostrophe.
    """
    text, spans, glued = "", list[tuple[int, int]](), True
    for token in tokens:
        if not glued and not _NO_SPACE_BEFORE.fullmatch(token):
            text += " "
        spans.append((len(text), len(text) + len(token)))
        text += token
        glued = bool(_NO_SPACE_AFTER.fullmatch(token))
    return text, spans


def on_tokens(pair: GoldPair, model: Model) -> tuple[str, str, Alignment]:
    """Source and target text of a pair, and its links on the model's own tokens.

    Raises:
        ValueError: a text that the model cannot read, or be made to write.
    """
    source, source_spans = join(pair.source)
    target, target_spans = join(pair.target)
    src, tgt = model.read(source), model.tokenizer.encode(target)
    begun = len(model.target_ids(target, src)) - len(tgt)  # such as the target's language
    targets = group_by_span(tgt.spans, target_spans)
    alignment = Alignment(
        sources=group_by_span(src.spans, source_spans),
        targets=tuple(tuple(begun + i for i in group) for group in targets),
        sure=pair.sure,
        possible=pair.possible,
    )
    return source, target, alignment


def traced(model: Model, pairs: Iterable[GoldPair]) -> Iterator[tuple[GoldPair, Trace, Alignment]]:
    """Every pair that the model can read, with the trace of the model being made to write it."""
    for pair in pairs:
        try:
            source, target, alignment = on_tokens(pair, model)
            trace = model.teacher_force(source, target)
        except ValueError:
            continue
        yield pair, trace, alignment
