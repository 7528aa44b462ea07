"""CSV: text of others stays text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest

from headlight.model.analysis.heads.per_sentence import SCHEMA, join_pieces, keep_piece
from headlight.model.cells import as_text, texts_as_text, to_csv

ODD = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("text", ODD)
def test_what_would_be_computed_has_an_apostrophe(text: str) -> None:
    assert as_text(text) == f"'{text}"
    assert texts_as_text(pa.table({"a": [text], "n": [-1.0]})).to_pydict() == {
        "a": [f"'{text}"],
        "n": [-1.0],
    }
    (row,) = csv.DictReader(io.StringIO(to_csv([{"text": text, "n": -1.0}]), newline=""))
    assert row == {"text": f"'{text}", "n": "-1.0"}


def test_other_text_stays_as_it_is() -> None:
    for text in ("", "a=1", "1-1", "'=1", "it’s", "ça va"):
        assert as_text(text) == text
        assert texts_as_text(pa.table({"a": [text]})).to_pydict() == {"a": [text]}
    assert texts_as_text(pa.table({"a": [None, "=1"]})).to_pydict() == {"a": [None, "'=1"]}


def test_the_rows_of_sentences_as_csv(tmp_path: Path) -> None:
    row = {"source": "=1+1", "output": "-x", "kind": "cross", "layer": 0, "head": 1}
    keep_piece(tmp_path, "one", [row])
    out = tmp_path / "rows.csv"
    join_pieces(tmp_path, ["one"], out)
    (found,) = csv.DictReader(out.open(encoding="utf-8"))
    assert (found["source"], found["output"], found["kind"]) == ("'=1+1", "'-x", "cross")
    keep = tmp_path / "rows.parquet"
    join_pieces(tmp_path, ["one"], keep)
    import pyarrow.parquet as pq

    assert pq.read_table(keep, schema=SCHEMA)["source"].to_pylist() == ["=1+1"]
