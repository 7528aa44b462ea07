"""How a translator does on what a class types: `python -m tests.model.report_class [MODEL]`.

Prints every output, and how many are accepted, by kind and in all; with `--data DIR` also of those
that are none of the corpus's training sentences. What is not listed may still be good: the others
are there to be read one by one.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import headlight
from headlight.model.tasks.translate import read_pairs
from tests.model.class_sentences import read_class_sentences


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.model.report_class", description=__doc__)
    parser.add_argument("model", nargs="?", default="translate-en-fr", help="a slug or a folder")
    parser.add_argument("--data", type=Path, help="folder with the corpora")
    options = parser.parse_args(argv)
    model, sentences = headlight.load(str(options.model)), read_class_sentences()
    outputs = model.translate([one.source for one in sentences])
    verdicts: dict[str, list[bool]] = defaultdict(list)
    for one, output in zip(sentences, outputs, strict=True):
        verdicts[one.kind].append(one.accepts(output))
        print(f"{'yes' if verdicts[one.kind][-1] else '?  '} {one.source}  →  {output}")
    rows = [*verdicts.items(), ("all", [v for row in verdicts.values() for v in row])]
    if options.data is not None:
        seen = {source for source, _ in read_pairs(options.data, "train")}
        both = zip(sentences, outputs, strict=True)
        new = [one.accepts(output) for one, output in both if one.source not in seen]
        rows.append(("not seen", new))
    for kind, good in rows:
        print(f"{kind:12} {sum(good):3} of {len(good):3} as listed")


if __name__ == "__main__":
    main()
