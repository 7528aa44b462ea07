"""Badges: short names for what a head does, from stated thresholds on its measures."""

from __future__ import annotations

from dataclasses import dataclass

from ...network.config import KINDS
from ...run.edits import Head
from .metrics import get_metric
from .table import HeadTable


@dataclass(frozen=True)
class Badge:
    """A name that a head gets when one of its measures is beyond a threshold.

    Args:
        title: the name.
        slug: the measure.
        at_least, at_most: the threshold; exactly one of the two.
        beats_diagonal: the value must also lie below that of the diagonal.
        kinds: the kinds of attention that can get it.
    """

    title: str
    slug: str
    at_least: float | None = None
    at_most: float | None = None
    kinds: tuple[str, ...] = KINDS
    beats_diagonal: bool = False

    def fits(self, value: float) -> bool:
        """Whether the value is beyond the threshold; NaN never is."""
        if self.at_least is not None:
            return value >= self.at_least
        return self.at_most is not None and value <= self.at_most

    def earned(self, table: HeadTable, head: Head) -> bool:
        """Whether a head of a table gets the badge."""
        value = table.value(self.slug, head)
        if head[0] not in self.kinds or not self.fits(value):
            return False
        if not self.beats_diagonal:
            return True
        return value < table.baseline(self.slug, head[0], "diagonal")

    @property
    def rule(self) -> str:
        """The rule in words, such as `weight on previous token ≥ 0.500`."""
        sign, bound = ("≥", self.at_least) if self.at_least is not None else ("≤", self.at_most)
        rule = f"{get_metric(self.slug).title} {sign} {bound:.3f}"
        if self.beats_diagonal:
            rule += " and below that of the diagonal"
        return rule


BADGES: tuple[Badge, ...] = (
    Badge("previous token", "previous", at_least=0.5),
    Badge("same token", "same", at_least=0.5),
    Badge("next token", "next", at_least=0.5),
    Badge("first token", "first", at_least=0.5),
    Badge("last token", "last", at_least=0.5, kinds=("encoder_self", "cross")),
    Badge("punctuation", "punctuation", at_least=0.5),
    Badge("idle (special tokens)", "special", at_least=0.5),
    Badge("aligner", "aer", at_most=0.5, kinds=("cross",), beats_diagonal=True),
    Badge(
        "aligner of the word read",
        "aer_shifted",
        at_most=0.5,
        kinds=("cross",),
        beats_diagonal=True,
    ),
    Badge("left to right", "monotonicity", at_least=0.7, kinds=("cross",)),
    Badge("right to left", "monotonicity", at_most=0.2, kinds=("cross",)),
    Badge("sharp", "confidence", at_least=0.8),
    Badge("output depends on it", "sensitivity", at_least=0.1),
)


def badges(atlas: HeadTable) -> dict[Head, list[Badge]]:
    """The badges of every head that has any."""
    given = {
        head: [badge for badge in BADGES if badge.earned(atlas, head)] for head in atlas.heads()
    }
    return {head: found for head, found in given.items() if found}
