"""Checkpoints as the Hugging Face hub lays them out: one family a file, named in `FAMILIES`."""

from __future__ import annotations

from .bart import BART
from .family import Family
from .m2m100 import M2M100
from .marian import MARIAN
from .mbart import MBART
from .pegasus import PEGASUS
from .t5 import T5
from .torch_transformer import TORCH
from .whisper import WHISPER

FAMILIES: tuple[Family, ...] = (MARIAN, BART, MBART, PEGASUS, M2M100, T5, WHISPER, TORCH)
"""Every family that can be opened."""

__all__ = ["FAMILIES", "Family"]
