"""What a checkpoint leaves to whoever runs it: languages, or the task that a prefix names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..decoding.rules import Rules
    from .any_tokenizer import AnyTokenizer


@dataclass(frozen=True)
class Choice:
    """One thing to choose, its values taken from the checkpoint's files.

    Args:
        name: as `Model.choose` takes it, such as "target_language".
        title: as a page names it.
        values: what may be chosen.
        default: what is, unless told otherwise.
    """

    name: str
    title: str
    values: tuple[str, ...]
    default: str


@dataclass(frozen=True, eq=False)
class Choices:
    """All choices of a checkpoint, and what they make of its vocabulary and rules."""

    all: tuple[Choice, ...] = ()
    apply: Callable[[Mapping[str, str]], tuple[AnyTokenizer, Rules]] | None = None

    def complete(self, chosen: Mapping[str, str]) -> dict[str, str]:
        """A value for every choice.

        Raises:
            ValueError: a choice or a value that there is not; says which there are.
        """
        known = {one.name: one for one in self.all}
        for name, value in chosen.items():
            if name not in known:
                there = ", ".join(known) or "nothing"
                raise ValueError(f"“{name}” cannot be chosen for this model; {there} can.")
            if value not in known[name].values:
                few = ", ".join(known[name].values[:8])
                raise ValueError(f"There is no {known[name].title} “{value}”. There are: {few} …")
        return {one.name: chosen.get(one.name, one.default) for one in self.all}
