"""The lines of a corpus, in blocks, with a count of those that the model cannot take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..paths import ASSETS
from ..run.pace import breathe
from ..run.runner import Model
from ..run.sources import AnySource, name_of
from ..tasks import SyntheticTask

SENTENCES = ASSETS / "sentences"
ENGLISH = SENTENCES / "english.txt"

OWN_SEED = 555_000
"""Seed of the inputs that a synthetic task is analysed on; not used for training or measuring."""
OWN_LINES = 200

BLOCK = 128
"""Lines that are read, sorted by length and batched together; the unit that shards are made of."""
MAX_CELLS = 32 * 64 * 64
"""Bound on sentences × tokens² in one batch, so that long lines come fewer at a time."""
MAX_IN_BATCH = 32


class EmptyCorpus(ValueError):
    """A corpus without a single line that can be used."""


@dataclass(frozen=True)
class Readable:
    """Lines that the model takes, and how many it does not, by reason."""

    texts: tuple[AnySource, ...]
    skipped: Counter[str]


def own_corpus(model: Model) -> list[AnySource]:
    """The sentences that come with the project for this model: fresh task inputs, or English.

    Raises:
        ValueError: their file is missing or damaged.
    """
    if isinstance(model.task, SyntheticTask):
        stream = model.task.pairs(OWN_SEED)
        return [source for source, _ in islice(stream, OWN_LINES)]
    try:
        text = ENGLISH.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"The project's sentences, {ENGLISH.name}, cannot be read.") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def count_lines(path: Path) -> int:
    """Lines of a file that are not blank, read one at a time.

    Raises:
        EmptyCorpus: there is none.
        ValueError: the file cannot be read.
    """
    try:
        with path.open("rb") as lines:
            n = sum(1 for line in lines if line.strip())
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    if not n:
        raise EmptyCorpus(f"{path} is empty: it needs at least one line of text.")
    return n


def blocks(path: Path, shard: int = 0, n_shards: int = 1) -> Iterator[list[bytes]]:
    """Every `n_shards`-th block of `BLOCK` non-blank lines, from block `shard` on.

    What is in a block does not depend on the number of shards: so the same sentences are always
    computed together, and the same numbers come out to the last bit.
    """
    with path.open("rb") as lines:
        rest = (line for line in lines if line.strip())
        i = 0
        while block := list(islice(rest, BLOCK)):
            if i % n_shards == shard:
                yield block
            i += 1


def readable(model: Model, lines: Iterable[bytes | AnySource]) -> Readable:
    """Decode and try the lines; those that do not fit are counted by reason.

    Raises:
        ValueError: a single text in place of several.
    """
    if isinstance(lines, str | bytes):
        raise ValueError(f"Several texts are taken, such as a list of them, not {lines!r:.100}.")
    texts, skipped = list[AnySource](), Counter[str]()
    for line in lines:
        breathe()  # thousands of long lines are long work
        try:
            text = line.decode("utf-8-sig") if isinstance(line, bytes) else line
        except UnicodeDecodeError:
            skipped["not UTF-8"] += 1
            continue
        text = text.strip() if isinstance(text, str) else text
        try:
            model.read(text)
            texts.append(text)
        except ValueError:
            skipped[_reason(model, text)] += 1
    return Readable(tuple(texts), skipped)


def texts_of(model: Model, lines: Iterable[bytes | AnySource]) -> tuple[AnySource, ...]:
    """The lines that the model takes.

    Raises:
        ValueError: there is none.
    """
    if texts := readable(model, lines).texts:
        return texts
    raise ValueError("The model can read none of these lines.")


def _reason(model: Model, text: AnySource) -> str:
    if not isinstance(text, str):
        return "not what this model reads"
    try:
        too_long = (
            len(model.tokenizer.encode(text, eos=True, source=True)) > model.config.max_positions
        )
    except ValueError:
        too_long = False
    limit = f"too long (over {model.config.max_positions} tokens)"
    return limit if too_long else "not text that this model reads"


def batches(model: Model, texts: Sequence[AnySource]) -> Iterator[list[AnySource]]:
    """Texts sorted by length, in batches of bounded size."""
    lengths = {}
    for text in texts:
        breathe()
        lengths[text] = len(model.read(text))
    batch: list[AnySource] = []
    for text in sorted(texts, key=lambda one: (lengths[one], name_of(one))):
        most = max(1, min(MAX_IN_BATCH, MAX_CELLS // lengths[text] ** 2))
        if len(batch) >= most:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch
