"""A weighted sum of values: what a row of attention is for."""

from __future__ import annotations

from headlight.model.network.attention import attention

from ..labels import head_name, row_phrase, token_names, token_noun
from .base import Lesson, Link, Scene, Screen
from .choose import cell_address, divided_row, most_divided_head, pick_row, rows_by_interest
from .parts import choice_question, notes
from .tokens import MAX_DRAWN, around, columns, cut, numbers, rows

IDEA = """
Now that each token has a weight, what is it a weight *of*? Every token has a third list of
numbers, its **value**: “this is what I tell you if you look at me.”

Multiply each value by its weight and add them all up. That **weighted sum** is what the query
gets: mostly the values of the tokens with high weights, and a little of all the others. A token
with a large weight but a tiny value still says little.
"""
DO = (
    "Choose another row. Each line is value × weight; the line at the bottom is their sum. When "
    "one weight is near 1, the sum looks just like that {token}'s value."
)
TERM = r"""
For all queries at once, the lists are stacked into matrices $Q$, $K$, $V$, and the whole of
lessons 2 to 4 is

$$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{QK^T}{\sqrt{d_{head}}}\right) V$$

$QK^T$ holds the score of every query with every key; softmax works along its rows; multiplying by
$V$ makes one weighted sum for each row. No query waits for another: that is why it is fast on
hardware that multiplies matrices.
"""
KIND = "cross"


def build(scene: Scene) -> Screen:
    """Values times weights, row by row; what each token adds in one row is hidden."""
    trace = scene.trace
    layer, head = most_divided_head(trace, KIND)
    record = trace.attention[KIND][layer]
    divided = divided_row(trace, KIND, layer, head)
    others = [row for row in rows_by_interest(trace, KIND, layer, head) if row != divided]
    row = pick_row([divided, *others], scene.turn, MAX_DRAWN)
    queries, keys = trace.queries(KIND), trace.keys(KIND)
    part = around(record.norm_weighted[head, row])
    picture = {
        "type": "mix",
        "rows": rows(trace, KIND),
        "columns": columns(trace, KIND, part),
        "weights": numbers(record.pattern[head, :MAX_DRAWN, part]),
        "v": numbers(record.v[head, part]),
        "z": numbers(record.z[head, :MAX_DRAWN]),
        "start": row,
        "note": notes(
            cut(queries, "rows"),
            cut(keys, f"{token_noun(keys)}s", part),
            "The sum at the bottom is over all of them." if len(keys) > MAX_DRAWN else "",
        ),
    }
    question = choice_question(
        token_names(keys)[part],
        record.norm_weighted[head, row, part],
        f"{row_phrase(trace, KIND, row)}: which {token_noun(keys)} puts most into the sum?",
        "weight × length of the value after W_O, ‖αf(x)‖",
        "Weight is not everything: the length of the list that it multiplies counts too.",
        high=None,
        what=token_noun(keys),
    )
    look = (
        f"Head {head_name(layer, head)} of cross-attention: each value, faded by its weight, and "
        "their sum. Look at which line the sum resembles."
    )
    address = {"section": "follow", **cell_address(trace, KIND, layer, head, row)}
    link = Link(("inside", "explore"), "Follow the sum inside this head", address)
    return Screen(KIND, picture, question, look, link)


LESSON = Lesson("weighted-sum", "A weighted sum of values", IDEA, DO, build, TERM, attention)
