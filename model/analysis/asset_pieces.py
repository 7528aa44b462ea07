"""The pieces of `headlight build-assets`: which there are for a model, and what each one computes.

Every piece is computed by itself, in any process and order, and answers in what JSON holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..checkpoints.folder import load
from ..network.config import KINDS
from ..run.runner import Model
from ..run.sources import AnySource
from ..run.trace import Trace
from ..tasks import SyntheticTask
from .alignment.gold import GoldPair, read_gold, traced
from .alignment.links import Alignment, of_task
from .attribution import judging
from .attribution.base import Method
from .attribution.findings import every
from .attribution.ways import choices, ways
from .corpus import own_corpus
from .heads.metrics import METRICS
from .heads.resume import to_plain
from .heads.table import HeadTable
from .heads.totals import of_gold, of_lines
from .interventions.evalset import EvalSet, answered, eval_set
from .interventions.pruning import RANDOM_ORDERS, every_order, one_curve
from .interventions.references import Worth, loss_without, quality_without
from .pieces import Piece

GOLD = Path("alibi-en-fr") / "short.tsv"
LINES, SENTENCES = 32, 10
"""In a piece: lines whose heads are measured, sentences on which the ways are judged."""


@dataclass(frozen=True)
class Job:
    """What is computed for one model.

    Args:
        slug: its name.
        data: the folder with the corpora.
        n: sentences with right answers; half as many runs are judged.
        orders: random orders of pruning.
        methods: names of the ways from output to source that are judged; all where there are none.
    """

    slug: str
    data: Path
    n: int
    orders: int = RANDOM_ORDERS
    methods: tuple[str, ...] = ()

    @property
    def gold_file(self) -> Path:
        """Where the hand-made links are, for a model that has none of its own."""
        return self.data / GOLD

    @property
    def gold_name(self) -> str:
        """The same without the folder that is of this machine."""
        return GOLD.as_posix()

    @property
    def gold(self) -> bool:
        """Whether the file is there."""
        return self.gold_file.is_file()


def of_heads(job: Job) -> list[Piece]:
    """For the table of all heads; those that take longest first."""
    pieces: list[Piece] = []
    if known_answers(job) is not None:
        pieces += [(what, kind) for what in ("quality", "loss") for kind in KINDS]
    pieces += [("lines", i) for i in range(0, len(own_lines(job)), LINES)]
    return [*pieces, ("gold",)] if gold_pairs(job) else pieces


def of_runs(job: Job) -> list[Piece]:
    """For the agreement with leaving one word out."""
    return [("runs", i) for i in range(0, len(own_lines(job)[: job.n // 2]), SENTENCES)]


def of_pairs(job: Job) -> list[Piece]:
    """For the alignment error of the ways."""
    return [("pairs", i) for i in range(0, len(known_links(job)), SENTENCES)]


def of_curves(job: Job, atlas: HeadTable) -> list[Piece]:
    """For pruning: one curve a piece."""
    return [
        ("curve", heads, order, [list(head) for head in removed])
        for heads, order, removed in every_order(atlas, job.orders)
    ]


def work(job: Job, piece: Piece) -> Any:
    """What a piece computes."""
    name, *given = piece
    return WORK[name](job, *given)


def _lines(job: Job, start: int) -> Any:
    found = of_lines(loaded(job.slug), own_lines(job)[start : start + LINES], METRICS)
    return "totals", to_plain(found)


def _gold(job: Job) -> Any:
    return "totals", to_plain(of_gold(loaded(job.slug), gold_pairs(job)))


def _loss(job: Job, kind: str) -> Any:
    held = known_answers(job)
    assert held is not None
    return "worth", _plain(loss_without(loaded(job.slug), held, kind))


def _quality(job: Job, kind: str) -> Any:
    held = known_answers(job)
    assert held is not None
    return "worth", _plain(deque(quality_without(loaded(job.slug), held, kind), maxlen=1).pop())


def _runs(job: Job, start: int) -> Any:
    model, methods = loaded(job.slug), _methods(job)
    texts = own_lines(job)[: job.n // 2][start : start + SENTENCES]
    return [judging.of_run(model, model.run(text), methods) for text in texts]


def _pairs(job: Job, start: int) -> Any:
    model, methods = loaded(job.slug), _methods(job)
    some = known_links(job)[start : start + SENTENCES]
    return [judging.of_pair(model, *one, methods) for one in some]


def _methods(job: Job) -> list[Method]:
    model = loaded(job.slug)
    found = every(ways(model), choices(model))
    return [one for one in found if not job.methods or one.slug in job.methods]


def _curve(job: Job, heads: str, order: str, removed: list[list[Any]]) -> Any:
    chosen = [(kind, layer, head) for kind, layer, head in removed]
    steps = one_curve(loaded(job.slug), held_out(job), heads, order, chosen)
    return asdict(deque(steps, maxlen=1).pop())


WORK: Mapping[str, Callable[..., Any]] = {
    "lines": _lines,
    "gold": _gold,
    "loss": _loss,
    "quality": _quality,
    "runs": _runs,
    "pairs": _pairs,
    "curve": _curve,
}


def _plain(worth: Worth) -> Any:
    return [
        [[*key, grid.tolist()] for key, grid in grids.items()]
        for grids in (worth.values, worth.errors)
    ]


def worth_of(values: Any) -> Worth:
    """What `work` answered of loss or quality."""
    return Worth(*({(slug, kind): np.array(grid) for slug, kind, grid in one} for one in values))


@lru_cache(maxsize=1)
def loaded(slug: str) -> Model:
    """The model, once a process."""
    return load(slug)


@lru_cache(maxsize=1)
def own_lines(job: Job) -> list[AnySource]:
    """The project's sentences for this model."""
    return own_corpus(loaded(job.slug))


@lru_cache(maxsize=1)
def gold_pairs(job: Job) -> list[GoldPair]:
    """The hand-made links that the model can read; none where its task knows its own."""
    model = loaded(job.slug)
    if isinstance(model.task, SyntheticTask) or not job.gold:
        return []
    return [pair for pair, _, _ in traced(model, read_gold(job.gold_file))]


@lru_cache(maxsize=1)
def known_links(job: Job) -> list[tuple[Trace, Alignment]]:
    """Traces with their true links: of the runs where the task knows them, else of gold pairs."""
    model = loaded(job.slug)
    found: list[tuple[Trace, Alignment]] = []
    for text in own_lines(job)[: job.n // 2] if isinstance(model.task, SyntheticTask) else ():
        trace = model.run(text)
        if (known := of_task(model.task, trace)) is not None:
            found.append((trace, known))
    return [*found, *((trace, links) for _, trace, links in traced(model, gold_pairs(job)))]


@lru_cache(maxsize=1)
def known_answers(job: Job) -> EvalSet | None:
    """Inputs with right answers."""
    return answered(loaded(job.slug), job.n, job.data)


@lru_cache(maxsize=1)
def held_out(job: Job) -> EvalSet:
    """What pruning is measured on."""
    return eval_set(loaded(job.slug), job.n, job.data)
