"""The walk shows the model's own numbers; each step follows from what is shown as its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import headlight
from headlight.model import KINDS, Edits, Model, Sound, Trace
from headlight.model.analysis.walk import STAGES, Cell, CodeRef, Step, recompute, walk
from headlight.model.network.attention import attention
from headlight.model.run.arrays import Array
from headlight.model.run.reading import columns_of
from tests.model.builders import random_model
from tests.model.hub import folders


def cells(trace: Trace) -> Iterator[Cell]:
    """Every kind, layer and head; a query and a key that differ from head to head."""
    for kind in KINDS:
        n_query, n_key = len(trace.queries(kind)), len(trace.keys(kind))
        for layer in range(trace.n_layers(kind)):
            for head in range(trace.n_heads):
                place = layer * trace.n_heads + head
                yield Cell(kind, layer, head, (3 * place + 1) % n_query, (2 * place) % n_key)


def check(found: Array, expected: Array, message: str) -> None:
    """Equal to rounding, and of the same shape."""
    assert np.shape(found) == np.shape(expected), message
    scale = max(1.0, float(np.abs(np.where(np.isfinite(expected), expected, 0)).max()))
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-5 * scale, err_msg=message)


def by_key(steps: tuple[Step, ...]) -> dict[str, Step]:
    found = {step.key: step for step in steps}
    assert len(found) == len(steps), "keys of steps are unique"
    return found


def test_every_step_of_every_kind_layer_and_head_follows_from_its_inputs(
    any_model: Model, trace: Trace
) -> None:
    for cell in cells(trace):
        for step in by_key(walk(any_model, trace, cell)).values():
            check(recompute(step), step.output.values, f"{cell} {step.key}")


def test_a_step_goes_on_from_what_an_earlier_one_gave(any_model: Model, trace: Trace) -> None:
    """No number comes from nowhere: an input is a parameter, a table, or an output seen before."""
    given = {"attention out", "cross out", "mlp out", "self-attention out", "mask", "largest"}
    whole = {"K", "V", "z"}  # the other tokens and heads of the block, which were not followed
    for cell in cells(trace):
        seen: list[Array] = []
        for step in walk(any_model, trace, cell):
            for part in step.inputs:
                free = part.role == "parameter" or part.name in given | whole
                if free or part.name.startswith("PE"):
                    continue
                known = any(
                    np.shape(one) == np.shape(part.values) and np.array_equal(one, part.values)
                    for one in [
                        *seen,
                        *(
                            one[cell.key]
                            for one in seen
                            if np.ndim(one) == 1 and len(one) > cell.key
                        ),
                    ]
                )
                assert known or step.key == "next-token", f"{cell} {step.key}: {part.name}"
            seen.append(step.output.values)


def test_the_walk_ends_at_the_weight_and_the_token_that_were_traced(
    any_model: Model, trace: Trace
) -> None:
    cell = Cell("cross", 0, 1, 2, 1)
    steps = by_key(walk(any_model, trace, cell))
    assert steps["weights"].output.values[1] == trace.attention["cross"][0].pattern[1, 2, 1]
    assert steps["logits"].output.values is not None
    np.testing.assert_array_equal(steps["logits"].output.values, trace.logits[2])
    best = steps["next-token"].output
    assert best.values[0] == trace.probs[2].max()
    assert len(best.columns) == len(best.values)


def test_every_step_names_shapes_that_are_true_and_code_that_runs(
    any_model: Model, trace: Trace
) -> None:
    for kind in KINDS:
        for step in walk(any_model, trace, Cell(kind, 0, 0, 1, 1)):
            for part in (*step.inputs, step.output):
                assert len(part.axes) == np.ndim(part.values), f"{step.key} {part.name}"
            assert step.stage in STAGES
            for ref in step.code:
                lines = ref.read()
                assert lines.text.startswith(ref.marker)
                assert lines.file.startswith("model/")
            assert step.code


def test_masked_cells_end_at_exactly_zero(any_model: Model, trace: Trace) -> None:
    steps = by_key(walk(any_model, trace, Cell("decoder_self", 0, 0, 0, 2)))
    assert np.isneginf(steps["mask"].output.values[2])
    assert steps["weights"].output.values[2] == 0


def test_the_same_token_is_followed_once(any_model: Model, trace: Trace) -> None:
    keys = set(by_key(walk(any_model, trace, Cell("encoder_self", 0, 0, 1, 1))))
    assert "key-embedding" not in keys
    assert "k" in keys


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Cell("self", 0, 0, 0, 0), "unknown kind"),
        (Cell("cross", 9, 0, 0, 0), "layer 9"),
        (Cell("cross", 0, -1, 0, 0), "head -1"),
        (Cell("cross", 0, 0, 0, 99), "key 99"),
    ],
)
def test_a_cell_that_is_not_there_is_refused(tiny: Model, cell: Cell, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        walk(tiny, tiny.run("a b"), cell)


def test_edited_runs_and_foreign_traces_are_refused(tiny: Model) -> None:
    with pytest.raises(ValueError, match="edited"):
        walk(tiny, tiny.run("a b", edits=Edits(scale=False)), Cell("cross", 0, 0, 0, 0))
    with pytest.raises(ValueError, match="another model"):
        walk(random_model(seed=5), tiny.run("a b"), Cell("cross", 0, 0, 0, 0))


def test_a_marker_that_fits_no_line_or_several_is_an_error() -> None:
    assert CodeRef(attention, "pattern = ").read().text == "pattern = attn_scores.softmax(dim=-1)"
    for marker in ("no such line", ""):
        with pytest.raises(LookupError):
            CodeRef(attention, marker).read()


def test_a_wide_block_shows_the_one_call_that_ran(
    tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headlight.model.network.attention.WIDE", 0)
    steps = walk(tiny, tiny.run("c a b"), Cell("cross", 0, 0, 0, 0))
    shown = {step.name: step.code[0].read().text for step in steps if step.code}
    fused = "z = F.scaled_dot_product_attention(q, k, v, kept, scale=scale)"
    assert {shown[name].strip() for name in ("exponentials", "denominator", "z")} == {fused}


@pytest.mark.parametrize("slug", ["read-digits", "hear-digits"])
def test_a_position_is_followed_back_to_the_columns_that_it_sees(slug: str) -> None:
    model = headlight.load(slug)
    assert model.task is not None
    trace = model.run(model.task.examples[0].source)
    last = len(trace.src) - 1
    cells = [Cell("cross", 1, 2, 1, key) for key in (0, 3, last)]
    for cell in [*cells, Cell("encoder_self", 1, 0, 2, last)]:
        steps = {step.key: step for step in walk(model, trace, cell)}
        columns, front = steps["key-columns"], steps["key-front"]
        assert np.allclose(recompute(columns), front.inputs[0].values, atol=1e-5)
        assert np.allclose(recompute(front), trace.encoder.embed[cell.key], atol=1e-4)
        other = replace(columns.inputs[0], values=1 - columns.inputs[0].values)
        assert not np.allclose(columns.operation(other.values), front.inputs[0].values, atol=1e-2)
        assert all(ref.read().text for step in (columns, front) for ref in step.code)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Model, Trace]:
    """A tiny random Whisper, and what it makes of some noise."""
    folder = tmp_path_factory.mktemp("whisper")
    folders.write("whisper", folder)
    folders.write_words(folder)
    model = headlight.load(folder)
    samples = np.random.default_rng(0).normal(size=9_600).astype(np.float32) * 0.1
    return model, model.run(Sound(samples, 16_000), max_len=5)


def test_a_position_of_a_whisper_is_followed_back_to_the_frames_that_it_sees(
    heard: tuple[Model, Trace],
) -> None:
    model, trace = heard
    source, last = trace.src.source, len(trace.src) - 1
    assert isinstance(source, Sound)
    spectrogram = columns_of(source, model.config.front).numpy()
    whole = np.pad(spectrogram, ((0, 0), (2, 3)))
    for key in (0, 1, 4, last):
        steps = by_key(walk(model, trace, Cell("cross", 1, 1, 1, key)))
        for step in steps.values():
            check(recompute(step), step.output.values, f"{key} {step.key}")
        frames, convolution = steps["key-frames"], steps["key-convolution"]
        np.testing.assert_array_equal(frames.inputs[0].values, whole[:, 2 * key : 2 * key + 5])
        check(recompute(convolution), trace.encoder.embed[key], "the vector is the trace's")
        assert convolution.inputs[0].values is frames.output.values
        outside = [not row.any() for row in frames.output.values]
        assert outside == [key == 0, False, False]
        moved = frames.operation(
            frames.inputs[0].values + 1, *(p.values for p in frames.inputs[1:])
        )
        assert not np.allclose(moved[1:], frames.output.values[1:], atol=1e-2)
        for step in (frames, convolution):
            assert all(ref.read().text.startswith(ref.marker) for ref in step.code)
            for part in (*step.inputs, step.output):
                assert len(part.axes) == np.ndim(part.values)
    steps = by_key(walk(model, trace, Cell("encoder_self", 1, 0, last, 3)))
    assert {"query-frames", "query-convolution", "key-frames", "key-convolution"} <= set(steps)
    for step in steps.values():
        check(recompute(step), step.output.values, step.key)
