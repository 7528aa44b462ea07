"""How a translator does on what a class types: `python -m tests.model.report_class [MODEL]`.

Prints every output, and how many are accepted, by kind and in all. What is not listed may still be
good: the others are there to be read one by one.
"""

from __future__ import annotations

import sys
from collections import defaultdict

import headlight
from tests.model.class_sentences import read_class_sentences


def main(argv: list[str]) -> None:
    """The command; MODEL is a slug or a checkpoint folder, the shipped translator by default."""
    model = headlight.load(argv[0] if argv else "translate-en-fr")
    sentences = read_class_sentences()
    outputs = model.translate([one.source for one in sentences])
    verdicts: dict[str, list[bool]] = defaultdict(list)
    for one, output in zip(sentences, outputs, strict=True):
        verdicts[one.kind].append(one.accepts(output))
        print(f"{'yes' if verdicts[one.kind][-1] else '?  '} {one.source}  →  {output}")
    for kind, good in (*verdicts.items(), ("all", [v for row in verdicts.values() for v in row])):
        print(f"{kind:12} {sum(good):3} of {len(good):3} as listed")


if __name__ == "__main__":
    main(sys.argv[1:])
