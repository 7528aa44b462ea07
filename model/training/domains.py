"""How a translator fares on other texts than its training's: `headlight evaluate MODEL --domains`.

The same dev sentences as they are, in capitals, without punctuation and in fours as one long input;
those with a number in figures; and short sentences from old stories, where their file is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..analysis.alignment.gold import join, read_gold
from ..run.runner import Model
from ..tasks.translate import DEFAULT_DATA, read_pairs, score

SENTENCES = 200
TOGETHER = 4
"""Sentences that are joined to one long input."""
STORIES = Path("alibi-en-fr") / "short.tsv"
LOOP = 3
"""Times that a run of tokens stands there in a row, for it to count as a loop."""

Pairs = list[tuple[str, list[str]]]
"""(source, its right translations)."""


@dataclass(frozen=True)
class Domain:
    """One kind of text.

    Attributes:
        name, inputs: what was read, and how many.
        bleu, chrf: corpus BLEU and chrF, 0 to 100.
        unfinished: share of outputs that do not end by themselves.
        loops: outputs in which some run of tokens stands three times in a row.
        numbers, kept: numbers in figures in the sources, and those that are in the output as well.
    """

    name: str
    inputs: int
    bleu: float
    chrf: float
    unfinished: float
    loops: int
    numbers: int
    kept: int


def domains(model: Model, data: Path | None = None, n: int = SENTENCES) -> Iterator[Domain]:
    """The kinds of text, one after the other.

    Raises:
        ValueError: the dev pairs are missing.
    """
    for name, pairs in _texts(data, n):
        yield measure(model, name, pairs)


def domain_names(data: Path | None = None) -> list[str]:
    """The kinds of text that are at hand, in their order."""
    return [name for name, _ in _texts(data, 1)]


def measure_named(model: Model, name: str, data: Path | None = None, n: int = SENTENCES) -> Domain:
    """One kind of text by its name."""
    return measure(model, name, dict(_texts(data, n))[name])


def _texts(data: Path | None, n: int) -> Iterator[tuple[str, Pairs]]:
    references: dict[str, list[str]] = {}
    for source, target in read_pairs(data, "dev"):
        references.setdefault(source, []).append(target)
    every = max(1, len(references) // n)
    pairs: Pairs = list(references.items())[::every][:n]
    yield "everyday sentences (dev)", pairs
    yield "the same in capitals", [(s.upper(), ts) for s, ts in pairs]
    bare = re.compile(r"[^\w\s'’-]")
    yield "the same without punctuation", [(bare.sub("", s), ts) for s, ts in pairs]
    groups = [pairs[i : i + TOGETHER] for i in range(0, len(pairs), TOGETHER)]
    yield (
        f"{TOGETHER} of them as one input",
        [(" ".join(s for s, _ in group), [" ".join(ts[0] for _, ts in group)]) for group in groups],
    )
    figures = [(s, ts) for s, ts in references.items() if re.search(r"\d", s)]
    if figures:
        yield "all dev sentences with a number in figures", figures
    stories = (data or DEFAULT_DATA) / STORIES
    if stories.is_file():
        found = read_gold(stories)[:n]
        yield "old stories", [(join(one.source)[0], [join(one.target)[0]]) for one in found]


def measure(model: Model, name: str, pairs: Pairs) -> Domain:
    """One kind of text; inputs that the model cannot read are left out."""
    read = []
    for source, targets in pairs:
        try:
            read.append((model.read(source), targets))
        except ValueError:
            continue
    outputs, unfinished, loops = [""] * len(read), 0, 0
    for i, one in model.decode_many([source for source, _ in read]):
        outputs[i] = model.write(one.ids, read[i][0]).text
        unfinished += not one.finished
        loops += has_loop(one.ids)
    numbers = kept = 0
    for (tokens, _), output in zip(read, outputs, strict=True):
        given, there = (re.findall(r"\d+", text) for text in (tokens.text, output))
        numbers += len(given)
        kept += sum(number in there for number in given)
    found = score(outputs, [targets for _, targets in read])
    n = len(read)
    return Domain(name, n, found["bleu"], found["chrf"], unfinished / n, loops, numbers, kept)


def has_loop(ids: Sequence[int]) -> bool:
    """Whether some run of at least two tokens stands `LOOP` times in a row."""
    for width in range(2, len(ids) // LOOP + 1):
        for start in range(len(ids) - LOOP * width + 1):
            runs = [tuple(ids[start + i * width : start + (i + 1) * width]) for i in range(LOOP)]
            if len(set(runs)) == 1:
                return True
    return False


def table(found: Sequence[Domain]) -> str:
    """As Markdown, for a card."""
    lines = [
        "| text | inputs | BLEU | chrF | unfinished | loops | numbers kept |",
        "|:--|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.name} | {one.inputs} | {one.bleu:.1f} | {one.chrf:.1f} | {one.unfinished:.1%} | "
        f"{one.loops} | {one.kept} of {one.numbers} |"
        for one in found
    ]
    return "\n".join(lines)
