"""The figures inside a head draw what they are given, and token text is never markup."""

from __future__ import annotations

import numpy as np
import pytest

from headlight.viz import theme
from headlight.viz.figures.attribution import attribution_bars
from headlight.viz.figures.embeddings import MAX_NAMES, embedding_map
from headlight.viz.figures.lens_table import lens_table
from headlight.viz.figures.positions import position_map, wave_lines


def test_the_lens_table_shows_tokens_and_probabilities_of_each_depth() -> None:
    probs = np.array([[[0.5, 0.2]], [[0.9, 0.05]]])  # [depth, position, k]
    best = [[["▁<b>", "x"]], [["chat", "y"]]]
    figure = lens_table(probs, best, ["0 · le → chat"], ["embedding", "after L0"], chosen=0)
    heat, words = figure.data
    np.testing.assert_array_equal(heat.z, [[0.5, 0.9]])
    assert list(words.text) == ["&lt;b&gt;", "chat"]
    assert list(words.x) == [0, 1]
    assert heat.customdata[0][1] == "chat  0.900<br>y  0.050"
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert len(figure.layout.shapes) == 1


def test_bars_hold_every_part_and_sum_to_the_whole() -> None:
    values = [0.5, -2.0, 1.0, 0.25]
    groups = ["cross", "mlp", "decoder_self", "bias"]
    figure = attribution_bars(["a", "b", "c", "d"], values, groups, title="logit", most=2)
    drawn = {y: x for bar in figure.data for y, x in zip(bar.y, bar.x, strict=True)}
    assert drawn == {"b": -2.0, "c": 1.0, "the other 2": 0.75}
    low, high = figure.layout.xaxis.range
    assert (low, high) == pytest.approx((-2.54, 1.54)), "room for a number at either end"
    assert {bar.textposition for bar in figure.data} == {"outside"}
    assert sum(drawn.values()) == sum(values)
    assert list(figure.layout.yaxis.categoryarray) == ["the other 2", "c", "b"]
    heads = next(bar for bar in figure.data if "c" in bar.y)
    assert heads.marker.color == theme.KIND_COLOURS["decoder_self"]


def test_embeddings_are_drawn_where_they_are_and_marked() -> None:
    points = np.arange(12, dtype=float).reshape(4, 3)
    pieces = ["<eos>", "▁the", "▁cat", "s"]
    flat = embedding_map(points[:, :2], np.array([0.5, 0.25]), pieces, {"source": [2, 0]})
    everything, marked = flat.data
    np.testing.assert_array_equal(everything.x, points[:, 0])
    np.testing.assert_array_equal(marked.y, points[[2, 0], 1])
    assert list(marked.text) == ["cat", "‹eos›"]
    assert list(marked.hovertext) == ["cat", "&lt;eos&gt;"]
    assert everything.type == marked.type == "scattergl", "the vocabulary would cover the marks"
    assert "50.0% of the variance" in flat.layout.xaxis.title.text
    solid = embedding_map(points, np.array([0.5, 0.25, 0.1]), pieces, {"found": [1], "target": []})
    assert [data.type for data in solid.data] == ["scatter3d", "scatter3d"]
    assert solid.data[0].text[0] == "‹eos›"


def test_many_marked_tokens_are_named_on_hover_only() -> None:
    n = MAX_NAMES + 1
    points = np.zeros((n, 2))
    figure = embedding_map(points, np.ones(2) / 2, ["x"] * n, {"found": list(range(n))})
    assert figure.data[1].text is None
    assert len(figure.data[1].hovertext) == n


def test_positions_are_drawn_on_their_fixed_scale() -> None:
    table = np.sin(np.arange(20.0)).reshape(5, 4)
    heat = position_map(table).data[0]
    np.testing.assert_array_equal(heat.z, table)
    assert (heat.zmin, heat.zmax) == (-1, 1)
    lines = wave_lines(table, (0, 2)).data
    np.testing.assert_array_equal(lines[1].y, table[:, 2])
