"""One `Edits` for each row of a batch, so that many interventions take one pass."""

from __future__ import annotations

from dataclasses import dataclass

from .value import SWITCHES, Edits


@dataclass(frozen=True)
class EditsPerRow:
    """Row i of the batch runs under `rows[i]`.

    What concerns the whole pass (layers skipped, the four switches) must be the same in all rows.

    Raises:
        ValueError: no rows, or rows that differ in one of these.
    """

    rows: tuple[Edits, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("There are no rows to edit.")
        for name in ("skip", *SWITCHES):
            if len({getattr(row, name) for row in self.rows}) > 1:
                raise ValueError(f"In one batch {name} must be the same for all rows.")

    def __bool__(self) -> bool:
        return any(self.rows)

    @property
    def skip(self) -> frozenset[tuple[str, int]]:
        """The layers passed by in every row."""
        return self.rows[0].skip

    @property
    def causal_mask(self) -> bool:
        """As in every row."""
        return self.rows[0].causal_mask

    @property
    def positions(self) -> bool:
        """As in every row."""
        return self.rows[0].positions

    @property
    def scale(self) -> bool:
        """As in every row."""
        return self.rows[0].scale

    @property
    def cross_attention(self) -> bool:
        """As in every row."""
        return self.rows[0].cross_attention


AnyEdits = Edits | EditsPerRow
