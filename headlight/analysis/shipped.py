"""What was measured beforehand of the shipped models, as the pages show it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headlight.model import Model
from headlight.model.analysis.attribution.findings import Findings, read_findings
from headlight.model.analysis.heads.files import read_atlas
from headlight.model.analysis.heads.table import HeadTable
from headlight.model.analysis.interventions.pruning import Pruning, read_pruning
from headlight.model.paths import ASSETS

ATLAS = ASSETS / "atlas"


def shipped_heads(model: Model) -> HeadTable:
    """Every metric of every head on the project's own sentences, or on fresh inputs.

    Raises:
        ValueError: none is shipped with these weights.

    >>> import headlight
    >>> shipped_heads(headlight.load("reverse")).value("aer", ("cross", 1, 0))
    0.0
    """
    return _of(model, read_atlas(_file(model, "parquet")))


def shipped_pruning(model: Model) -> Pruning:
    """Heads removed one by one, as `pruning` gives it.

    Raises:
        ValueError: as in `shipped_heads`.

    >>> import headlight
    >>> len(shipped_pruning(headlight.load("reverse")).curves)     # 4 × (1 + 10 random orders)
    44
    """
    return _of(model, read_pruning(_file(model, "pruning.json")))


def shipped_findings(model: Model) -> Any:
    """How good every way from output to source is, as the table that `findings` gives.

    Raises:
        ValueError: as in `shipped_heads`.

    >>> import headlight
    >>> found = shipped_findings(headlight.load("reverse")).set_index("method")
    >>> bool(found.aer["alti"] < found.aer["diagonal"])
    True
    """
    found: Findings = _of(model, read_findings(_file(model, "sources.json")))
    return found.to_pandas()


def _file(model: Model, name: str) -> Path:
    if not (file := ATLAS / f"{model.slug}.{name}").is_file():
        raise ValueError(f"Nothing is shipped for “{model.slug}”: it is to be measured here.")
    return file


def _of(model: Model, found: Any) -> Any:
    if found.digest != model.digest:
        raise ValueError(f"What is shipped for “{model.slug}” was measured on other weights.")
    return found
