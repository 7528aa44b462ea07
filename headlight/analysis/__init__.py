"""What heads do, and which source word an output word came from, as tables and figures.

    from headlight import analysis

    analysis.heads.table(model, lines)        # every metric of every head over a corpus
    analysis.heads.map(table, "aer", "cross") # the same as a picture
    analysis.attribution(model, "c a b")      # from every word written to every source word
    analysis.findings(model, lines, gold)     # how good each of these ways is, with intervals
    analysis.pruning(model, table, held)      # heads removed one by one
    analysis.ablation(model, "c a b", heads)  # what each token loses without some heads
    analysis.patching(model, into, source, 0) # which part of one run carries what differs
    analysis.training(model)                  # every head over the model's own training

Tables are `pandas.DataFrame`s (of `heads.table`: `.to_pandas()`), figures are plotly's.
"""

from . import heads
from .runs import (
    ablation,
    ablation_bars,
    candidates,
    embeddings,
    embeddings_map,
    logit_parts,
    logit_parts_bars,
    losses,
    losses_strip,
    patching,
    patching_map,
)
from .sources import attribution, attribution_bars, attribution_map, contributions, findings
from .steps import aligned, logit_lens, logit_lens_map, pruning, pruning_curves, pruning_table
from .trainings import training, training_lines

__all__ = [
    "ablation",
    "ablation_bars",
    "aligned",
    "attribution",
    "attribution_bars",
    "attribution_map",
    "candidates",
    "contributions",
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
    "pruning",
    "pruning_curves",
    "pruning_table",
    "training",
    "training_lines",
]
