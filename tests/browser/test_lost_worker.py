"""Server processes are killed under a class: its pages come back by themselves, and nobody loses a
seat, an answer or a press.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NO_GREETING
from tests.browser.session import (
    TIMEOUT,
    Server,
    assert_no_traceback,
    wait_idle,
)
from tests.browser.test_class import counted, present, pull, start
from tests.browser.workers import serve_workers

WAIT = 60_000
"""Milliseconds for a press to arrive: Streamlit's browser tries to connect again after one second,
two, four and so on, and a server process that has just begun loads its model first.
"""
NAME = re.compile(rb"--server\.port=(\d+)")


class Site:
    """Two workers behind nginx."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ports = [port for _, port in self._workers()]

    def _workers(self) -> list[tuple[int, int]]:
        """Process and port of each worker that runs."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        called = [(int(pid), Path(f"/proc/{pid}/cmdline").read_bytes()) for pid in children.split()]
        return [(pid, int(found[1])) for pid, line in called if (found := NAME.search(line))]

    def of(self, page: Page) -> str:
        """The worker that a page is served by."""
        return next(
            one["value"] for one in page.context.cookies() if one["name"] == "headlight_worker"
        )

    def kill(self, name: str) -> None:
        """Kill a worker."""
        port = self.ports[int(name[1:])]
        os.kill(next(pid for pid, has in self._workers() if has == port), signal.SIGKILL)

    def until_whole(self, ended: int) -> None:
        """Wait until so many have ended and all answer again."""
        until = time.monotonic() + TIMEOUT
        while (log := self.server.log.read_text()).count("and starts anew") < ended or (
            log.count("You can now view your Streamlit app") < 2 + ended
        ):
            assert time.monotonic() < until, self.server.log_tail()
            time.sleep(0.2)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serve_workers(2, tmp_path / "log.txt") as server:
        yield Site(server)


def test_each_worker_is_killed_and_every_press_arrives(site: Site, browser: Browser) -> None:
    def open_page(path: str, width: int = 1440) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.add_init_script(NO_GREETING)
        page.set_default_timeout(WAIT)
        page.goto(site.server.url + path)
        wait_idle(page)
        return page

    teacher = open_page("/learn?model=reverse&text=h+e+a+d&learn=predict")
    code = start(teacher)
    pupils = [open_page(f"/?class={code}", width) for width in (390, 1440, 1440)]
    pages = [teacher, *pupils]
    assert {site.of(page) for page in pages} == {"w0", "w1"}
    present(teacher, 3)
    names = [page.locator(".class .who").inner_text() for page in pupils]
    wait_idle(teacher)
    teacher.get_by_role("button", name="Ask the class").click()
    for i, pupil in enumerate(pupils):
        expect(pupil.get_by_test_id("send")).to_be_visible()
        pull(pupil, 50, 20 * i)
        pupil.get_by_test_id("send").click()
    counted(teacher, "3 of 3 answered")

    # The other one first, so that the teacher's is lost last; and then the one that all are at.
    for ended, victim in enumerate(("w1", "w0") if site.of(teacher) == "w0" else ("w0", "w1"), 1):
        lost = [page for page in pages if site.of(page) == victim]
        site.kill(victim)
        if ended == 1:
            assert lost != pages
            for page in pages:
                wait_idle(page)
            site.until_whole(ended)
            assert site.of(teacher) != victim
        else:
            assert teacher in lost
    teacher.get_by_role("button", name="Reveal").click()
    for pupil in pupils:
        expect(pupil.get_by_test_id("answer-state")).to_contain_text("Your distance", timeout=WAIT)
    expect(teacher.get_by_test_id("result")).to_contain_text("Distance of the class", timeout=WAIT)
    counted(teacher, "3 of 3 answered")

    # A next question is one question, though its worker is lost right behind the press.
    site.until_whole(2)
    teacher.get_by_role("button", name="Next question").click()
    site.kill(site.of(teacher))
    for pupil in pupils:
        expect(pupil.get_by_test_id("send")).to_be_visible(timeout=WAIT)
        pull(pupil, 100)
        pupil.get_by_test_id("send").click()
    counted(teacher, "3 of 3 answered")
    assert [page.locator(".class .who").inner_text() for page in pupils] == names
    present(teacher, 3)
    for page in pages:
        assert_no_traceback(page)
        page.context.close()
