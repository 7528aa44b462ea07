"""The type of the numbers of a run."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
