"""What is known about all heads: shipped, computed at once, or worked out in the background.

A piece of background work is named by what it is, the weights' digest and what it depends on. Its
job and its result are shared by all sessions of the server: thirty students wait for it once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import streamlit as st

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.alignment.gold import GoldPair
from headlight.model.analysis.alignment.links import of_task
from headlight.model.analysis.attribution.sources import Sources, sources
from headlight.model.analysis.build_assets import ATLAS
from headlight.model.analysis.corpus import batches, own_corpus, readable
from headlight.model.analysis.heads.metrics import METRICS, Sample
from headlight.model.analysis.heads.search import Mapped, scan
from headlight.model.analysis.heads.table import HeadTable, from_totals, read_atlas
from headlight.model.analysis.heads.totals import Totals, of_gold, of_samples
from headlight.model.analysis.interventions.ablation import LossRise, on_corpus
from headlight.model.analysis.interventions.pruning import (
    Pruning,
    eval_set,
    n_steps,
    own_eval_set,
    prune,
    read_pruning,
)

from . import runtime, state
from .jobs import Job

PATIENCE = 60.0
"""Seconds for which work goes on while no page looks at it."""
STEP = 8
"""Lines measured in one step of a job: a second or so."""
PRUNED_ON, RANDOM_ORDERS = 40, 1
"""Sentences and random orders of a pruning that somebody waits for."""


class Work(NamedTuple):
    """Background work: its name (for the queue) and its identity."""

    title: str
    key: tuple[str, ...]
    steps: Callable[[], Iterator[Any]]
    total: int


def job(work: Work) -> Job | None:
    """The job of work that this session asked for; None when it did not, or stopped it.

    A job that was cancelled elsewhere, or because nobody looked at it, begins again.
    """
    if not state.asked_for(work.key):
        return None
    found = _job(work.key, work)
    if found.status == "cancelled":
        _job.clear(work.key, work)
        found = _job(work.key, work)
    return found


def begin(work: Work) -> None:
    """Ask for work, unless this session has already asked for it, or stopped it."""
    if state.asked_for(work.key) is None:
        state.ask(work.key)


def start(work: Work) -> None:
    """Ask for work; what failed before is tried again."""
    if _job(work.key, work).status == "failed":
        _job.clear(work.key, work)
    state.ask(work.key)


def stop(work: Work) -> None:
    """Cancel work, and do not begin it again without being asked."""
    _job(work.key, work).cancel()
    state.refuse(work.key)


@st.cache_resource(max_entries=24, show_spinner=False)
def _job(key: tuple[str, ...], _work: Work) -> Job:
    return runtime.jobs().submit(_work.title, _work.steps(), _work.total, patience=PATIENCE)


# What is shipped; None where there is nothing, or it is of other weights.


@st.cache_resource(max_entries=16, show_spinner=False)
def _shipped_atlas(slug: str, digest: str) -> HeadTable | None:
    try:
        found = read_atlas(ATLAS / f"{slug}.parquet")
    except ValueError:
        return None
    return found if found.digest == digest else None


def shipped_atlas(loaded: Model) -> HeadTable | None:
    """The measures on the project's own sentences."""
    return _shipped_atlas(loaded.slug, loaded.digest)


@st.cache_resource(max_entries=16, show_spinner=False)
def _shipped_pruning(slug: str, digest: str) -> Pruning | None:
    try:
        found = read_pruning(ATLAS / f"{slug}.pruning.json")
    except ValueError:
        return None
    return found if found.digest == digest else None


def shipped_pruning(loaded: Model) -> Pruning | None:
    """The pruning curves."""
    return _shipped_pruning(loaded.slug, loaded.digest)


@st.cache_resource(max_entries=16, show_spinner=False)
def shipped_agreement(slug: str, digest: str) -> dict[str, Any] | None:
    """How well the ways from output to source agree over many sentences."""
    try:
        values: dict[str, Any] = json.loads(
            (ATLAS / f"{slug}.sources.json").read_text(encoding="utf-8")
        )
        return values if values["digest"] == digest else None
    except (OSError, ValueError, LookupError):
        return None


# What is computed at once, for one sentence.


def sentence_atlas(loaded: Model, trace: Trace) -> HeadTable:
    """All measures on one sentence alone."""
    key = (loaded.digest, trace.source_text, trace.tgt_out.ids, trace.edits)
    return _sentence_atlas(loaded, trace, *key)


@st.cache_resource(max_entries=32, show_spinner="Measuring every head …")
def _sentence_atlas(
    _loaded: Model, _trace: Trace, digest: str, text: str, ids: tuple[int, ...], edits: Edits
) -> HeadTable:
    samples = [Sample(_trace, of_task(_loaded.task, _trace))]
    return from_totals(_loaded, of_samples(_loaded, samples, METRICS), "this sentence")


def sentence_sources(loaded: Model, trace: Trace) -> Sources:
    """Four answers to which source word each output word came from."""
    key = (loaded.digest, trace.source_text, trace.tgt_out.ids, trace.edits)
    return _sources(loaded, trace, *key)


@st.cache_resource(max_entries=32, show_spinner="Running the model without each word …")
def _sources(
    _loaded: Model, _trace: Trace, digest: str, text: str, ids: tuple[int, ...], edits: Edits
) -> Sources:
    return sources(_loaded, _trace)


# What takes longer.


def lines_of(loaded: Model, own: str | None) -> list[str]:
    """The lines of one's own text, or the sentences that come with the project."""
    if own is None:
        return own_corpus(loaded)
    return [line.strip() for line in own.splitlines() if line.strip()]


def measuring(loaded: Model, own: str | None, name: str, gold: Sequence[GoldPair] = ()) -> Work:
    """All measures over a text, and the alignment error on gold pairs; gives a `HeadTable`."""
    lines = lines_of(loaded, own)
    known = f"{len(gold)} hand-aligned pairs" if gold else ""

    def steps() -> Iterator[HeadTable]:
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
            for at in range(0, len(batch), STEP):
                traces = loaded.run_many(batch[at : at + STEP])
                samples = [  # one truth only: the file's where there is one
                    Sample(one, None if gold else of_task(loaded.task, one)) for one in traces
                ]
                totals = totals.plus(of_samples(loaded, samples, METRICS))
                yield from_totals(loaded, totals, name)
        if gold:
            yield from_totals(loaded, totals.plus(of_gold(loaded, gold)), name, known)

    return Work(
        f"Measures of all heads on {name}",
        ("measure", loaded.digest, _mark(own), name, _mark(repr(gold))),
        steps,
        -(-len(lines) // STEP) + bool(gold),
    )


def damaging(loaded: Model, edits: Edits, own: str | None) -> Work:
    """Δ loss over a text under edits; the result is a `LossRise`."""
    lines = lines_of(loaded, own)

    def steps() -> Iterator[LossRise]:
        return on_corpus(loaded, lines, edits)

    key = ("damage", loaded.digest, _mark(own), _mark(json.dumps(edits.to_dict(), default=list)))
    return Work("Loss without some heads", key, steps, -(-len(lines) // 32))


def scanning(loaded: Model, own: str | None) -> Work:
    """The maps of all sentences of a text; the result is a list of `Mapped`."""
    lines = lines_of(loaded, own)

    def steps() -> Iterator[list[Mapped]]:
        return scan(loaded, lines)

    return Work(
        "Maps of all sentences", ("scan", loaded.digest, _mark(own)), steps, -(-len(lines) // 32)
    )


def pruning(loaded: Model, atlas: HeadTable) -> Work:
    """Pruning curves on fewer sentences than the shipped ones; the result is a `Pruning`."""

    def steps() -> Iterator[Pruning]:
        measure = (
            eval_set(loaded, PRUNED_ON)
            if loaded.task is not None and loaded.task.slug != "translate-en-fr"
            else own_eval_set(loaded, own_corpus(loaded)[:PRUNED_ON])
        )
        return prune(loaded, atlas, measure, RANDOM_ORDERS)

    return Work(
        "Pruning",
        ("prune", loaded.digest, _mark(atlas.corpus)),
        steps,
        n_steps(atlas, RANDOM_ORDERS),
    )


def _mark(text: str | None) -> str:
    """A short name for a text that may be long."""
    if text is None:
        return ""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
