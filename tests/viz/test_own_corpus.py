"""Sentences of one's own for a model that was brought along: what the pages measure on them.

The numbers on the page are held against the model's own runs, line by line.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from headlight.model import Edits, Model
from headlight.model.checkpoints.yours import VARIABLE, load_yours
from headlight.model.network.config import KINDS
from tests.model.hub.folders import write, write_words
from tests.viz.page import run

NAME = "brought-along"
LINES = [f"w{i} w{i + 3} w{2 * i} w{i + 9} w{i + 1}"[: 5 + 3 * i] for i in range(11, 23)]
FILE = "\n".join([*LINES, "", " "]).encode()
OFF = Edits(ablate={("cross", 0, 1), ("encoder_self", 2, 0)})
QUERY = {"model": NAME, "text": "w3 w4 w5", "edits": "ablate.cross.0.1~ablate.encoder_self.2.0"}
SECONDS = 60.0


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    """A tiny random Pegasus, as whoever starts the server names it."""
    place = tmp_path_factory.mktemp("yours")
    write("pegasus", place / NAME)
    write_words(place / NAME)
    (place / NAME / "generation_config.json").write_text(json.dumps({"max_new_tokens": 7}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(place))
        yield load_yours(NAME)


def given(path: str, button: str, done: Callable[[Any], bool], **query: str) -> Any:
    """A page that was given the file and has measured on it."""
    tester = run(path, **{**QUERY, **query})
    tester.file_uploader[0].upload("lines.txt", FILE, "text/plain").run()
    assert not tester.exception
    if button:
        next(one for one in tester.button if bare(one.label) == button).click().run()
    until = time.monotonic() + SECONDS
    while not done(tester):
        assert time.monotonic() < until, [one.value for one in (*tester.info, *tester.warning)]
        time.sleep(0.2)
        tester.run()
    assert not tester.exception
    return tester


def bare(text: str) -> str:
    """Markdown's words without what keeps typed text from being markup."""
    return text.replace("\\", "")


def losses(
    model: Model, lines: list[str], edits: Edits = OFF
) -> tuple[list[float], list[float], int]:
    """−ln p of every token of the lines' outputs, whole and edited; outputs that are unchanged."""
    whole, changed, same = list[float](), list[float](), 0
    for line in lines:
        plain = model.run(line, strategy="greedy")
        edited = model.teacher_force(line, plain.tgt_out.ids, edits=edits)
        whole += (-plain.chosen_log_probs).tolist()
        changed += (-edited.chosen_log_probs[: len(plain.tgt_out)]).tolist()
        same += model.run(line, strategy="greedy", edits=edits).tgt_out.ids == plain.tgt_out.ids
    return whole, changed, same


def test_the_loss_without_some_heads(model: Model) -> None:
    def said(tester: Any) -> list[str]:
        return [one.value for one in tester.markdown if "nats per token (" in one.value]

    press = "Measure the loss on lines.txt"
    tester = given("heads", press, lambda one: bool(said(one)), part="lab")
    whole, changed, _ = losses(model, LINES)
    before, after = float(np.mean(whole)), float(np.mean(changed))
    text = bare(said(tester)[0]).replace("−", "-")
    assert f"On {len(LINES)} sentences ({len(whole)} tokens" in text
    numbers = [float(one) for one in re.findall(r"[-+]?\d+\.\d{3}", text)]
    assert numbers == pytest.approx([before, after, after - before], abs=1.1e-3)
    assert abs(after - before) > 0.02, "heads that change nothing would show nothing"


def test_the_damage_of_what_is_broken(model: Model) -> None:
    tester = given("inside", "Try your sentences", lambda one: bool(one.metric), section="break")
    whole, changed, same = losses(model, LINES)
    shown = {one.label: one.value for one in tester.metric}
    assert shown["Outputs unchanged"] == f"{same / len(LINES):.1%}"
    assert 0 <= same < len(LINES)
    found = [float(shown[f"Loss, {when}"].split()[0]) for when in ("as trained", "broken")]
    assert found == pytest.approx([np.mean(whole), np.mean(changed)], abs=1.1e-3)


def test_measures_of_all_heads(model: Model) -> None:
    tester = given("heads", "", lambda one: bool(one.dataframe), part="map", on="own")
    table = tester.dataframe[0].value
    assert any("Measured on lines.txt." in bare(one.value) for one in tester.caption)
    traces = [model.run(line, strategy="greedy") for line in LINES]
    for layer, head in ((0, 0), (2, 3)):
        patterns = [one.attention["encoder_self"][layer].pattern[head] for one in traces]
        rows = [row for pattern in patterns for row in pattern]
        entropy = np.mean([-(row * np.log(np.where(row > 0, row, 1))).sum() for row in rows])
        name = next(one for one in table["head"] if one.endswith(f"L{layer} H{head}"))
        assert float(table.loc[table["head"] == name, "entropy"].iloc[0]) == pytest.approx(
            entropy, abs=1e-3
        )
    n_heads = 3 * 4 + 2 * 2 * 6
    assert len(table) == n_heads


def test_pruning_curves(model: Model) -> None:
    tester = given(
        "heads",
        "Remove the heads one by one",
        lambda one: bool(one.get("plotly_chart")),
        part="pruning",
    )
    spec = json.loads(tester.get("plotly_chart")[0].proto.spec)
    ranked = [one for one in spec["data"] if one.get("mode") == "lines" and one.get("name")]
    curves = {one["legendgroup"]: _numbers(one["y"]) for one in ranked}
    whole, _, _ = losses(model, LINES[1::2])
    n_heads = {"all": 36, "encoder_self": 12, "decoder_self": 12, "cross": 12}
    assert {kind: len(curve) - 1 for kind, curve in curves.items()} == n_heads
    for curve in curves.values():
        assert curve[0] == pytest.approx(np.mean(whole), abs=1e-3)
    everything = Edits(ablate=frozenset(all_heads(model)))
    without = losses(model, LINES[1::2], everything)[1]
    assert curves["all"][-1] == pytest.approx(np.mean(without), abs=1e-3)


def all_heads(model: Model) -> Iterator[tuple[str, int, int]]:
    for kind in KINDS:
        for layer in range(model.config.n_layers(kind)):
            for head in range(model.config.heads(kind)):
                yield kind, layer, head


def _numbers(values: Any) -> list[float]:
    """What a figure draws, also where plotly has packed it."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return list(values)
