"""Gold alignment files: what is read, and what is refused with its line number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from headlight import analysis
from headlight.model import Model
from headlight.model.analysis.alignment.gold import (
    GoldError,
    join,
    on_tokens,
    parse_gold,
    read_gold,
    traced,
)
from headlight.model.analysis.heads.totals import of_gold

GOOD = "one\ta b c\tc b a\t0-2 1p1 2-0"


def test_a_pair_is_read() -> None:
    (pair,) = parse_gold(["# a remark", "", GOOD], "gold.tsv")
    assert (pair.source, pair.target) == (("a", "b", "c"), ("c", "b", "a"))
    assert pair.sure == {(2, 0), (0, 2)}  # (target, source)
    assert pair.possible == {(2, 0), (1, 1), (0, 2)}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("one\ta b\tb a\t0-1 2-0", "source token 2, but there are 2"),
        ("one\ta b\tb a\t0-5", "target token 5, but there are 2"),
        ("one\ta b\tb a\t0:1", "“0:1” is not a link"),
        ("one\ta b\tb a\t", "no links"),
        ("one\t\tb a\t0-0", "no source tokens"),
        ("one\ta b\tb a", "3 fields instead of 4"),
    ],
)
def test_a_line_that_does_not_fit_is_named_with_its_number(line: str, said: str) -> None:
    with pytest.raises(GoldError, match=f"gold.tsv, line 3: .*{said}"):
        parse_gold([GOOD, "# a remark", line], "gold.tsv")


def test_files_that_hold_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "gold.tsv"
    empty.write_text("# nothing\n")
    with pytest.raises(GoldError, match="no aligned sentence pair"):
        read_gold(empty)
    with pytest.raises(GoldError, match="cannot be read"):
        read_gold(tmp_path / "missing.tsv")


def test_a_mark_at_the_start_of_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    marked = tmp_path / "gold.tsv"
    marked.write_text(f"# a remark\n{GOOD}\n", encoding="utf-8-sig")
    assert [pair.name for pair in read_gold(marked)] == ["one"]


def test_tokens_are_joined_as_one_writes() -> None:
    text, spans = join(["Le", "chat", "l'", "a", "vu", "."])
    assert text == "Le chat l'a vu."
    assert [text[a:b] for a, b in spans] == ["Le", "chat", "l'", "a", "vu", "."]


def test_links_land_on_the_models_tokens_and_are_measured(tiny: Model) -> None:
    (pair,) = parse_gold([GOOD], "gold.tsv")
    source, target, alignment = on_tokens(pair, tiny)
    assert (source, target) == ("a b c", "c b a")
    assert alignment.sources == ((0,), (1,), (2,))
    totals = of_gold(tiny, [pair])
    sums = totals.sums["aer", "cross"]
    assert (sums.count == 3 + 2).all()
    assert ((sums.value >= 0) & (sums.value <= 1)).all()


def test_links_stand_behind_what_every_target_begins_with(tiny: Model) -> None:
    """Such as the target's language, of mBART-50, M2M100 and NLLB."""
    rules = replace(tiny.rules, begins_with=((7,), (8,)))
    told = Model("told", tiny.network, tiny.tokenizer, rules=rules)
    ((_, trace, alignment),) = traced(told, parse_gold([GOOD], "gold.tsv"))
    assert trace.tgt_out.ids[:2] == (7, 8)
    assert [trace.tgt_out.pieces[i] for (i,) in alignment.targets] == ["c", "b", "a"]


def test_pairs_that_the_model_cannot_read_are_counted(tiny: Model) -> None:
    good, foreign = parse_gold([GOOD, "two\tThe cat\tLe chat\t0-0 1-1"], "gold.tsv")
    assert of_gold(tiny, [good, foreign]).skipped == {"gold pair the model cannot read": 1}
    assert of_gold(tiny, [good]).skipped == {}
    table = analysis.heads.table(tiny, ["a b c"], metrics=["aer"], gold=[good, foreign])
    assert table.gold == "1 hand-aligned pairs"
    found = analysis.findings(tiny, ["a b c"], [good, foreign], "attention")
    assert found.pairs.tolist() == [1] * len(found)
    with pytest.raises(ValueError, match="none of the 1 gold pairs"):
        of_gold(tiny, [foreign])
    with pytest.raises(ValueError, match="none of the 1 gold pairs"):
        analysis.findings(tiny, ["a b c"], [foreign], "attention")
