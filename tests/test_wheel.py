"""The installed package: one name, the README's examples, and the app, from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.browser.session import serve_command

ROOT = Path(__file__).parents[1]
README_EXAMPLES = """
import doctest, sys
found = doctest.testfile(sys.argv[1], module_relative=False)
assert found.attempted >= 8, found
sys.exit(found.failed)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built with what is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    built = subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own with the wheel; the libraries it needs are lent by this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    found = folder / "bin" / "python"
    site = subprocess.check_output(
        [found, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    ).strip()
    (Path(site) / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    return found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder in which somebody keeps a `model.py` and a `viz.py` of their own."""
    for name in ("model.py", "viz.py"):
        (tmp_path / name).write_text("raise RuntimeError('the wrong file was imported')\n")
    return tmp_path


def test_it_holds_one_name_and_no_leftovers(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"headlight"}
    wanted = ("app.py", "model/__init__.py", "viz/views/__init__.py", ".streamlit/config.toml")
    assert {f"headlight/{name}" for name in wanted} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name]


def test_the_readme_is_true_of_it(python: Path, elsewhere: Path) -> None:
    command = [str(python), "-c", README_EXAMPLES, str(ROOT / "README.md")]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    run = subprocess.run(command, cwd=elsewhere, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_its_command_tells_of_the_others_and_fails_honestly(python: Path, elsewhere: Path) -> None:
    def headlight(*given: str) -> subprocess.CompletedProcess[str]:
        command = [str(python.with_name("headlight")), *given]
        return subprocess.run(command, cwd=elsewhere, capture_output=True, text=True)

    assert "evaluate" in headlight("--help").stdout
    unknown = headlight("evaluate", "nothing-like-it")
    assert unknown.returncode == 1
    assert "There is no model “nothing-like-it”" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_its_command_starts_the_app(python: Path, elsewhere: Path) -> None:
    command = [str(python.with_name("headlight")), "--port", "{port}"]
    with serve_command(command, elsewhere / "log.txt", cwd=elsewhere) as server:
        assert "wrong file" not in server.log.read_text()
