"""A list of edits as one line of text, some of which say where their numbers come from.

A patch of one block holds thousands of numbers: too many for a link. So beside the items of
`Edits.to_text`, a list may hold recipes, which a run turns into numbers:

    swap.z.cross.1.3.all:word,<text>          a cell of a patching map, from the run of <text>
    swap.z.cross.1.3.all:word;;same,<text>    … which is given the tokens of the patched run
    path.cross.0.1.cross.1.3:word,<text>      one path, from head to head
    noise.1_2:3,0                             noise of 3 standard deviations on positions, seed 0
    toward.decoder.3.all:2,token,<text>       2 × a direction
    mean.cross.1.3                            a head at its mean output

<text> is base64 of UTF-8, as its letters may not stand in an item.
"""

from ..patching import Cell
from .steps import (
    DIRECTIONS,
    HEAD,
    SENTENCES,
    TOKEN,
    Maker,
    Mean,
    Noise,
    Path,
    Plain,
    Step,
    Swap,
    Toward,
    cell_name,
    short,
    token_id,
)
from .text import SEPARATOR, made, pairing_of, read, split, with_same_tokens

__all__ = [
    "DIRECTIONS",
    "HEAD",
    "SENTENCES",
    "SEPARATOR",
    "TOKEN",
    "Cell",
    "Maker",
    "Mean",
    "Noise",
    "Path",
    "Plain",
    "Step",
    "Swap",
    "Toward",
    "cell_name",
    "made",
    "pairing_of",
    "read",
    "short",
    "split",
    "token_id",
    "with_same_tokens",
]
