"""Imports go one way, and each heavy library stays in its place: app → views → ... → model."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What every component may use, beside its own files.
SHARED = (
    "viz.components.palette",
    "viz.components.scene",
    "viz.components.static",
    "viz.components.wire",
    "viz.labels",
    "viz.theme",
    "model",
)

# A part of the project, and what it may import of the others. The longest name that fits counts.
MAY_IMPORT = {
    "app": {"viz", "model"},
    "viz.views": {
        "viz.page",
        "viz.runtime",
        "viz.selection",
        "viz.components",
        "viz.explain",
        "viz.glossary",
        "viz.lessons",
        "viz.labels",
        "viz.figures",
        "viz.theme",
        "viz.markdown",
        "model",
    },
    "viz.page": {
        "viz.components",
        "viz.glossary",
        "viz.lessons",
        "viz.room",
        "viz.selection",
        "viz.runtime",
        "viz.figures",
        "viz.labels",
        "viz.markdown",
        "viz.theme",
        "model",
    },
    "viz.runtime": {"viz.quiet", "viz.runtime.limits", "model"},
    "viz.runtime.limits": set(),
    "viz.room": {"viz.runtime.limits", "model"},
    "viz.components": {*SHARED, "viz.labels"},
    "viz.components.lens": {*SHARED},
    "viz.components.steps": {*SHARED, "viz.components.lens"},
    "viz.components.palette": {"viz.theme", "model"},
    "viz.components.scene": {"viz.components.wire", "model"},
    "viz.components.static": {"model"},
    "viz.components.wire": {"viz.labels", "model"},
    "viz.explain": {"viz.labels", "viz.theme", "model"},
    "viz.lessons": {"viz.labels", "viz.theme", "model"},
    "viz.labels": {"model"},
    "viz.selection": {"viz.components.static", "model"},
    "viz.figures": {"viz.theme", "viz.labels", "model"},
    "viz.theme": set(),
    "viz.markdown": set(),
    "viz.glossary": {"model"},
    "viz.quiet": set(),
    "viz": set(),
    "model": set(),
}

# A library, and the only parts that may import it; `model.trace` and its like are plain numpy.
PLACES = {
    "torch": {"model"},
    "plotly": {"viz.figures", "viz.theme"},
    "streamlit": {
        "app",
        "viz.views",
        "viz.page",
        "viz.selection",
        "viz.runtime",
        "viz.quiet",
        "viz.components",
        "viz.components.lens",
        "viz.components.steps",
    },
    "transformers": set[str](),
}
WITHOUT_TORCH = {
    "model.network.config",
    "model.run.edits",
    "model.run.records",
    "model.run.tokens",
    "model.run.trace",
}


def inside(name: str, part: str) -> bool:
    """True when the module `name` is `part` or lies in it."""
    return name == part or name.startswith(f"{part}.")


def part_of(name: str) -> str | None:
    """The part of the project that a module belongs to; None for libraries."""
    return max((part for part in MAY_IMPORT if inside(name, part)), key=len, default=None)


def module_name(path: Path) -> str:
    """`viz/views/explore.py` → `viz.views.explore`; an `__init__` has its package's name."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, source: str) -> set[str]:
    """Full names of everything that a file imports, `from a import b` counting as `a.b`."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return {name.removeprefix("headlight.") for name in names}


def violations(path: Path, source: str) -> list[str]:
    """Every import of a file that breaks a rule, in words."""
    name = module_name(path)
    own = part_of(name)
    if own is None or (own == "viz" and name != "viz"):
        return [f"{path}: name {name} in MAY_IMPORT, so that its place is known"]
    found = []
    for target in sorted(imported(path, source)):
        part = part_of(target)
        if view_of(name) and view_of(target) not in (None, view_of(name)):
            found.append(f"{path}: a view may not import another view, {target}")
        if part and part != own and not any(inside(part, allowed) for allowed in MAY_IMPORT[own]):
            found.append(f"{path}: {own} may not import {target}")
        library = target.split(".")[0]
        allowed = PLACES.get(library, {own})
        without_torch = any(inside(name, place) for place in WITHOUT_TORCH)
        if own not in allowed or (library == "torch" and without_torch):
            found.append(f"{path}: {library} does not belong in {name}")
    return found


def view_of(name: str) -> str | None:
    """`viz.views.inside.cell` → `inside`; None for what is no view."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["viz", "views"] and len(parts) > 2 else None


def files() -> list[Path]:
    """Every Python file of the app, relative to the project."""
    found = [*ROOT.glob("app.py"), *ROOT.glob("model/**/*.py"), *ROOT.glob("viz/**/*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


def test_every_import_obeys_the_rules() -> None:
    paths = files()
    assert {Path("app.py"), Path("model/run/trace.py"), Path("viz/theme.py")} <= set(paths)
    found = [v for path in paths for v in violations(path, (ROOT / path).read_text("utf-8"))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("model/runner.py", "import viz.theme"),
        ("model/runner.py", "from viz import theme"),
        ("model/analysis/heads.py", "import streamlit as st"),
        ("model/run/trace.py", "from torch import Tensor"),
        ("model/run/edits/value.py", "import torch"),
        ("viz/theme.py", "import streamlit"),
        ("viz/figures/heads.py", "from ..runtime import trace"),
        ("viz/figures/heads.py", "from .. import selection"),
        ("viz/figures/heads.py", "import torch.nn.functional as F"),
        ("viz/selection/session.py", "from ..runtime import trace"),
        ("viz/page/menu.py", "from ..views import learn"),
        ("viz/views/inside/breaking.py", "from ..heads import ablation"),
        ("viz/views/learn.py", "from .explore import files"),
        ("viz/views/learn.py", "from . import explore"),
        ("viz/components/lens/component.py", "from plotly.graph_objects import Figure"),
        ("viz/views/explore.py", "def page():\n    import torch"),
        ("viz/views/explore.py", "import app"),
        ("viz/runtime/traces.py", "from headlight.viz.views import explore"),
        ("viz/runtime/traces.py", "from transformers import MarianMTModel"),
        ("viz/components/quiz.py", "from .lens import html"),
        ("viz/components/wire.py", "import streamlit as st"),
        ("viz/helpers.py", ""),
        ("app.py", "import plotly.express as px"),
    ],
)
def test_a_forbidden_import_is_caught(path: str, source: str) -> None:
    assert len(violations(Path(path), source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "app.py",
            "import streamlit as st\nfrom viz import runtime\nfrom viz.views import PAGES",
        ),
        (
            "viz/views/explore.py",
            "from .. import runtime\nfrom ..figures import head_grid",
        ),
        ("viz/views/inside/follow.py", "from ...page.chart import chart\nfrom .cell import take"),
        ("viz/figures/__init__.py", "from .heads import head_grid\nfrom ..theme import RAMPS"),
        ("viz/figures/heads.py", "import plotly.graph_objects as go\nfrom model import Trace"),
        ("viz/runtime/traces.py", "import headlight.model\nimport streamlit as st"),
        ("model/decoding/greedy.py", "import torch\nfrom ..network.masks import causal_mask"),
    ],
)
def test_an_allowed_import_passes(path: str, source: str) -> None:
    assert violations(Path(path), source) == []
