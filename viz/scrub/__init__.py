"""A browser component to move through a training: slider, curves, heads and output at each step.

scrub(encode(film, curve=recording.curve), key="film")
"""

from .component import scrub
from .payload import encode

__all__ = ["encode", "scrub"]
