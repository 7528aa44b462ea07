"""What is known about all heads without waiting: shipped, or computed at once for one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from headlight.model import Model, Trace
from headlight.model.analysis.alignment.links import of_task
from headlight.model.analysis.attribution.findings import Findings, read_findings
from headlight.model.analysis.build_assets import ATLAS
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.analysis.heads.metrics import METRICS, Sample
from headlight.model.analysis.heads.table import HeadTable, from_totals
from headlight.model.analysis.heads.totals import of_samples
from headlight.model.analysis.interventions.pruning import Pruning, read_pruning

from .computing import remembered

OfWeights = TypeVar("OfWeights", HeadTable, Pruning, Findings)
"""What is shipped beside a model; its `digest` says of which weights it is."""


def shipped_atlas(loaded: Model) -> HeadTable | None:
    """The measures on the project's own sentences; None where there are none of these weights."""
    return _shipped(
        "atlas",
        loaded,
        lambda: read_atlas(ATLAS / f"{loaded.slug}.parquet"),
    )


def shipped_pruning(loaded: Model) -> Pruning | None:
    """The pruning curves; None where there are none of these weights."""
    return _shipped(
        "pruning",
        loaded,
        lambda: read_pruning(ATLAS / f"{loaded.slug}.pruning.json"),
    )


def shipped_findings(loaded: Model) -> Findings | None:
    """How good the ways from output to source are over many sentences; None as above."""
    return _shipped(
        "findings",
        loaded,
        lambda: read_findings(ATLAS / f"{loaded.slug}.sources.json"),
    )


def _shipped(what: str, loaded: Model, read: Callable[[], OfWeights]) -> OfWeights | None:
    """A shipped file, remembered; None where it is missing, damaged, or of other weights."""

    def make() -> tuple[OfWeights | None]:
        try:
            found = read()
            return (found if found.digest == loaded.digest else None,)
        except (OSError, ValueError, LookupError, TypeError):
            return (None,)

    return remembered((what, loaded.slug, loaded.digest), make, "", light=True)[0]


def sentence_atlas(loaded: Model, trace: Trace, name: str) -> HeadTable:
    """All measures on one source alone, under this name."""

    def make() -> HeadTable:
        samples = [Sample(trace, of_task(loaded.task, trace))]
        return from_totals(loaded, of_samples(loaded, samples, METRICS), name)

    key = (loaded.digest, trace.source, trace.tgt_out.ids, trace.edits)
    return remembered(("sentence_atlas", *key), make, "Measuring every head …")
