"""Decoding strategies. A new one: write its file, name it in `STRATEGIES`."""

from .greedy import Greedy
from .stepper import Hypothesis, Stepper, Strategy

STRATEGIES = {"greedy": Greedy}


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


__all__ = ["STRATEGIES", "Greedy", "Hypothesis", "Stepper", "Strategy", "strategy"]
