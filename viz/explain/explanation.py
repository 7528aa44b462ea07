"""What is said of one step, and what the sentences and formulas of all steps share."""

from __future__ import annotations

from dataclasses import dataclass

from headlight.model.analysis.walk import Part, Place
from headlight.model.run.arrays import Array
from headlight.model.run.tokens import Tokens

from ..labels import row_names, token_names


@dataclass(frozen=True)
class Explanation:
    """The words of one step.

    Args:
        title: what happens, in a few words.
        formula: KaTeX.
        sentence: one plain sentence (plain text; it may hold what a person typed).
        numbers: KaTeX with this cell's numbers put in, where they fit on a line.
    """

    title: str
    formula: str
    sentence: str
    numbers: str = ""


def quoted(tokens: Tokens, i: int) -> str:
    """“chat”, a token as a sentence names it."""
    return f"“{token_names(tokens)[i]}”"


def query_name(place: Place) -> str:
    """“black”, the token of a row of the encoder; “Le → chat”, a row of the decoder."""
    return f"“{row_names(place.trace, place.cell.kind)[place.cell.query]}”"


def key_name(place: Place) -> str:
    """The token of the column."""
    return quoted(place.keys, place.cell.key)


def shown(value: Array | float) -> str:
    """Three decimals, for KaTeX."""
    return f"{float(value):.3f}"


def signed(value: Array | float) -> str:
    """Three decimals, a negative number in brackets, for KaTeX."""
    return f"({shown(value)})" if float(value) < 0 else shown(value)


def norm_formula(beta: Part | None) -> str:
    """KaTeX of a layer norm, or of root mean square where there is no β."""
    if beta is None:
        return r"\operatorname{RMS}(x) = \gamma \odot \frac{x}{\sqrt{\overline{x^2} + \epsilon}}"
    return r"\operatorname{LN}(x) = \gamma \odot \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"
