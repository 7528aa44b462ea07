"""Targets found by a trained translator, and a training that learns from them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

import headlight
from headlight.model.checkpoints.folder import CHECKPOINTS
from headlight.model.run.tokenizer import Tokenizer
from headlight.model.tasks import Task, task
from headlight.model.tasks.translate import FOLDER, SentencePairs, Translate, read_targets
from headlight.model.training import distil as module
from headlight.model.training.distil import beam, distil, nearest
from headlight.model.training.resuming import resume
from headlight.model.training.train import build
from headlight.model.training.train import main as train

PAIRS = [
    ("The black cat sleeps.", "Le chat noir dort."),
    ("I do not like coffee.", "Je n'aime pas le café."),
    ("I do not like coffee.", "Je n'apprécie pas le café."),
    ("Where is Mary?", "Zut, encore un jeudi !"),
    ("It is cold.", "Il fait froid."),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / FOLDER).mkdir()
    for split in ("train", "dev"):
        with gzip.open(folder / FOLDER / f"{split}.tsv.gz", "wt", encoding="utf-8") as file:
            file.writelines(f"{english}\t{french}\n" for english, french in PAIRS)
    return folder


@pytest.fixture(scope="module")
def model() -> headlight.Model:
    return headlight.load("translate-en-fr")


def test_the_nearest_to_a_reference_is_the_target() -> None:
    references = ["Il fait froid.", "Il fait très froid ici."]
    assert nearest(["Il gèle.", "Il fait froid ici.", "Il fait froid."], references) == (
        "Il fait froid."
    )
    both = ["Il fait très froid ici.", "Il fait froid."]
    assert nearest(both, references) == both[0], "of equal ones the most probable"
    assert nearest(["Il gèle.", "Bonjour !"], references) is None, "too far from all of them"
    assert nearest([], references) is None


def test_targets_are_what_the_beam_finds_and_a_cut_run_goes_on(
    data: Path, model: headlight.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / "whole.tsv", tmp_path / "cut.tsv"
    assert [*distil(model, data, whole)] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    rows = dict(line.partition("\t")[::2] for line in whole.read_text().splitlines())
    assert rows.keys() == {source for source, _ in PAIRS}
    assert rows["Where is Mary?"] == "", "nothing near its only reference is found"
    assert rows["It is cold."] in beam(model, "It is cold.")
    assert read_targets(whole) == {source: found for source, found in rows.items() if found}

    for done, _ in distil(model, data, cut):
        if done == 2:
            break
    cut.write_text(cut.read_text() + "Where is")  # as a cut in the middle of a line leaves it
    asked: list[str] = []

    def counted(model: headlight.Model, source: str) -> list[str]:
        asked.append(source)
        return beam(model, source)

    monkeypatch.setattr(module, "beam", counted)
    assert [*distil(model, data, cut)] == [(3, 4), (4, 4)]
    assert cut.read_text() == whole.read_text()
    assert len(asked) == 2
    with pytest.raises(ValueError, match="is of other sources"):
        next(distil(model, data, cut, seed=1))


def test_a_training_learns_from_them_and_no_other_is_mixed_in(
    data: Path, model: headlight.Model, tmp_path: Path
) -> None:
    def targets(name: str, lines: Sequence[str]) -> Path:
        (tmp_path / name).write_text("".join(line + "\n" for line in lines))
        return tmp_path / name

    file = targets("a.tsv", ["I do not like coffee.\tJe n'aime pas le café.", "It is cold."])
    chosen = task("translate-en-fr").with_targets(file)
    assert isinstance(model.tokenizer, Tokenizer)
    learnt = chosen.training_data(model.tokenizer, 0, data)
    french = {"Je n'apprécie pas le café.": "Je n'aime pas le café."}
    assert isinstance(learnt, SentencePairs)
    assert learnt.train == [(a, french.get(b, b)) for a, b in PAIRS]
    assert Translate.targets == {}, "the task itself is as it was"

    def resumed(chosen: Task) -> None:
        resume(build(chosen, steps=2, data=data, start=folder, rate=1e-4), tmp_path / "run")

    folder = CHECKPOINTS / "translate-en-fr"
    (tmp_path / "run").mkdir()
    resumed(chosen)
    resumed(Translate().with_targets(file))
    other = targets("b.tsv", ["It is cold.\tIl fait froid."])
    with pytest.raises(ValueError, match="holds a run with other settings"):
        resumed(Translate().with_targets(other))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["reverse", "--targets", "none.tsv"], "“reverse” has its one right answer"),
        (["translate-en-fr", "--targets", "none.tsv"], r"none\.tsv cannot be read"),
        (["translate-en-fr", "--rate", "0"], "The rate must be a number above 0, not 0.0"),
        (["translate-en-fr", "--rate", "nan"], "The rate must be a number above 0, not nan"),
    ],
)
def test_what_cannot_be_learnt_is_said(given: list[str], said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        train(given)


def test_only_a_translator_is_distilled(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="“reverse” does not translate"):
        next(distil(headlight.load("reverse"), None, tmp_path / "targets.tsv"))
