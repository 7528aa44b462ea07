"""A recorded training: what each snapshot makes of one source, as tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from headlight.model import Model
from headlight.model.checkpoints.folder import available, load
from headlight.model.run.arrays import Array
from headlight.model.run.tidy import tidy
from headlight.model.training.history import FULL, TrainingHistory
from headlight.model.training.recording import RecordedSentences, Recording, of_model

from .given import check_head


def film(model: Model, source: str | None = None) -> Any:
    """One source at every kept step of a shipped model's training, its right answer given.

    Args:
        source: a text; of a model that ships no snapshots one of those that were recorded
            (`film_sources`). The first one by default.

    Returns:
        `pandas.DataFrame`: step, output (what the model wrote by itself at that step), loss (nats a
        token of the right answer).

    Raises:
        ValueError: no training was recorded with these weights, or not on this source.

    >>> import headlight
    >>> found = film(headlight.load("reverse"), "a b c")
    >>> int(found.step.iloc[-1]), found.output.iloc[-1], bool(found.loss.iloc[-1] < found.loss[0])
    (2500, 'c b a', True)
    """
    import pandas as pd

    history = _history(_recording(model), model, source)
    return pd.DataFrame({"step": history.steps, "output": history.outputs, "loss": history.loss})


def film_sources(model: Model) -> tuple[str, ...]:
    """The sources that were recorded; none where snapshots are shipped, which any text can be
    shown on.

    Raises:
        ValueError: as in `film`.

    >>> import headlight
    >>> film_sources(headlight.load("translate-en-fr"))[0], film_sources(headlight.load("reverse"))
    ('The black cat sleeps.', ())
    """
    return _recording(model).sources


def film_heads(model: Model, source: str | None = None) -> Any:
    """The alignment error of each head of cross-attention at every kept step.

    Args:
        source: as in `film`; without it over all sources that were recorded, as the page has it.

    Returns:
        `pandas.DataFrame`: step, layer, head, aer (in the row that writes), aer_shifted (in the
        row that reads).

    Raises:
        ValueError: as in `film`.

    >>> import headlight
    >>> found = film_heads(headlight.load("reverse"), "a b c d e f")
    >>> last = found[found.step == 2500].set_index(["layer", "head"])
    >>> float(last.aer[1, 0]), bool(last.aer_shifted[1, 0] > 0.8)
    (0.0, True)
    """
    import pandas as pd

    kept = _recording(model)
    history = _history(kept, model, source)
    errors = _errors(kept, history, source)
    place, layer, head = np.indices(errors["writes"].shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "step": np.array(history.steps)[place],
            "layer": layer,
            "head": head,
            "aer": errors["writes"].ravel(),
            "aer_shifted": errors["reads"].ravel(),
        }
    )


def film_weights(model: Model, step: int, source: str | None = None) -> Any:
    """All attention weights at one kept step, as they were recorded (to 1e-5).

    Returns:
        `pandas.DataFrame` as of `Trace.to_pandas`: one row a cell that is not masked.

    Raises:
        ValueError: as in `film`, or a step that was not kept.

    >>> import headlight
    >>> found = film_weights(headlight.load("reverse"), 2500, "a b c")
    >>> head = found[(found.kind == "cross") & (found.layer == 1) & (found["head"] == 0)]
    >>> head.loc[head[head["query"] == 0].weight.idxmax(), "key_piece"]
    'c'
    """
    history = _history(_recording(model), model, source)
    i = _place(history, step)
    kinds = {
        kind: [(layer / np.float32(FULL), history.masks[kind]) for layer in patterns[i]]
        for kind, patterns in history.patterns.items()
    }
    return tidy(history, history.tgt_out, kinds)


def film_map(model: Model, step: int, head: tuple[str, int, int], source: str | None = None) -> Any:
    """One head at one kept step: a plotly figure.

    Args:
        head: (kind, layer, head).

    Raises:
        ValueError: as in `film_weights`, or a head that there is not.

    >>> import headlight
    >>> film_map(headlight.load("reverse"), 0, ("cross", 1, 0), "a b c").data[0].z.shape
    (4, 4)
    """
    from headlight.viz import theme
    from headlight.viz.figures.heads import pattern_map
    from headlight.viz.figures.tokens import axis_labels, row_labels

    history = _history(_recording(model), model, source)
    i = _place(history, step)
    check_head(head, {name: one.shape[1:3] for name, one in history.patterns.items()})
    kind, layer, number = head
    rows, columns = row_labels(history, kind), axis_labels(history.keys(kind))
    pattern = history.pattern(i, kind, layer, number)
    return pattern_map(pattern, history.masks[kind], rows, columns, theme.KIND_COLOURS[kind])


def film_lines(model: Model, source: str | None = None) -> Any:
    """The curves of the training over its steps, with the loss on one source: a plotly figure.

    Raises:
        ValueError: as in `film`.

    >>> import headlight
    >>> [one.name for one in film_lines(headlight.load("reverse"), "a b c").data][:2]
    ['training loss', 'loss on this source']
    """
    from headlight.viz.figures.film import film_lines as figure

    kept = _recording(model)
    history = _history(kept, model, source)
    return figure(history, kept.curve, _errors(kept, history))


def _recording(model: Model) -> Recording:
    """The training that came with these weights.

    Raises:
        ValueError: there is none.
    """
    found = _shipped(model.slug) if model.slug in available() else None
    if found is None:
        raise ValueError(f"No training was recorded with “{model.slug}”.")
    if load(model.slug).digest != model.digest:
        raise ValueError(f"What is recorded of “{model.slug}” is of other weights.")
    return found


@lru_cache(maxsize=1)
def _shipped(slug: str) -> Recording | None:
    """A dozen models to read, once for several tables of one training."""
    return of_model(slug)


def _history(kept: Recording, model: Model, source: str | None) -> TrainingHistory:
    if source is None:
        assert model.task is not None
        source = kept.sources[0] if kept.sources else model.task.examples[0].text
    return kept.history(source)


def _errors(
    kept: Recording, history: TrainingHistory, source: str | None = None
) -> Mapping[str, Array]:
    """By row, [N, L, H]: over all recorded sources, or of one."""
    if source is None and isinstance(kept, RecordedSentences):
        return {row: kept.aer(row) for row in history.aer}
    return history.aer


def _place(history: TrainingHistory, step: int) -> int:
    if step not in history.steps:
        there = ", ".join(map(str, history.steps))
        raise ValueError(f"Step {step!r} was not kept. There are: {there}.")
    return history.steps.index(step)
