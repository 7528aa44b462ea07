"""A model's own training: its curve, and every head over it, as tables and as lines."""

from __future__ import annotations

from typing import Any

from headlight.model import Model
from headlight.model.analysis.heads.metrics import get_metric
from headlight.model.checkpoints.folder import CHECKPOINTS
from headlight.model.training.emergence import FILE, FOLLOWED, Emergence, read
from headlight.model.training.recording import CURVE, read_curve


def training(model: Model) -> Emergence:
    """Metrics of all heads at the kept steps of a shipped model's training.

    Returns:
        an object with `.to_pandas()` (one row a step and head), `.grid(metric, kind)`
        [step, layer, head], and `.aligners`: the best head of either framing and since which step.

    Raises:
        ValueError: none is shipped with these weights (`headlight record` makes one).

    >>> import headlight
    >>> found = training(headlight.load("reverse"))
    >>> [one.row for one in found.aligners], found.steps[0]
    (['writes', 'reads'], 0)
    """
    found = read(CHECKPOINTS / model.slug / FILE)
    if found.digest != model.digest:
        raise ValueError(f"What is shipped of the training of “{model.slug}” is of other weights.")
    return found


def curve(model: Model) -> Any:
    """The loss curve of a shipped model's training.

    Returns:
        `pandas.DataFrame`: step, loss (nats a token), accuracy (0 to 1, empty where it was not
        kept), and a column for each measure on held-out pairs, empty between two measurements.

    Raises:
        ValueError: none is shipped with this model, or it is damaged.

    >>> import headlight
    >>> found = curve(headlight.load("reverse"))
    >>> int(found.step.max()), float(found.exact.dropna().iloc[-1])
    (2500, 1.0)
    """
    import pandas as pd

    points = read_curve(CHECKPOINTS / model.slug / CURVE)
    if not points:
        raise ValueError(f"No curve of a training is shipped with “{model.slug}”.")
    names = ("step", "loss", "accuracy")
    return pd.DataFrame(
        [{name: getattr(one, name) for name in names} | dict(one.quality) for one in points]
    )


def training_lines(model: Model, metric: str, kind: str) -> Any:
    """One metric of all heads of a kind over the training: a plotly figure.

    Raises:
        ValueError: as in `training`, or a metric that is not defined for this kind.

    >>> import headlight
    >>> len(training_lines(headlight.load("reverse"), "aer", "cross").data)
    8
    """
    from headlight.viz.figures.emergence import emergence_lines

    one = get_metric(metric)
    if one not in FOLLOWED or kind not in one.kinds:
        raise ValueError(f"“{metric}” is not followed for {kind!r}.")
    return emergence_lines(training(model), metric, kind)
