"""What heads do, and which source word an output word came from, as tables and figures.

    from headlight import analysis

    analysis.heads.table(model, lines)        # every metric of every head over a corpus
    analysis.heads.map(table, "aer", "cross") # the same as a picture
    analysis.attribution(model, "c a b")      # from every word written to every source word
    analysis.findings(model, lines, gold)     # how good each of these ways is, with intervals
    analysis.pruning(model, table, held)      # heads removed one by one
    analysis.effect(model, "c a b", edits)    # what edits do to each token that was written
    analysis.ablation(model, "c a b", heads)  # what each token loses without some heads
    analysis.patching(model, "a", "b", 0)     # which part of one run carries what differs
    analysis.steered(model, "c a b", …)       # what is written as a direction is added
    analysis.beam(model, "c a b")             # a search with everything that it weighed
    analysis.training(model)                  # every head over the model's own training
    analysis.shipped_heads(model)             # what was measured beforehand, also
                                              # _pruning and _findings

Tables are `pandas.DataFrame`s (of `heads.table`: `.to_pandas()`), figures are plotly's. Where a
source is asked for, the trace of a run will do as well.
"""

from . import heads
from .changes import (
    ablation,
    ablation_bars,
    effect,
    patching,
    patching_map,
    paths,
    steered,
)
from .runs import (
    beam,
    beam_tree,
    candidates,
    embeddings,
    embeddings_map,
    logit_parts,
    logit_parts_bars,
    losses,
    losses_strip,
)
from .shipped import shipped_findings, shipped_heads, shipped_pruning
from .sources import attribution, attribution_bars, attribution_map, contributions, findings
from .steps import aligned, logit_lens, logit_lens_map, pruning, pruning_curves, pruning_table
from .trainings import curve, training, training_lines

__all__ = [
    "ablation",
    "ablation_bars",
    "aligned",
    "attribution",
    "attribution_bars",
    "attribution_map",
    "beam",
    "beam_tree",
    "candidates",
    "contributions",
    "curve",
    "effect",
    "embeddings",
    "embeddings_map",
    "findings",
    "heads",
    "logit_lens",
    "logit_lens_map",
    "logit_parts",
    "logit_parts_bars",
    "losses",
    "losses_strip",
    "patching",
    "patching_map",
    "paths",
    "pruning",
    "pruning_curves",
    "pruning_table",
    "shipped_findings",
    "shipped_heads",
    "shipped_pruning",
    "steered",
    "training",
    "training_lines",
]
