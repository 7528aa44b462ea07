"""The built programs: fresh, whole, harmless, and handed out by the app's own server."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from headlight.viz.components.static import STATIC, loader, manifest, program

ROOT = Path(__file__).parents[2]
PARTS = sorted(manifest()["parts"])


def sources() -> list[Path]:
    """Everything that the bundles are made of."""
    inside = [path for path in (ROOT / "viz/web").rglob("*") if path.is_file()]
    return [
        *inside,
        *(path for place in ("page", "views") for path in (ROOT / "viz" / place).rglob("*.css")),
        ROOT / "viz/kinds.json",
        ROOT / "viz/glossary.json",
        ROOT / "package-lock.json",
    ]


def test_what_is_built_is_what_the_sources_say() -> None:
    """As in `viz/web/build.js`; whoever only runs the tests needs no node."""
    hashed = hashlib.sha256()
    for name, path in sorted((path.relative_to(ROOT).as_posix(), path) for path in sources()):
        text = path.read_bytes().decode().replace("\r\n", "\n")
        hashed.update(f"{name}\n{text}\n".encode())
    assert hashed.hexdigest()[:16] == manifest()["sources"], "run `npm run build`, and commit it"


def test_every_folder_is_a_part_and_every_file_belongs_to_one() -> None:
    folders = {path.parent.name for path in (ROOT / "viz/web").glob("**/index.js")}
    assert {*PARTS} == folders | {"page"}
    files = {path.name for path in STATIC.iterdir()}
    styles = {path.name for path in sources() if "web" not in path.parts and path.suffix == ".css"}
    assert files == {*manifest()["parts"].values(), *styles, "loader.js", "manifest.json"}


FIXED_WORDS = {"welcome"}
"""The tour's library puts words in as markup: only those of `viz/web/welcome/words.json`."""


@pytest.mark.parametrize("part", PARTS)
def test_a_program_writes_no_markup_and_asks_no_network(part: str) -> None:
    text = program(part)
    markup = () if part in FIXED_WORDS else ("innerHTML",)
    for forbidden in (*markup, "insertAdjacentHTML", "document.write", "fetch(", "eval("):
        assert forbidden not in text
    named = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, not places
    assert set(re.findall(r"https?://[\w./]+", text)) <= named
    assert "</script" not in text, "it would end the script of a page that holds it"


def test_no_lock_file_names_a_host() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


def test_only_the_address_module_touches_the_address() -> None:
    touch = re.compile(r"\b(?:location\.|history\.(?:push|replace)State)")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "viz/web").rglob("*.js")
        if touch.search(path.read_text("utf-8"))
    }
    assert found == {"viz/web/shared/address.js"}


def test_a_component_sends_its_loader_and_nothing_else() -> None:
    for part in PARTS:
        assert manifest()["parts"][part] in loader(part)
        assert len(loader(part)) < 1000
