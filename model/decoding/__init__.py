"""Decoding strategies. A new one: write its file, name it in `STRATEGIES`."""

from .beam import Beam
from .forks import Fork, Forks
from .given import Given
from .greedy import Greedy
from .sampling import Sampling
from .stepper import Hypothesis, NotFinite, Offered, Stepper, Strategy
from .tree import BeamTree, Node

STRATEGIES: dict[str, type[Offered]] = {
    "greedy": Greedy,
    "sampling": Sampling,
    "beam": Beam,
}


def strategy(name_or_value: str | Strategy) -> Strategy:
    """A strategy by its name, with its default options; a value is returned as it is.

    Raises:
        ValueError: there is none of that name, or it is no strategy; says which there are.
    """
    if isinstance(name_or_value, str) and name_or_value in STRATEGIES:
        return STRATEGIES[name_or_value]()
    if isinstance(name_or_value, str | type) or not hasattr(name_or_value, "label"):
        raise ValueError(
            f"There is no strategy “{name_or_value}”. There are: {', '.join(STRATEGIES)}; or give "
            "one with its options, such as Beam(size=4)."
        )
    return name_or_value


__all__ = [
    "STRATEGIES",
    "Beam",
    "BeamTree",
    "Fork",
    "Forks",
    "Given",
    "Greedy",
    "Hypothesis",
    "Node",
    "NotFinite",
    "Offered",
    "Sampling",
    "Stepper",
    "Strategy",
    "strategy",
]
