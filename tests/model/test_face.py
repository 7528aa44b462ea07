"""How traces, tokens and models show themselves, and attention as a tidy table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import headlight
from headlight.model import Edits, Model
from headlight.model.network.config import KINDS


def test_each_shows_itself_on_one_line(tiny: Model) -> None:
    trace = tiny.teacher_force("a b c d e f g h i j k l m n o p", "c b a")
    shown = repr(trace)
    assert shown.startswith("Trace(reverse: “a b c d e f")
    assert "” → “c b a”, 17 source and 4 target tokens" in shown
    assert repr(trace.tgt_out) == "Tokens(“c b a”: “c b a <eos>”, 4 tokens)"
    assert repr(tiny).startswith("Model(reverse: 3 + 2 layers, 2 heads, d_model 16, ")
    assert tiny.digest in repr(tiny)
    for one in (trace, trace.src, tiny):
        assert "\n" not in repr(one)
        assert len(repr(one)) < 200
    assert "edited" in repr(tiny.run("a b", edits=Edits(ablate={("cross", 0, 1)})))


def test_records_and_tables_tell_names_and_shapes_in_place_of_numbers(tiny: Model) -> None:
    trace = tiny.teacher_force("a b c", "c b")
    assert repr(trace.attention["cross"][0]) == (
        "AttentionRecord(q [2, 3, 8], k [2, 4, 8], v [2, 4, 8], mask [3, 4], z [2, 3, 8], "
        "value_norm [2, 4], out [3, 16], scale [], pattern [2, 3, 4])"
    )
    assert (
        repr(trace.encoder)
        == "StackRecord(embed [4, 16], pos_embed [4, 16], 3 layers, output [4, 16])"
    )
    assert "mlp_pre [4, 24]" in repr(trace.encoder.layers[0])
    assert "resid_mid_cross" not in repr(trace.encoder.layers[0])
    table = headlight.analysis.heads.table(tiny, ["a b", "b a"], metrics=["entropy", "same"])
    assert repr(table) == "HeadTable(reverse: 14 heads over 2 lines, with entropy, same)"
    found = headlight.analysis.training(headlight.load("reverse"))
    assert repr(found) == "Emergence(12 steps from 0 to 2,500, on 100 fresh inputs)"


def test_attention_is_a_tidy_table(tiny: Model) -> None:
    trace = tiny.teacher_force("a b c", "c b")
    table = trace.to_pandas()
    sizes = {kind: table[table.kind == kind] for kind in KINDS}
    assert len(sizes["cross"]) == 2 * 2 * 3 * 4
    assert len(sizes["decoder_self"]) == 2 * 2 * (1 + 2 + 3)  # no masked cells
    groups = table.groupby(["kind", "layer", "head", "query"]).weight.sum()
    np.testing.assert_allclose(groups, 1, atol=1e-5)
    row = table.query("kind == 'cross' and layer == 1 and head == 0 and query == 1 and key == 2")
    assert row[["query_piece", "written", "key_piece"]].values.tolist() == [["c", "b", "c"]]
    expected = trace.attention["cross"][1].pattern[0, 1, 2]
    assert row.weight.item() == pytest.approx(float(expected))
    assert set(sizes["encoder_self"].written) == {""}


def test_a_model_is_saved_under_a_plain_name(tiny: Model, tmp_path: Path) -> None:
    headlight.save(tiny, str(tmp_path / "mine"))
    assert headlight.load(tmp_path / "mine").config == tiny.config
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="No folder can be made"):
        headlight.save(tiny, tmp_path / "file" / "mine")
    with pytest.raises(ValueError, match="path of a folder is taken, not 3"):
        headlight.save(tiny, 3)  # type: ignore[arg-type]
