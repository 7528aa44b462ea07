"""The Decode page: every number on it is the model's own, and it is driven by keys alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import headlight
from headlight.model import Model
from headlight.model.analysis.attribution.rollout import source_share
from headlight.model.analysis.interventions.first_difference import head_shifts
from headlight.model.decoding import Beam, Sampling
from tests.browser.session import MAIN_WIDTH, address, wait_idle

OpenPage = Callable[..., Page]
TEXT = "h e a d l i g h t"
AT = f"/decode?model=reverse&text={quote(TEXT)}"


@pytest.fixture(scope="module")
def reverse() -> Model:
    return headlight.load("reverse")


def shown(page: Page, name: str) -> str:
    return page.get_by_test_id("steps").get_attribute(f"data-{name}") or ""


def numbers(page: Page, selector: str) -> list[float]:
    texts = page.locator(f"[data-testid=steps] {selector}").all_inner_texts()
    said = [text.replace("−", "-").replace("< 0.001", "0.0003") for text in texts]
    return [float(text) for text in said if text.strip()]


def press_candidate(page: Page, place: int) -> None:
    page.locator("[aria-label=Candidates] button.candidate").nth(place).click()
    wait_idle(page)


def test_stepping_by_keys_shows_the_models_own_numbers(open_page: OpenPage, reverse: Model) -> None:
    trace = reverse.run(TEXT)
    page = open_page(AT)
    assert shown(page, "output") == trace.output_text
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("End", 9), ("ArrowLeft", 8)):
        page.keyboard.press(key)
        assert shown(page, "step") == str(step)
        assert shown(page, "token") == trace.tgt_out.pieces[step]
        assert float(shown(page, "probability")) == pytest.approx(
            float(np.exp(trace.chosen_log_probs[step])), rel=1e-5
        )
    cross = np.mean([record.pattern for record in trace.attention["cross"]], axis=(0, 1))
    self_ = np.mean([record.pattern for record in trace.attention["decoder_self"]], axis=(0, 1))
    np.testing.assert_allclose(numbers(page, "[aria-label=Source] .weight"), cross[8], atol=6e-4)
    received = cross[:9].sum(axis=0)
    np.testing.assert_allclose(numbers(page, "[aria-label=Source] .amount"), received, atol=6e-4)
    read = numbers(page, "[aria-label=Target] .weight")
    np.testing.assert_allclose(read, self_[8, :9], atol=6e-4)
    shares = numbers(page, "[aria-label=Target] .amount")
    np.testing.assert_allclose(shares, source_share(reverse, trace), atol=6e-4)
    page.get_by_label("Whose attention is shaded").select_option("head")
    page.get_by_label("Layer").select_option("1")
    page.get_by_label("Head", exact=True).select_option("3")
    one = trace.attention["cross"][1].pattern[3, 8]
    np.testing.assert_allclose(numbers(page, "[aria-label=Source] .weight"), one, atol=6e-4)
    kept = {"step": "8", "over": "head", "layer": "1", "head": "3"}
    address(page, **kept)
    page.reload()
    wait_idle(page)
    np.testing.assert_allclose(numbers(page, "[aria-label=Source] .weight"), one, atol=6e-4)
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    expect(page.get_by_test_id("steps")).not_to_have_attribute("data-step", "0", timeout=30_000)
    page.keyboard.press(" ")
    assert int(shown(page, "step")) >= 1


def test_forks_are_real_continuations_that_can_be_compared_and_cut(
    open_page: OpenPage, reverse: Model
) -> None:
    trace = reverse.run(TEXT)
    page = open_page(f"{AT}&step=2")
    second = int(np.argsort(-trace.log_probs[2])[1])
    prefix = (*trace.tgt_out.ids[:2], second)
    fork = reverse.run(TEXT, prefix=prefix)
    press_candidate(page, 1)
    assert shown(page, "output") == fork.output_text
    assert (shown(page, "step"), shown(page, "token")) == ("2", fork.tgt_out.pieces[2])
    address(page, forced="-".join(map(str, prefix)))
    page.reload()
    wait_idle(page)
    assert shown(page, "output") == fork.output_text
    page.locator(".forks li").first.get_by_role("button", name="Compare").click()
    wait_idle(page)
    beside = page.locator(".beside").inner_text()
    assert "They part at step 2." in beside
    first = head_shifts(fork, trace)[0]
    assert f"L{first.layer} H{first.head}\n{first.distance:.3f}" in beside
    total = f"{fork.chosen_log_probs.sum():.3f}".replace("-", "−")
    assert f"log p {total}" in beside
    page.get_by_label("Another token or words to force").fill("é")
    page.keyboard.press("Enter")
    wait_idle(page)
    assert "does not have “é”" in page.get_by_role("alert").last.inner_text()
    assert shown(page, "output") == fork.output_text
    page.get_by_label("Another token or words to force").fill("z z")
    page.keyboard.press("Enter")
    wait_idle(page)
    typed = (*prefix[:2], *reverse.tokenizer.encode("z z").ids)
    assert shown(page, "output") == reverse.run(TEXT, prefix=typed).output_text
    page.locator(".forks li").nth(1).get_by_role("button", name="Remove").click()
    wait_idle(page)
    assert page.get_by_label("Forks").is_hidden()
    assert shown(page, "output") == trace.output_text


def test_a_beam_is_drawn_as_a_tree_whose_nodes_select_steps(
    open_page: OpenPage, reverse: Model, tmp_path: Path
) -> None:
    page = open_page(f"{AT}&strategy=beam&beam=3")
    found = reverse.decode(reverse.read(TEXT), strategy=Beam(3))
    assert found.tree is not None
    assert shown(page, "output") == reverse.write(found.ids, reverse.read(TEXT)).text
    off = next(n for n in found.tree.nodes if n.state == "dropped" and n.step == 4)
    page.get_by_label("Go to a node").click()
    page.keyboard.type("step 4")
    page.get_by_role("option").filter(has_text=f"{-off.total:.3f} · dropped").first.click()
    wait_idle(page)
    assert shown(page, "step") == "4"
    assert float(shown(page, "probability")) == pytest.approx(np.exp(off.log_prob), rel=1e-4)
    path = reverse.tokenizer.piece(off.token_id)
    assert shown(page, "token") == path
    for ending, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as started:
            page.get_by_role("button", name=f"Save as {ending}").click()
        assert Path(started.value.path()).read_bytes().startswith(start)
    page.get_by_role("button", name="Options").click()
    for value, said in (("0", "not 0."), ("1000", "not 1,000.")):
        page.get_by_role("spinbutton", name="Beam").fill(value)
        page.keyboard.press("Enter")
        wait_idle(page)
        assert said in page.get_by_test_id("stAlert").inner_text()
        assert shown(page, "step") == "4"


def test_sampling_shows_what_it_draws_from_and_steps_can_be_taken_along(
    open_page: OpenPage,
) -> None:
    page = open_page(f"{AT}&strategy=sampling&temperature=2&top_k=2&seed=5", color_scheme="dark")
    save = page.locator(".save summary")
    save.click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Steps as JSON").click()
    told = json.loads(Path(started.value.path()).read_text("utf-8"))
    trace = headlight.load("reverse").run(TEXT, strategy=Sampling(temperature=2.0, top_k=2, seed=5))
    assert told["output"] == trace.output_text
    assert told["log_prob"] == pytest.approx(float(trace.chosen_log_probs.sum()), abs=1e-4)
    for step in told["steps"]:
        drawn = [one["drawn_from"] for one in step["candidates"]]
        assert sum(p > 0 for p in drawn) == 2
        assert sum(drawn) == pytest.approx(1, abs=1e-5)
    with page.expect_download() as started:
        page.get_by_role("button", name="Steps as CSV").click()
    rows = list(csv.DictReader(Path(started.value.path()).read_text("utf-8").splitlines()))
    assert [row["token"] for row in rows] == list(trace.tgt_out.pieces)
    page.get_by_role("button", name="Options").click()
    page.get_by_role("spinbutton", name="Temperature").fill("0")
    page.keyboard.press("Enter")
    wait_idle(page)
    assert "The temperature must be from" in page.get_by_test_id("stAlert").inner_text()
    assert shown(page, "output") == trace.output_text

    # Once looked at, the options are no reason to keep a seed.
    page.get_by_role("spinbutton", name="Temperature").fill("2")
    page.keyboard.press("Enter")
    wait_idle(page)
    page.keyboard.press("Escape")
    wait_idle(page)
    for seed in ("6", "7"):
        page.get_by_role("button", name="Draw again").click()
        address(page, seed=seed)
        wait_idle(page)


def test_teacher_forcing_and_the_table_of_strategies(open_page: OpenPage, reverse: Model) -> None:
    page = open_page(f"{AT}&view=forcing&target=t%20h%20g%20z", width=390)
    trace = reverse.teacher_force(TEXT, "t h g z")
    assert page.evaluate(MAIN_WIDTH) <= 390
    loss = -trace.chosen_log_probs.mean()
    assert f"{loss:.3f}" in page.get_by_test_id("stMetric").first.inner_text()
    assert shown(page, "output") == trace.output_text
    target = page.get_by_label("Target text")
    target.fill("t h é")
    target.press("Enter")
    wait_idle(page)
    assert "does not have “é”" in page.get_by_test_id("stAlert").inner_text()
    assert shown(page, "output") == trace.output_text
    page.get_by_text("Compare strategies", exact=True).click()
    wait_idle(page)
    table = page.get_by_test_id("stTable").inner_text()
    greedy = reverse.run(TEXT)
    total = f"{greedy.chosen_log_probs.sum():.3f}".replace("-", "−")
    assert greedy.output_text in table
    assert total in table
    address(page, view="strategies")
