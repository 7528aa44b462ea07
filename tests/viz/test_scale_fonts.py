"""Figures while presenting: all type grows, and nothing else of what is drawn."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from headlight.viz.figures.heads_map import heads_map
from headlight.viz.figures.scale_fonts import scale_fonts


def test_all_type_and_the_room_for_it_grow() -> None:
    values = np.array([[0.25, 0.5], [0.75, 1.0]])
    figure = heads_map(values, kind="cross", title="Sensitivity", low=0, high=1)
    figure.add_annotation(text="a note", font={"size": 10})
    large = scale_fonts(figure, 2)
    assert large.layout.height == 2 * figure.layout.height
    assert large.layout.font.size == 2 * figure.layout.font.size
    assert large.layout.hoverlabel.font.size == 2 * figure.layout.hoverlabel.font.size
    assert large.layout.margin.t == 2 * figure.layout.margin.t
    assert large.layout.annotations[0].font.size == 20
    assert large.data[0].colorbar.title.font.size == 2 * figure.data[0].colorbar.title.font.size
    assert large.data[1].textfont.size == 2 * figure.data[1].textfont.size
    assert large.data[1].textfont.color == figure.data[1].textfont.color


def test_in_a_hall_no_type_is_small_and_numbers_that_do_not_fit_are_left_out() -> None:
    values = np.full((3, 8), 0.25)
    figure = heads_map(values, kind="cross", title="Importance", low=0, high=1)
    large = scale_fonts(figure, 1.45, 20)
    assert large.layout.xaxis.tickfont.size == 20
    assert large.layout.legend.font.size == 20  # left to the theme before
    assert large.data[0].colorbar.tickfont.size == 20
    assert large.data[1].textfont.size == 20
    assert len(large.data) == len(figure.data)
    many = heads_map(np.full((3, 16), 0.25), kind="cross", title="Importance", low=0, high=1)
    assert [one.mode for one in many.data[1:]] == ["text", "markers"]
    assert [one.mode for one in scale_fonts(many, 1.45, 20).data[1:]] == ["markers"]


def test_one_number_in_brackets_does_not_take_the_numbers_from_a_map_of_eight_heads() -> None:
    values = np.full((3, 8), 0.002)
    values[0, 6] = -0.001
    drawn = heads_map(
        values, kind="cross", title="", low=-1, high=1, signed=True, unsure=values < 0
    )
    ink = scale_fonts(drawn, 1.45, 20).data[1]
    assert ink.mode == "text"
    assert "(−0.001)" in ink.text


def test_the_numbers_stay() -> None:
    values = np.array([[0.25, np.nan], [0.75, 1.0]])
    figure = heads_map(values, kind="cross", title="Sensitivity", low=0, high=1)
    before = figure.to_json()
    cells = scale_fonts(figure, 2).to_dict()["data"][0]
    assert cells["z"] == figure.to_dict()["data"][0]["z"]
    assert (cells["xgap"], cells["zmax"]) == (2, 1)
    assert figure.to_json() == before, "the figure itself was changed"


def test_a_figure_without_height_or_fonts_is_taken_as_it_is() -> None:
    large = scale_fonts(go.Figure(go.Scatter(x=[1], y=[2], marker={"size": 9})), 2)
    assert large.layout.height is None
    assert large.data[0].marker.size == 9
    assert large.data[0].x[0] == pytest.approx(1)
