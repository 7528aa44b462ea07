"""Easier targets for a translator, found by a trained one: `headlight distil translate-en-fr`.

Several good translations of a sentence pull a model that decodes greedily in several directions.
Here a trained model searches with a beam, and of what it finds the text nearest to a reference
becomes the target of the next training (`headlight train --targets`): the sequence-level
interpolation of Kim & Rush 2016. Stop it with Ctrl-C and run it again to go on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tqdm import tqdm

from .. import load
from ..decoding import Beam
from ..run.runner import Model
from ..tasks.translate import Translate, read_pairs
from .keeping import in_words, write_text

BEAM = Beam(6, n_best=6)
REFERENCES = 6
"""References of a source that are compared, at most."""
NEAR = 70.0
"""chrF++ to a reference from which a text is a target; below, the references stay."""


def distil(
    model: Model, data: Path | None, file: Path, *, seed: int = 0, limit: int | None = None
) -> Iterator[tuple[int, int]]:
    """Write `source TAB target` for the corpus's different sources in random order.

    A source without a target near one of its references stands alone on its line. What the file
    holds already is gone on from.

    Yields:
        how many sources are done, and of how many.

    Raises:
        ValueError: the model is no translator, the corpus is missing, or the file is of other
            sources.
    """
    if not isinstance(model.task, Translate):
        raise ValueError(f"“{model.slug}” does not translate: there is nothing to distil.")
    references: dict[str, list[str]] = {}
    for english, french in read_pairs(data, "train"):
        references.setdefault(english, []).append(french)
    sources = sorted(references)
    Random(seed).shuffle(sources)
    sources = sources[:limit]
    done = _done(file, sources)
    with in_words(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as lines:
            for i, source in enumerate(sources[done:], done + 1):
                target = nearest(beam(model, source), references[source][:REFERENCES])
                lines.write("\t".join([source] if target is None else [source, target]) + "\n")
                lines.flush()
                yield i, len(sources)


def beam(model: Model, source: str) -> list[str]:
    """What the search ends with, the most probable first."""
    read = model.read(source)
    tree = model.decode(read, strategy=BEAM).tree
    assert tree is not None
    return [model.write(one.ids, read).text for one in tree.best if one.finished]


def nearest(texts: Sequence[str], references: Sequence[str]) -> str | None:
    """The text with the highest sum of chrF++ and sentence BLEU, the first of several; None where
    there is none with a chrF++ of at least `NEAR`.
    """
    from sacrebleu import BLEU, CHRF  # needed for training and measuring only

    chrf, bleu = CHRF(word_order=2), BLEU(effective_order=True)

    def score(text: str) -> float:
        return (
            chrf.sentence_score(text, references).score
            + bleu.sentence_score(text, references).score
        )

    best = max(texts, key=score, default=None)
    if best is None or chrf.sentence_score(best, references).score < NEAR:
        return None
    return best


def _done(file: Path, sources: Sequence[str]) -> int:
    """How many lines of the file are whole; a line that a cut left unfinished is taken away."""
    if not file.is_file():
        return 0
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        write_text(file, "".join(lines[:-1]))
        lines = lines[:-1]
    if [line.rstrip("\n").split("\t")[0] for line in lines] != list(sources[: len(lines)]):
        raise ValueError(f"{file} is of other sources. Remove it, or choose another --out.")
    return len(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight distil", description=__doc__)
    parser.add_argument("model", help="translate-en-fr, or the folder of such a model")
    parser.add_argument("--data", type=Path, help="folder with the corpora")
    parser.add_argument("--out", type=Path, default=Path("runs/targets.tsv"))
    parser.add_argument("--seed", type=int, default=0, help="of the order of the sources")
    parser.add_argument("--limit", type=int, help="only so many sources")
    options = parser.parse_args(argv)
    try:
        with tqdm(desc="distil", unit="source") as bar:
            model = load(options.model)
            for done, of in distil(
                model, options.data, options.out, seed=options.seed, limit=options.limit
            ):
                bar.total = of
                bar.update(done - bar.n)
    except KeyboardInterrupt:
        raise SystemExit(f"\nStopped. The same command goes on from {options.out}.") from None
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"{options.out} written. `headlight train {options.model} --targets` learns from it.")
