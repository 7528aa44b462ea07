"""The figures of a model's card and of the README, from one command: `headlight card MODEL`.

It measures what `headlight evaluate` prints, for a translator with beams and on other kinds of text
as well, and writes the tables between the marks of `card.md` and the model's line in the project's
README. Stopped, the same command goes on where it was.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..analysis.pieces import Ledger, Piece, compute, cores, processes
from ..checkpoints.folder import CHECKPOINTS, available, load
from ..decoding import Beam
from ..paths import HOME
from ..run.runner import Model
from ..tasks import SyntheticTask
from ..tasks.translate import length_ratio, read_pairs, score
from .domains import Domain, domain_names, measure_named, table
from .evaluate import LENGTHS, evaluate

README = HOME / "README.md"
PENALTIES = (0.0, 0.6, 1.0)
SIZE = 5
"""Of the beams."""
AT_ONCE = 100
"""Sentences in a piece."""
INPUTS = 1_000
"""Fresh inputs of a synthetic task."""


def marks(name: str) -> tuple[str, str]:
    """The marks in a card between which one table stands."""
    return f"<!-- {name}: written by headlight card -->", f"<!-- end of {name} -->"


@dataclass(frozen=True)
class Job:
    """What is measured: a model, with the corpora in a folder."""

    slug: str
    data: Path | None
    beams: bool


def pieces(job: Job) -> list[Piece]:
    """What has to be computed."""
    if isinstance(loaded(job.slug).task, SyntheticTask):
        return [("exact",)]
    starts = range(0, len(references(job)), AT_ONCE)
    found: list[Piece] = [("domain", name) for name in domain_names(job.data)]
    found += [("greedy", start) for start in starts]
    if job.beams:
        found += [("beam", penalty, start) for penalty in PENALTIES for start in starts]
    return found


def work(job: Job, piece: Piece) -> Any:
    """What a piece computes."""
    model, (name, *given) = loaded(job.slug), piece
    if name == "exact":
        return evaluate(model, INPUTS, job.data)
    if name == "domain":
        return asdict(measure_named(model, given[0], job.data))
    *penalty, start = given
    texts = list(references(job))[start : start + AT_ONCE]
    sources = [model.read(text) for text in texts]
    if name == "greedy":
        decoded = dict(model.decode_many(sources))
        found = [decoded[i] for i in range(len(sources))]
    else:
        found = [model.decode(one, strategy=Beam(SIZE, penalty[0])) for one in sources]
    return [
        [len(source), model.write(one.ids, source).text, one.finished]
        for source, one in zip(sources, found, strict=True)
    ]


@lru_cache(maxsize=1)
def loaded(slug: str) -> Model:
    """The model, once a process."""
    return load(slug)


@lru_cache(maxsize=1)
def references(job: Job) -> dict[str, list[str]]:
    """All right translations of each dev sentence."""
    found: dict[str, list[str]] = {}
    for source, target in read_pairs(job.data, "dev"):
        found.setdefault(source, []).append(target)
    return found


Outputs = list[tuple[int, str, bool]]
"""(source tokens, output, whether it ended by itself) of every dev sentence."""


def quality(job: Job, decoded: dict[tuple[Any, ...], Outputs]) -> Iterator[str]:
    """BLEU, chrF, length and endings by way of decoding, as Markdown."""
    yield "| decoding | BLEU | chrF | length ratio | ended by themselves |"
    yield "|---|--:|--:|--:|--:|"
    known = list(references(job).values())
    for (name, *penalty), rows in decoded.items():
        said = "greedy"
        if name == "beam":
            option = "" if penalty[0] == 0.6 else f" --penalty {penalty[0]:g}"
            said = f"beam of 5, length penalty {penalty[0]:g} (`--beam 5{option}`)"
        outputs = [output for _, output, _ in rows]
        found, ratio = score(outputs, known), length_ratio(outputs, known)
        ended = sum(finished for *_, finished in rows) / len(rows)
        yield f"| {said} | {found['bleu']:.1f} | {found['chrf']:.1f} | {ratio:.3f} | {ended:.1%} |"


def digits(found: dict[str, Any]) -> Iterator[str]:
    """Shares of rows and of single digits that are right, as Markdown."""
    yield "| digits that training never saw | number | exactly right |"
    yield "|---|--:|--:|"
    rows, right = found["inputs"], percent(found["exact_match"])
    yield f"| rows of every length in turn | {rows:,} | {right} |"
    singles, right = found["single_digits"], percent(found["single_digits_right"])
    yield f"| single digits, as they were stored | {singles:,} | {right} |"
    if "test_part_inputs" in found:
        rows, right = found["test_part_inputs"], percent(found["test_part_exact_match"])
        yield f"| rows of MNIST's test part | {rows:,} | {right} |"
        number = found["test_part_single_digits"]
        right = percent(found["test_part_single_digits_right"])
        yield f"| its single digits, as they were stored | {number:,} | {right} |"
    if "single_digits_recorded_right" in found:
        right = percent(found["single_digits_recorded_right"])
        yield f"| single digits, as a page hears a recording of them | {singles:,} | {right} |"


def percent(share: float) -> str:
    """`97.5 %`."""
    return f"{share:.1%}".replace("%", " %")


def by_length(job: Job, rows: Outputs) -> Iterator[str]:
    """BLEU by the length of the source, as Markdown."""
    known = list(references(job).values())
    names, numbers, scores, low = list[str](), list[str](), list[str](), 0
    for high in LENGTHS:
        group = [i for i, (n, *_) in enumerate(rows) if low < n <= high]
        if group:
            names.append(f"{low + 1}–{high}" if high < LENGTHS[-1] else f"{low + 1} and more")
            numbers.append(str(len(group)))
            found = score([rows[i][1] for i in group], [known[i] for i in group])
            scores.append(f"{found['bleu']:.1f}")
        low = high
    yield f"| source tokens | {' | '.join(names)} |"
    yield f"|---{'|--:' * len(names)}|"
    yield f"| sentences | {' | '.join(numbers)} |"
    yield f"| BLEU | {' | '.join(scores)} |"


def between(text: str, name: str, lines: Sequence[str]) -> str:
    """A card with a table put between its marks.

    Raises:
        ValueError: the card does not have these marks.
    """
    start, end = marks(name)
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"The card does not have the marks “{start}” and “{end}”.")
    joined = "\n".join(lines)
    return f"{before}{start}\n\n{joined}\n\n{end}{after}"


def in_readme(text: str, slug: str, said: str) -> str:
    """The README with how good a model is in the third column of its line.

    Raises:
        ValueError: there is no such line.
    """
    line = re.compile(rf"^(\| `{re.escape(slug)}` \|[^|]*\|)[^|]*\|", re.MULTILINE)
    changed, n = line.subn(lambda match: f"{match[1]} {said} |", text)
    if n != 1:
        raise ValueError(f"README.md has {n} lines for `{slug}` in its table of models, not one.")
    return changed


def write(job: Job, found: dict[Piece, Any], card: Path, readme: Path = README) -> None:
    """Put what was found into the card and the README."""
    if ("exact",) in found:
        exact = found["exact",]
        said = percent(exact["exact_match"])
        if "single_digits" in exact:
            text = between(card.read_text(encoding="utf-8"), "quality", list(digits(exact)))
            card.write_text(text, encoding="utf-8")
        what = {"read-digits": "strips", "hear-digits": "recordings"}.get(job.slug, "fresh inputs")
        said = f"{said} of {exact['inputs']:,} {what} exactly right"
    else:
        decoded: dict[tuple[Any, ...], Outputs] = {}
        for (name, *given), value in found.items():
            if name in ("greedy", "beam"):
                decoded.setdefault((name, *given[:-1]), []).extend(value)
        greedy = decoded["greedy",]
        text = card.read_text(encoding="utf-8")
        text = between(text, "quality", list(quality(job, decoded)))
        text = between(text, "lengths", list(by_length(job, greedy)))
        domains = [Domain(**value) for (name, *_), value in found.items() if name == "domain"]
        text = between(text, "domains", table(domains).splitlines())
        card.write_text(text, encoding="utf-8")
        best = score([output for _, output, _ in greedy], list(references(job).values()))
        said = f"{best['bleu']:.1f} BLEU and {best['chrf']:.1f} chrF on dev, greedy"
    readme.write_text(in_readme(readme.read_text("utf-8"), job.slug, said), encoding="utf-8")
    print(f"{job.slug}: {said}.")


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight card", description=__doc__)
    parser.add_argument("model", help=", ".join(available()))
    parser.add_argument("--data", type=Path, help="folder with the corpora, or with all digits")
    parser.add_argument("--without-beams", action="store_true", help="greedy only: much quicker")
    parser.add_argument("--processes", type=int, default=cores(), help="all cores by default")
    options = parser.parse_args(argv)
    if options.model not in available():
        raise SystemExit(f"“{options.model}” is not shipped. There are: {', '.join(available())}.")
    folder = CHECKPOINTS / options.model
    job = Job(options.model, options.data, not options.without_beams)
    try:
        todo = pieces(job)
        ledger = Ledger(folder / ".card.pieces", [loaded(job.slug).digest, job.beams])
        with processes(options.processes) as pool:
            found = compute(work, job, todo, ledger, pool, f"{job.slug}: card")
        write(job, dict(zip(todo, found, strict=True)), folder / "card.md")
        ledger.close()
    except KeyboardInterrupt:
        raise SystemExit("\nStopped. The same command goes on from here.") from None
    except ValueError as error:
        raise SystemExit(str(error)) from None
