"""Steps, linked matrices, a picker and the paper's drawing, in the browser, from arrays.

Uses the lens's modules for colours, numbers and pixels; `payload` describes what is drawn.
"""

from .component import linked, picker, places, step

__all__ = ["linked", "picker", "places", "step"]
