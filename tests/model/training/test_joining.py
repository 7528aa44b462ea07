"""A run that went on from another, or several that did, as one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import headlight
from headlight.model.training.joining import join, main
from headlight.model.training.publish import publish
from headlight.model.training.train import train
from tests.model.training.small import rows, trainer


def went_on(first: Path, run: Path, seed: int) -> Path:
    further = trainer(seed)
    further.start_from(first, before=24)
    train(further, run)
    return run


@pytest.fixture(scope="module")
def following(unbroken: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("following")
    return went_on(unbroken, folder / "a", 1), went_on(unbroken, folder / "b", 2)


def test_one_that_followed_is_the_end_of_the_whole(
    unbroken: Path, following: tuple[Path, Path], tmp_path: Path
) -> None:
    join(unbroken, following[:1], tmp_path / "whole")
    whole, (first, second) = rows(tmp_path / "whole"), (rows(unbroken), rows(following[0]))
    assert [row["step"] for row in whole] == [10, 12, 20, 24, 34, 36, 44, 48]
    assert whole[:4] == first
    assert [row["loss"] for row in whole[4:]] == [row["loss"] for row in second]
    assert whole[-1]["accuracy"] == second[-1]["accuracy"]
    assert whole[-1]["seconds"] == pytest.approx(first[-1]["seconds"] + second[-1]["seconds"])
    last = load_file(tmp_path / "whole" / "snapshots" / "000048.safetensors")
    end = load_file(following[0] / "model.safetensors")
    assert all(torch.equal(last[name], end[name]) for name in end)
    assert load_file(tmp_path / "whole" / "snapshots" / "000024.safetensors").keys() == end.keys()
    publish(tmp_path / "whole", tmp_path / "shipped", with_snapshots=False)
    curve = json.loads((tmp_path / "shipped" / "curve.json").read_text())
    assert (curve["before"], curve["points"][-1]["step"]) == (24, 48)


def test_a_published_model_may_be_the_first(
    unbroken: Path, following: tuple[Path, Path], tmp_path: Path
) -> None:
    publish(unbroken, tmp_path / "shipped", with_snapshots=False)
    join(tmp_path / "shipped", following[:1], tmp_path / "whole")
    assert [row["step"] for row in rows(tmp_path / "whole")] == [10, 12, 20, 24, 34, 36, 44, 48]
    steps = sorted(int(file.stem) for file in (tmp_path / "whole" / "snapshots").iterdir())
    assert steps == [26, 28, 31, 33, 37, 41, 48]  # not 25, 27 and 29, which are nearly the same


def test_several_become_the_mean_of_their_weights(
    unbroken: Path, following: tuple[Path, Path], tmp_path: Path
) -> None:
    main([str(one) for one in (unbroken, *following, "--run", tmp_path / "whole")])
    whole = headlight.load(tmp_path / "whole").network.state_dict()
    a, b = (headlight.load(one).network.state_dict() for one in following)
    assert not torch.equal(a["embedding.weight"], b["embedding.weight"])
    for name in whole:
        assert torch.equal(whole[name], ((a[name] + b[name]) / 2).half().float()), name
    last = load_file(tmp_path / "whole" / "snapshots" / "000048.safetensors")
    assert all(torch.equal(last[name].float(), whole[name]) for name in whole)
    # what was measured at the end was measured of one of the two
    assert rows(tmp_path / "whole")[-1].keys() == {"step", "loss", "accuracy", "seconds"}


def test_only_what_went_on_from_the_first_is_joined(
    unbroken: Path, following: tuple[Path, Path], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"b did not go on from .*a"):
        join(following[0], following[1:], tmp_path / "whole")
    with pytest.raises(ValueError, match="is missing"):
        join(unbroken, [tmp_path / "nothing"], tmp_path / "whole")
    assert not (tmp_path / "whole").exists()
    with pytest.raises(SystemExit, match=r"is not empty\. Choose another --run"):
        main([str(one) for one in (unbroken, *following, "--run", following[0])])
