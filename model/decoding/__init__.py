"""Decoding strategies. A new one: write its file, name it in `STRATEGIES`."""

from .beam import Beam
from .forks import Fork, Forks
from .given import Given
from .greedy import Greedy
from .sampling import Sampling
from .stepper import Hypothesis, Stepper, Strategy
from .tree import BeamTree, Node

STRATEGIES: dict[str, type[Greedy] | type[Sampling] | type[Beam]] = {
    "greedy": Greedy,
    "sampling": Sampling,
    "beam": Beam,
}


def strategy(name_or_value: str | Strategy) -> Strategy:
    """A strategy by its name, with its default options; a value is returned as it is.

    Raises:
        ValueError: there is none of that name; says which there are.
    """
    if not isinstance(name_or_value, str):
        return name_or_value
    if name_or_value not in STRATEGIES:
        raise ValueError(
            f"There is no strategy “{name_or_value}”. There are: {', '.join(STRATEGIES)}."
        )
    return STRATEGIES[name_or_value]()


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
    "Sampling",
    "Stepper",
    "Strategy",
    "strategy",
]
