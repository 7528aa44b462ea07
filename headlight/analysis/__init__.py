"""What heads do, and which source word an output word came from, as tables and figures.

    from headlight import analysis

    analysis.heads.table(model, lines)        # every metric of every head over a corpus
    analysis.heads.map(table, "aer", "cross") # the same as a picture
    analysis.walk(model, "c a b", cell)       # every step from two tokens to one weight
    analysis.matrices(model, "c a b", head)   # Q, K, scores, weights, V and Z of one head
    analysis.attribution(model, "c a b")      # from every word written to every source word
    analysis.findings(model, lines, gold)     # how good each of these ways is, with intervals
    analysis.pruning(model, table, held)      # heads removed one by one
    analysis.effect(model, "c a b", edits)    # what edits do to each token that was written
    analysis.damage(model, edits)             # and to the answers to many inputs
    analysis.ablation(model, "c a b", heads)  # what each token loses without some heads
    analysis.patching(model, "a", "b", 0)     # which part of one run carries what differs
    analysis.steered(model, "c a b", …)       # what is written as a direction is added
    analysis.beam(model, "c a b")             # a search with everything that it weighed
    analysis.strategies(model, "c a b")       # what each way of decoding writes
    analysis.training(model)                  # every head over the model's own training
    analysis.film(model, "c a b")             # what each snapshot of it made of one source
    analysis.shipped_heads(model)             # what was measured beforehand, also
                                              # _pruning and _findings

Tables are `pandas.DataFrame`s (of `heads.table` and `training`: `.to_pandas()`), figures are
plotly's; beside most tables stands the function that draws it. Where a source is asked for, the
trace of a run will do as well. All attention weights of a run are `Trace.to_pandas()`, a head's
picture is `headlight.viz.figures.head_map`.
"""

from . import heads
from .changes import (
    ablation,
    ablation_bars,
    damage,
    effect,
    patching,
    patching_map,
    paths,
    steered,
)
from .films import (
    film,
    film_heads,
    film_lines,
    film_map,
    film_sources,
    film_weights,
)
from .runs import (
    beam,
    beam_tree,
    candidates,
    head_shifts,
    logit_parts,
    logit_parts_bars,
    losses,
    losses_strip,
    strategies,
)
from .shipped import (
    shipped_findings,
    shipped_heads,
    shipped_pruning,
)
from .sources import (
    agreement,
    attribution,
    attribution_bars,
    attribution_map,
    contributions,
    findings,
)
from .steps import (
    aligned,
    logit_lens,
    logit_lens_map,
    pruning,
    pruning_curves,
    pruning_spared,
    pruning_table,
    word_times,
)
from .trainings import (
    curve,
    training,
    training_lines,
)
from .vectors import (
    embeddings,
    embeddings_map,
    neighbours,
    positions,
    positions_map,
)
from .walks import (
    matrices,
    matrices_map,
    walk,
    walk_map,
    walk_numbers,
)

__all__ = [
    "ablation",
    "ablation_bars",
    "agreement",
    "aligned",
    "attribution",
    "attribution_bars",
    "attribution_map",
    "beam",
    "beam_tree",
    "candidates",
    "contributions",
    "curve",
    "damage",
    "effect",
    "embeddings",
    "embeddings_map",
    "film",
    "film_heads",
    "film_lines",
    "film_map",
    "film_sources",
    "film_weights",
    "findings",
    "head_shifts",
    "heads",
    "logit_lens",
    "logit_lens_map",
    "logit_parts",
    "logit_parts_bars",
    "losses",
    "losses_strip",
    "matrices",
    "matrices_map",
    "neighbours",
    "patching",
    "patching_map",
    "paths",
    "positions",
    "positions_map",
    "pruning",
    "pruning_curves",
    "pruning_spared",
    "pruning_table",
    "shipped_findings",
    "shipped_heads",
    "shipped_pruning",
    "steered",
    "strategies",
    "training",
    "training_lines",
    "walk",
    "walk_map",
    "walk_numbers",
    "word_times",
]
