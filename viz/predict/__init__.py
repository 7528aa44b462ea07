"""Pictures and questions in the browser: guess first, then see the model's numbers."""

from .component import board

__all__ = ["board"]
