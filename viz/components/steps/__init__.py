"""The step view: decoding one step at a time, under the hand, without a trip to the server."""

from .component import steps
from .payload import Branch, Comparison, encode_steps

__all__ = ["Branch", "Comparison", "encode_steps", "steps"]
