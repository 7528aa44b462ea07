"""What is kept between reruns is kept apart; weights that cannot be used are told of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file

import headlight
from headlight.model import Edits
from headlight.model.analysis.stream.logit_lens import logit_lens
from headlight.model.checkpoints.folder import WEIGHTS
from headlight.viz import runtime
from tests.model.builders import overflowing, random_model
from tests.viz.page import run

TARGET = (5, 9, 7, 2)


@pytest.mark.parametrize("slug", headlight.available())
def test_what_is_shipped_beside_a_model_is_of_its_weights(slug: str) -> None:
    """What is of others is not shown: pages measure anew, or say that nothing was recorded."""
    loaded = headlight.load(slug)
    for shipped in (
        runtime.shipped_atlas,
        runtime.shipped_pruning,
        runtime.shipped_findings,
        runtime.heads_over_training,
    ):
        found = shipped(loaded)
        assert found is not None, shipped.__name__
        assert found.digest == loaded.digest


def test_the_logit_lens_of_an_edited_run_is_its_own() -> None:
    loaded = random_model()
    for edits in (Edits(), Edits(scale=False), Edits(skip={("decoder", 1)})):
        trace = loaded.teacher_force("q w e", TARGET, edits=edits)
        kept, fresh = runtime.logit_lens(loaded, trace), logit_lens(loaded, trace)
        np.testing.assert_array_equal(kept.log_probs, fresh.log_probs)
        assert runtime.logit_lens(loaded, trace) is kept


def test_the_logit_lens_of_another_models_trace_is_refused_however_often() -> None:
    one, two = random_model(seed=1), random_model(seed=2)
    trace = one.teacher_force("q w e", TARGET)
    runtime.logit_lens(one, trace)
    with pytest.raises(ValueError, match="another model"):
        runtime.logit_lens(two, trace)


def test_weights_too_large_to_compute_with_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = overflowing("decoder.0.cross_attention.out_proj.weight", 1e37)
    folder = tmp_path / "broken"
    headlight.save(random_model(), folder)
    tensors = {name: one.contiguous() for name, one in broken.network.state_dict().items()}
    save_file(tensors, folder / WEIGHTS)
    monkeypatch.setattr("headlight.model.checkpoints.folder.CHECKPOINTS", tmp_path)
    tester = run("explore", model="broken")
    (told,) = [element.value for element in tester.error]
    assert "numbers grow too large to be computed with" in told
    assert told.endswith("Choose another model.")
