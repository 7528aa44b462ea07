"""Sentences of our own, made from word lists and frames, for what the corpus has too little of.

Training draws them anew in every epoch. They stand apart from the corpus and its licence: the word
lists, frames and translations of this folder were written for this project and are dedicated to the
public domain (CC0 1.0), so that they can be used elsewhere as well.
"""

from __future__ import annotations

from random import Random

from .agreement import agreement
from .clauses import clauses
from .copies import copies
from .forms import forms
from .school import school
from .senses import senses

Pair = tuple[str, str]

MAKERS = (agreement, clauses, copies, forms, school, senses)
SHARES = (3, 2.5, 8, 2, 5, 2.5)
"""How often each is asked, against each other."""


def phrase(random: Random) -> Pair:
    """One English sentence and its French."""
    maker = random.choices(MAKERS, SHARES)[0]
    return maker(random)
