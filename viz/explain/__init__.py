"""The words and formulas of a walk through one head: `model.analysis.walk` has its numbers.

Each step of a walk has a name; a file of this folder says for each of them what happens, by which
formula, and what that means for the tokens at hand.
"""

from __future__ import annotations

from headlight.model.analysis.walk import Place, Step

from . import blocks, ending, fronts, scores, vectors
from .explanation import Explanation

STAGES = {
    "vectors": "Two vectors",
    "projections": "Query, key and value",
    "score": "The score",
    "weight": "The weight",
    "head": "What the head hands on",
    "layer": "The rest of the layer",
    "next": "On to the next token",
}
"""The headings of the parts of a walk."""

EXPLAIN = {
    **fronts.EXPLAIN,
    **vectors.EXPLAIN,
    **scores.EXPLAIN,
    **blocks.EXPLAIN,
    **ending.EXPLAIN,
}
"""By the name of a step: what makes its words, from where the walk is and the step itself."""


def explain(place: Place, step: Step) -> Explanation:
    """What a step is called, its formula, and one sentence about it."""
    return EXPLAIN[step.name](place, step)


__all__ = ["EXPLAIN", "STAGES", "Explanation", "explain"]
