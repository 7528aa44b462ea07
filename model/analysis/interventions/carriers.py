"""Which heads carry a difference between sentences: `headlight patch` prints it as Markdown.

Over many pairs of sentences that differ in one thing: a patching map of all heads, then the best
heads patched together, and their edges to the differing words cut in the second sentence; beside
both, the same with other heads of the same blocks' kind, drawn at random.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from ...checkpoints.folder import load
from ...run.arrays import Array
from ...run.edits import Edge, Edits, Head
from ...run.runner import Model
from ...run.trace import Trace
from . import carriers_text
from .aligned import BY_WORD
from .comparison import Comparison, compare, ends
from .first_difference import first_difference
from .metrics import LOGIT, METRICS
from .patching import HEADS, Cell, cells, head_of, measured, patch, patching_map
from .same_tokens import same_tokens

PAIRS = Path(__file__).parent / "pairs"
DRAWS = 20
"""Random sets of heads that the best ones are held against."""
SEED = 7


@dataclass(frozen=True, eq=False)
class Survey:
    """The map of all heads for every pair.

    Args:
        compared: the pairs that could be compared, where their outputs part.
        cells: the heads.
        shares: [pair, head].
    """

    compared: tuple[Comparison, ...]
    cells: tuple[Cell, ...]
    shares: Array

    def best(self, n: int, kind: str | None = None) -> list[Head]:
        """The heads with the largest mean shares, of one kind or of all."""
        order = np.argsort(-self.shares.mean(0), kind="stable")
        heads = [head_of(self.cells[i]) for i in order]
        return [head for head in heads if kind in (None, head[0])][:n]


def survey(
    model: Model, pairs: Sequence[tuple[str, str]], *, metric: str = LOGIT
) -> Iterator[Survey]:
    """The heads' map of each pair where the two outputs first part; the last value has all.

    Pairs whose outputs are the same, or of which one ends where the other goes on, are left out.

    Raises:
        ValueError: there is no pair that could be compared.
    """
    compared: list[Comparison] = []
    rows: list[Array] = []
    for first, second in pairs:
        into, source = model.run(first), model.run(second)
        row = first_difference(into, source)
        if row is None or row >= min(len(into.tgt_out), len(source.tgt_out)):
            continue
        one = compare(model, into, source, row, metric=metric, align=BY_WORD)
        chosen = cells(model, one, HEADS)
        (*_, found) = patching_map(model, one, chosen)
        compared.append(one)
        rows.append(found.shares)
        yield Survey(tuple(compared), chosen, np.stack(rows))
    if not compared:
        raise ValueError("Of no pair do the two outputs part, so there is nothing to compare.")


def together(model: Model, found: Survey, heads: Sequence[Head]) -> Array:
    """[pair]: the share of these heads patched at once."""
    shares = []
    for one in found.compared:
        edits = patch(one, *(Cell("z", *head) for head in heads))
        shares.append(_share(model, one, edits))
    return np.array(shares)


def cut_off(
    model: Model, found: Survey, heads: Sequence[Head], *, hidden: bool = False
) -> tuple[Array, Array]:
    """Both sentences of each pair again, these heads cut off from the words in which they differ.

    The same is cut in both, so what is left of their difference is what came another way. (One run
    alone would not tell: a model that knows nothing of the words still prefers some token.)

    Args:
        hidden: the encoder's other positions may not read these words either.

    Returns:
        [pair] how much of the difference is left, 1 = all of it, 0 = none; and [pair] bool, whether
        in the second sentence the first one's token is now the more probable of the two.
    """
    left, turned = [], []
    for one in found.compared:
        gaps = []
        for trace, row, words in zip(
            (one.into, one.source), (one.row, one.tgt_pairs[one.row]), differing(one), strict=True
        ):
            cut: set[Edge] = {(*head, None, key) for head in heads for key in words}
            if hidden:
                others = set(range(len(trace.src))) - set(words)
                cut |= {("encoder_self", None, None, i, key) for i in others for key in words}
            edits = trace.edits | Edits(cut=cut)
            again = model.run(trace.source, strategy=same_tokens(trace), edits=edits)
            gaps.append([_gap(one, t, row) for t in (again, trace)])
        (first, first_whole), (second, second_whole) = gaps
        left.append((second - first) / (second_whole - first_whole))
        turned.append(second < 0)
    return np.array(left), np.array(turned)


def _gap(one: Comparison, trace: Trace, row: int) -> float:
    return float(trace.logits[row, one.metric.token] - trace.logits[row, one.metric.against])


def differing(one: Comparison) -> tuple[list[int], list[int]]:
    """Positions of the first and of the second source whose tokens answer to no equal one."""
    same = {
        (here, there)
        for here, there in one.src_pairs.items()
        if one.into.src.ids[here] == one.source.src.ids[there]
    }
    first, second = {here for here, _ in same}, {there for _, there in same}
    return (
        [i for i in range(len(one.into.src)) if i not in first],
        [i for i in range(len(one.source.src)) if i not in second],
    )


def attended(found: Survey) -> Array:
    """[head]: mean weight that each cross head's row gives to the differing words, second run."""
    weights = []
    for one in found.compared:
        (_, keys), row = differing(one), one.tgt_pairs[one.row]
        weights.append(
            [
                float(one.source.attention["cross"][c.layer].pattern[c.head, row, keys].sum())
                if c.where == "cross"
                else float("nan")
                for c in found.cells
            ]
        )
    found_: Array = np.array(weights).mean(0)
    return found_


def random_heads(found: Survey, like: Sequence[Head], draws: int = DRAWS) -> list[list[Head]]:
    """Sets of other heads, as many of each kind as `like` has."""
    random, sets = Random(SEED), []
    for _ in range(draws):
        chosen: list[Head] = []
        for kind in sorted({head[0] for head in like}):
            n = sum(head[0] == kind for head in like)
            others = [head_of(c) for c in found.cells if c.where == kind and head_of(c) not in like]
            chosen += random.sample(others, n)
        sets.append(chosen)
    return sets


def _share(model: Model, one: Comparison, edits: Edits) -> float:
    (base, value), (_, goal) = measured(model, one, [one.into.edits, edits]), ends(one)
    return float((value - base) / (goal - base))


def read_pairs(name: str) -> list[tuple[str, str]]:
    """Pairs of a file, or shipped ones by their name: two sentences a line, a tab between.

    Raises:
        ValueError: there is no such file, or a line without two sentences.
    """
    file = PAIRS / f"{name}.tsv" if (PAIRS / f"{name}.tsv").is_file() else Path(name)
    shipped = ", ".join(sorted(path.stem for path in PAIRS.glob("*.tsv")))
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"There are no pairs “{name}”: give a file, or one of {shipped}."
        ) from error
    pairs = []
    for number, line in enumerate(lines, 1):
        first, tab, second = line.partition("\t")
        if line.strip() and not (tab and first.strip() and second.strip()):
            raise ValueError(
                f"Line {number} of {name} does not hold two sentences with a tab between."
            )
        if line.strip():
            pairs.append((first.strip(), second.strip()))
    return pairs


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight patch", description=__doc__)
    parser.add_argument("model", help="a model's name, or its folder")
    parser.add_argument("pairs", nargs="+", help="two sentences; or a file of pairs; or number")
    parser.add_argument("--metric", choices=tuple(METRICS), default=LOGIT)
    parser.add_argument("--top", type=int, default=10, help="heads that are listed (default 10)")
    parser.add_argument(
        "--heads", type=int, default=3, help="heads patched together and cut off (default 3)"
    )
    parser.add_argument(
        "--draws", type=int, default=DRAWS, help=f"random sets beside them (default {DRAWS})"
    )
    options = parser.parse_args(argv)
    try:
        print(report(options))
    except ValueError as error:
        parser.exit(2, f"{error}\n")


def report(options: argparse.Namespace) -> str:
    """All that was found, as Markdown: sentences and tables that a document can take as they are.

    Raises:
        ValueError: a model, pairs or a file that there are not.
    """
    model, given = load(options.model), options.pairs
    pairs = [(given[0], given[1])] if len(given) == 2 else read_pairs(given[0])
    (*_, found) = survey(model, pairs, metric=options.metric)
    best = found.best(options.heads, "cross")
    others = random_heads(found, best, options.draws)
    parts = [
        carriers_text.measured(model, found, len(pairs), options.metric),
        carriers_text.mapped(found, attended(found), options.top),
        carriers_text.patched(
            found,
            best,
            together(model, found, best),
            [float(together(model, found, heads).mean()) for heads in others],
        ),
    ]
    every = [head_of(cell) for cell in found.cells if cell.where == "cross"]
    number = f"the {len(best)} heads"
    cuts = {
        f"{number} from the words": (best, False),
        f"all {len(every)} cross heads from the words": (every, False),
        "the encoder's other positions from the words": ([], True),
        f"both: {number}, and the encoder": (best, True),
        "both: all cross heads, and the encoder": (every, True),
    }
    rows = {
        what: cut_off(model, found, heads, hidden=hidden) for what, (heads, hidden) in cuts.items()
    }
    drawn = [float(cut_off(model, found, heads)[0].mean()) for heads in others]
    return "\n\n".join([*parts, carriers_text.cut(rows, drawn, len(best))])


if __name__ == "__main__":
    main()
