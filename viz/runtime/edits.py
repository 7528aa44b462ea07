"""What a list of edits needs to become numbers: runs that are remembered, and the heads' means."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.interventions.recipes import Maker
from headlight.model.analysis.interventions.same_tokens import same_tokens
from headlight.model.run.edits import Head, Vector

from .asking import job
from .computing import remembered
from .corpora import Corpus, corpus
from .heads import shipped_atlas
from .specs import JobSpec, measuring
from .traces import DOING, run


def maker(loaded: Model, text: str) -> Maker:
    """For the source `text` on this model."""

    def again(source: str, edits: Edits) -> Trace:
        return run(loaded, source, edits=edits)

    def keep(key: Hashable, make: Callable[[], Edits]) -> Edits:
        return remembered(("step", loaded.digest, text, key), make, DOING)

    def same(source: str, tokens_of: Trace) -> Trace:
        return run(loaded, source, strategy=same_tokens(tokens_of))

    return Maker(loaded, text, again, lambda: means(loaded), keep, same)


def means(loaded: Model) -> Mapping[Head, Vector] | None:
    """Each head's mean output over `corpus`; None until it is measured."""
    atlas = shipped_atlas(loaded)
    if atlas is None and (found := corpus(loaded)) is not None:
        done = job(measuring_means(loaded, found))
        atlas = done.latest if done is not None and done.status == "done" else None
    return None if atlas is None else atlas.means


def measuring_means(loaded: Model, on: Corpus) -> JobSpec:
    """The work that finds them, where no shipped table has them."""
    return measuring(loaded, on.text, on.name)
