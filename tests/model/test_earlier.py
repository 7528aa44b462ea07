"""Runs that earlier versions saved open with the numbers that they were saved with.

The files in `saved/` were written by the versions that had format 1.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headlight.model import Trace
from headlight.model.run.records import block_path

RUNS = Path(__file__).with_name("saved")
SAVED = {"format1": "a b", "format1-edited": "a b", "format1-t5": "w7w7w7"}


@pytest.mark.parametrize(("name", "output"), SAVED.items())
def test_a_run_of_format_1_has_its_numbers(name: str, output: str, tmp_path: Path) -> None:
    file = RUNS / f"{name}.npz"
    trace = Trace.load(file)
    assert (trace.output_text, bool(trace.edits)) == (output, name == "format1-edited")
    with np.load(file) as stored:
        np.testing.assert_allclose(trace.logits, stored["logits"], rtol=1e-6, atol=1e-6)
        for kind, records in trace.attention.items():
            for layer, record in enumerate(records):
                path = block_path(kind, layer)
                np.testing.assert_array_equal(record.pattern, stored[f"{path}.pattern"])
                scores = stored[f"{path}.raw_scores"]
                np.testing.assert_allclose(record.raw_scores, scores, rtol=1e-5, atol=1e-5)
    trace.save(tmp_path / "again.npz")
    again = Trace.load(tmp_path / "again.npz")
    np.testing.assert_array_equal(again.logits, trace.logits)
    assert again.attention["cross"][0].scale == trace.attention["cross"][0].scale


def test_the_factor_and_the_bias_are_found() -> None:
    plain, edited, t5 = (Trace.load(RUNS / f"{name}.npz") for name in SAVED)
    assert plain.attention["cross"][0].scale == np.float32(20**-0.5)
    assert edited.attention["cross"][0].scale == 1  # no division by √d_head
    assert (plain.encoder.position_bias, t5.attention["cross"][0].bias) == (None, None)
    first, second = t5.attention["decoder_self"]
    assert first.bias is not None
    assert first.bias is second.bias
    assert np.ptp(first.bias) > 0.1
    same_distance = np.diagonal(first.bias, -1, 1, 2)
    np.testing.assert_allclose(same_distance[:, 0], same_distance[:, 1], atol=1e-5)


@pytest.mark.parametrize("part", ["decoder.0.cross.raw_scores", "encoder.1.self.raw_scores"])
def test_scores_that_q_and_k_do_not_make_are_refused(part: str, tmp_path: Path) -> None:
    with np.load(RUNS / "format1-t5.npz") as stored:
        arrays = dict(stored)
    arrays[part] = arrays[part] + np.float32(0.01) * np.arange(arrays[part].size).reshape(
        arrays[part].shape
    ).astype(np.float32)
    np.savez(tmp_path / "other.npz", **arrays)
    with pytest.raises(ValueError, match=f"{part} is not what q and k make"):
        Trace.load(tmp_path / "other.npz")
