"""A browser component to move through a training: slider, curves, heads and output at each step.

training_player(encode(history, curve=recording.curve), key="recording")
"""

from .component import training_player
from .payload import encode

__all__ = ["encode", "training_player"]
