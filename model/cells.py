"""Text in a CSV file stays text: a spreadsheet takes no cell of it for a formula.

A cell that begins with one of these signs would be computed when the file is opened; an apostrophe
before it, which spreadsheets do not show, keeps it what it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import pyarrow as pa
from pyarrow import compute, types

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(cell: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def to_csv(rows: Sequence[Mapping[str, str | float]]) -> str:
    """Rows of the same names as the text of a CSV file."""
    file = io.StringIO()
    names = list(rows[0]) if rows else []
    writer = csv.DictWriter(file, names, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    for row in rows:
        cells = {n: as_text(one) if isinstance(one, str) else one for n, one in row.items()}
        writer.writerow(cells)
    return file.getvalue()


def texts_as_text(table: pa.Table) -> pa.Table:
    """The table, every text in it as `as_text` has it."""
    pattern = f"^([{''.join(FORMULA).replace('-', chr(92) + '-')}])"
    for i, field in enumerate(table.schema):
        if types.is_string(field.type) or types.is_large_string(field.type):
            column = compute.replace_substring_regex(table[i], pattern, "'\\1")
            table = table.set_column(i, field, column)
    return table
