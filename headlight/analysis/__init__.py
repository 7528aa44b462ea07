"""What heads do, and which source word an output word came from, as tables and figures.

    from headlight import analysis

    analysis.heads.table(model, lines)        # every metric of every head over a corpus
    analysis.heads.map(table, "aer", "cross") # the same as a picture
    analysis.attribution(model, "c a b")      # from every word written to every source word
    analysis.findings(model, lines, gold)     # how good each of these ways is, with intervals
    analysis.pruning(model, table, held)      # heads removed one by one

Tables are `pandas.DataFrame`s (of `heads.table`: `.to_pandas()`), figures are plotly's.
"""

from . import heads
from .sources import attribution, attribution_map, contributions, findings
from .steps import aligned, logit_lens, pruning, pruning_curves

__all__ = [
    "aligned",
    "attribution",
    "attribution_map",
    "contributions",
    "findings",
    "heads",
    "logit_lens",
    "pruning",
    "pruning_curves",
]
