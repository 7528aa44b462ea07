"""A query meets keys: dot products of the vectors of a real head."""

from __future__ import annotations

from ..labels import head_name, row_phrase, score_name, token_names
from . import reasons
from .base import Lesson, Link, Scene, Screen
from .choose import cell_address, most_informative_head, pick_row, rows_by_interest
from .parts import choice_question, notes
from .tokens import MAX_DRAWN, around, columns, cut, numbers, rows

IDEA = """
How does a word know where to look? It asks a question. Each word makes a short list of numbers,
its **query**: “this is what I am looking for.” Every word that can be looked at offers another
list, its **key**: “this is what I have.”

Where query and key point the same way, the two fit. The fit is one number, the **dot product**:
multiply the lists number by number and add up. Same signs add, different signs take away. A high
**score** says: look here.
"""
DO = (
    "Choose another query (the buttons above the picture) and watch the scores change. Find a "
    "key whose colours match the query's: its score is high. Where the colours are opposite, it "
    "is low."
)
TERM = r"""
The score of query $q$ and key $k_i$ is their scaled dot product, with $d_{head}$ numbers in each
(the paper's $d_k$):

$$s_i = \frac{q \cdot k_i}{\sqrt{d_{head}}}$$

Long lists make large sums; dividing by $\sqrt{d_{head}}$ keeps the scores in a range where the next
step works well.
"""
KIND = "cross"


def build(scene: Scene) -> Screen:
    """One head's queries, keys and scores; the scores of one row hidden."""
    trace = scene.trace
    layer, head = most_informative_head(scene, KIND)
    record = trace.attention[KIND][layer]
    row = pick_row(rows_by_interest(trace, KIND, layer, head), scene.turn, MAX_DRAWN)
    queries, keys = trace.queries(KIND), trace.keys(KIND)
    part = around(record.raw_scores[head, row])
    scores = record.raw_scores[head, :MAX_DRAWN, part]
    picture = {
        "type": "dot",
        "rows": rows(trace, KIND),
        "columns": columns(trace, KIND, part),
        "q": numbers(record.q[head, :MAX_DRAWN]),
        "k": numbers(record.k[head, part]),
        "scores": numbers(scores),
        "divided": float(record.scale) != 1,
        "hidden": [row],
        "note": notes(cut(queries, "queries"), cut(keys, "keys", part)),
    }
    question = choice_question(
        token_names(keys)[part],
        scores[row],
        f"{row_phrase(trace, KIND, row)}: which key fits the query best?",
        f"score {score_name(record)}",
        reasons.of_row(scene, KIND, layer, head, row),
        low=min(0.0, float(scores[row].min())),
        high=None,
        what="key",
    )
    look = (
        f"Head {head_name(layer, head)} of cross-attention: one query on top, all keys below it. "
        "Look for the key with the same colours in the same places."
    )
    address = {"section": "follow", **cell_address(trace, KIND, layer, head, row)}
    link = Link(("inside", "explore"), "Follow these numbers one by one", address)
    return Screen(KIND, picture, question, look, link)


LESSON = Lesson("similarity", "A query meets keys", IDEA, DO, build, TERM)
