"""What can be worked out in the background, one function a kind of work.

A piece of work is named by what it is, the weights' digest and what it depends on. Its job and its
result are shared by all sessions of the server: thirty students wait for it once. While it waits,
and between two steps, it holds no run (`again`).
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from headlight.model import AnySource, Edits, Model, Tokens, Trace
from headlight.model.analysis.alignment.gold import GoldPair
from headlight.model.analysis.alignment.links import of_task
from headlight.model.analysis.attribution import sources as attributions
from headlight.model.analysis.attribution.sources import Sources
from headlight.model.analysis.corpus import batches, own_corpus, readable
from headlight.model.analysis.heads.metrics import METRICS, SENSITIVITY, Sample
from headlight.model.analysis.heads.search import Mapped, scan
from headlight.model.analysis.heads.table import HeadTable, from_totals
from headlight.model.analysis.heads.totals import UNREAD_PAIR, Totals, of_gold, of_lines, of_samples
from headlight.model.analysis.interventions.ablation import LossRise, on_corpus
from headlight.model.analysis.interventions.comparison import Comparison
from headlight.model.analysis.interventions.damage import INPUTS, damage
from headlight.model.analysis.interventions.damage import n_steps as damage_steps
from headlight.model.analysis.interventions.evalset import answered, own_eval_set
from headlight.model.analysis.interventions.patching import (
    Cell,
    PatchingMap,
    cells,
    cells_at_once,
    head_of,
    patching_map,
)
from headlight.model.analysis.interventions.path import downstream, path_map
from headlight.model.analysis.interventions.pruning import (
    Pruning,
    n_steps,
    prune,
)
from headlight.model.analysis.interventions.steering import sweep
from headlight.model.run.arrays import Array
from headlight.model.run.edits import Head
from headlight.model.run.size import expected_nbytes, trace_nbytes
from headlight.model.run.sources import name_of
from headlight.model.tasks import SyntheticTask

from .again import again, compared_again
from .cache import nbytes
from .limits import LIGHT_BYTES
from .server import server
from .sources import source_of

STEP_CELLS = 8 * 40 * 40
"""Sentences × tokens² measured in one step of a job: some tenths of a second."""
PATHS_AT_ONCE = 8
"""Paths of one step at least: each step finds out anew what the receivers hear."""
PRUNED_ON, RANDOM_ORDERS = 40, 3
"""Sentences and random orders of a pruning that somebody waits for."""


class JobSpec(NamedTuple):
    """Background work: its name (for the queue), its identity, whether a step holds large runs."""

    title: str
    key: tuple[str, ...]
    steps: Callable[[], Iterator[Any]]
    total: int
    large: bool = False


def _lines_of(loaded: Model, own: str | None) -> list[AnySource]:
    """The lines of one's own text, or the sentences that come with the project; none where these
    are missing, which `_check` tells of once the work begins.
    """
    if own is not None:
        return [line.strip() for line in own.splitlines() if line.strip()]
    try:
        return own_corpus(loaded)
    except ValueError:
        return []


def _check(lines: Sequence[AnySource], loaded: Model, own: str | None) -> None:
    """Raise why there are no lines."""
    if not lines and own is None:
        own_corpus(loaded)
    if not lines:
        raise ValueError("This text is empty: it needs at least one line.")


def measuring(loaded: Model, own: str | None, name: str, gold: Sequence[GoldPair] = ()) -> JobSpec:
    """All measures over a text, and the alignment error on gold pairs; gives a `HeadTable`."""
    lines = _lines_of(loaded, own)

    def steps() -> Iterator[HeadTable]:
        _check(lines, loaded, own)
        found = readable(loaded, lines)
        if not found.texts:
            why = ", ".join(f"{n:,} {reason}" for reason, n in found.skipped.items())
            raise ValueError(
                f"None of the {len(lines):,} lines can be read by this model: {why}."
                if lines
                else "This text is empty: it needs at least one line."
            )
        totals = Totals(skipped=found.skipped)
        for batch in batches(loaded, found.texts):
            for some in _portions(loaded, batch):
                totals = totals.plus(_measured(loaded, some, truth=not gold))
                yield from_totals(loaded, totals, name)
        if gold:
            totals = totals.plus(of_gold(loaded, gold))
            n = len(gold) - totals.skipped[UNREAD_PAIR]
            yield from_totals(loaded, totals, name, f"{n} hand-aligned pairs")

    return JobSpec(
        f"Measures of all heads on {name}",
        ("measure", loaded.digest, _mark(own), name, _mark(repr(gold))),
        steps,
        -(-len(lines) // 8) + bool(gold),
        _long_lines(loaded, lines),
    )


def _measured(loaded: Model, texts: Sequence[AnySource], truth: bool) -> Totals:
    """All measures on some texts, whose runs are held no longer; `truth`: with the task's links."""
    samples = [
        Sample(one, of_task(loaded.task, one) if truth else None) for one in loaded.run_many(texts)
    ]
    return of_samples(loaded, samples, METRICS)


def _long_lines(loaded: Model, lines: Sequence[AnySource]) -> bool:
    """Whether a line may be so long that its run is large."""
    longest = max((len(line) for line in lines if isinstance(line, str)), default=0)
    n = min(longest, loaded.config.max_positions)
    return trace_nbytes(loaded, n, n) > LIGHT_BYTES


def _portions(loaded: Model, batch: Sequence[AnySource]) -> Iterator[list[AnySource]]:
    """A batch of lines of about one length, cut so that a step stays short."""
    longest = max(len(loaded.read(source)) for source in batch)
    size = max(1, min(8, STEP_CELLS // longest**2))
    for start in range(0, len(batch), size):
        yield list(batch[start : start + size])


def damaging(loaded: Model, edits: Edits, own: str | None) -> JobSpec:
    """Δ loss over a text under edits; the result is a `LossRise`."""
    lines = _lines_of(loaded, own)

    def steps() -> Iterator[LossRise]:
        _check(lines, loaded, own)
        yield from on_corpus(loaded, lines, edits)

    key = ("damage", loaded.digest, _mark(own), _mark(edits.to_text()))
    return JobSpec("Loss without some heads", key, steps, -(-len(lines) // 32))


def scanning(loaded: Model, own: str | None) -> JobSpec:
    """The maps of all sentences of a text; the result is a list of `Mapped`.

    Long lines have large maps: the work fails where they take more than is kept for a session.
    """
    lines, most = _lines_of(loaded, own), server().limits.bytes("session")

    def steps() -> Iterator[list[Mapped]]:
        _check(lines, loaded, own)
        for found in scan(loaded, lines):
            if nbytes(found) > most:
                raise ValueError(
                    f"The maps of {len(found):,} of these sentences take more than the "
                    f"{most / 1e6:,.0f} MB that are kept for a page. Give fewer or shorter ones."
                )
            yield found

    return JobSpec(
        "Maps of all of them",
        ("scan", loaded.digest, _mark(own)),
        steps,
        -(-len(lines) // 32),
    )


def explaining(loaded: Model, trace: Trace) -> JobSpec:
    """Several answers to which source word each output word came from; the result is `Sources`."""
    run = again(loaded, trace)

    def steps() -> Iterator[Sources | None]:
        return attributions.steps(loaded, run)

    key = (name_of(trace.source), repr(trace.tgt_out.ids), trace.edits.to_text())
    return JobSpec(
        "From output to source",
        ("sources", loaded.digest, _mark("\n".join(key))),
        steps,
        attributions.n_steps(),
        _large(loaded, trace),
    )


def breaking(loaded: Model, edits: Edits, own: str | None) -> JobSpec:
    """What edits cost on fresh inputs, or on one's own lines; the result is a `Damage`."""
    lines = None if own is None else _lines_of(loaded, own)
    n = INPUTS if lines is None else min(INPUTS, len(lines))
    return JobSpec(
        f"Damage on {n} inputs of {loaded.slug}",
        ("broken", loaded.digest, _mark(own), _mark(edits.to_text())),
        lambda: damage(loaded, edits, lines=lines),
        damage_steps(n),
    )


def patching(
    loaded: Model, compared: Comparison, which: str, sender: Head | None = None
) -> JobSpec:
    """A patching map of two runs, or of the paths from a head; the result is a `PatchingMap`."""
    both, size = compared_again(loaded, compared), cells_at_once(compared)
    if sender is None:
        chosen = cells(loaded, compared, which)
    else:
        chosen = tuple(Cell("z", *head) for head in downstream(loaded, sender))
        size = max(size, PATHS_AT_ONCE)

    def run(some: Sequence[Cell]) -> PatchingMap:
        """Some cells; the two runs are held no longer than that."""
        if sender is None:
            found = patching_map(loaded, both(), some)
        else:
            found = path_map(loaded, both(), sender, [head_of(cell) for cell in some])
        return deque(found, maxlen=1).pop()

    def steps() -> Iterator[PatchingMap]:
        values = np.zeros(0)
        for start in range(0, len(chosen), size):
            found = run(chosen[start : start + size])
            values = np.concatenate([values, found.values])
            yield replace(found, cells=chosen, values=values)

    runs = [
        (name_of(trace.source), trace.tgt_out.ids, trace.edits.to_text())
        for trace in (compared.into, compared.source)
    ]
    pairs = [sorted(one.items()) for one in (compared.src_pairs, compared.tgt_pairs)]
    key = repr((runs, pairs, compared.row, compared.metric, which, sender))
    return JobSpec(
        f"Patching map of {len(chosen)} runs",
        ("patching", loaded.digest, _mark(key)),
        steps,
        -(-len(chosen) // size),
        _large(loaded, compared.into, compared.source),
    )


def steering(
    loaded: Model, text: str, direction: Array, where: Where, strengths: Sequence[float]
) -> JobSpec:
    """What a source is written as at each strength of a direction; the result is `Written`s."""

    def steps() -> Iterator[list[Written]]:
        found: list[Written] = []
        for one in sweep(
            loaded,
            source,
            direction,
            where.stack,
            where.layer,
            strengths,
            position=where.position,
            edits=where.edits,
        ):
            found.append(Written(one.c, one.trace.tgt_out))
            del one
            yield list(found)

    source = source_of(loaded, text)
    key = repr((text, direction.tobytes(), where, tuple(strengths)))
    return JobSpec(
        f"The text at {len(strengths)} strengths",
        ("steering", loaded.digest, _mark(key)),
        steps,
        len(strengths),
        expected_nbytes(loaded, source) > LIGHT_BYTES,
    )


class Written(NamedTuple):
    """The tokens that are written at one strength."""

    c: float
    tokens: Tokens


class Where(NamedTuple):
    """Where a direction is added, and the edits beside it; position None means all."""

    stack: str
    layer: int
    position: int | None
    edits: Edits


def pruning(loaded: Model, own: str | None) -> JobSpec:
    """Pruning curves on fewer sentences than the shipped ones; the result is a `Pruning`.

    The order of the heads comes from other sentences than the curves: every second one.
    """

    def steps() -> Iterator[Pruning | None]:
        _check(lines := _lines_of(loaded, own)[: 2 * PRUNED_ON], loaded, own)
        totals = Totals()
        for batch in batches(loaded, readable(loaded, lines[::2]).texts):
            totals = totals.plus(of_lines(loaded, batch, [SENSITIVITY]))
            yield None
        atlas = from_totals(loaded, totals, "every second sentence")
        fresh = answered(loaded, PRUNED_ON) if isinstance(loaded.task, SyntheticTask) else None
        yield from prune(loaded, atlas, fresh or own_eval_set(loaded, lines[1::2]), RANDOM_ORDERS)

    return JobSpec(
        "Pruning", ("prune", loaded.digest, _mark(own)), steps, 2 + n_steps(loaded, RANDOM_ORDERS)
    )


def _large(loaded: Model, *traces: Trace) -> bool:
    """Whether these runs together hold much memory."""
    sizes = (trace_nbytes(loaded, len(one.src), len(one.tgt_in)) for one in traces)
    return sum(sizes) > LIGHT_BYTES


def _mark(text: str | None) -> str:
    """A short name for a text that may be long."""
    if text is None:
        return ""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
