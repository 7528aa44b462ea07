"""A browser component to move through a training: slider, curves, heads and output at each step.

scrub(film, curve=recording.curve, title="English to French")
"""

from .component import scrub
from .payload import encode

__all__ = ["encode", "scrub"]
