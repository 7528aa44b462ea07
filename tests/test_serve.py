"""Several server processes behind a real nginx: stay with one, lose one, start anew, and end."""

from __future__ import annotations

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from benchmarks.protocol import Tab
from headlight.hosting.nginx import configuration
from headlight.hosting.serve import main
from tests.browser.session import ROOT, Server
from tests.browser.workers import serve_workers

LONG = 240.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve_workers(2, tmp_path_factory.mktemp("serve") / "log.txt") as server:
        yield server


def children(pid: int) -> dict[int, str]:
    """Processes that one has started, and how each was called."""
    called = {}
    for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(OSError):  # it has ended meanwhile
            called[int(one)] = Path(f"/proc/{one}/cmdline").read_text()
    return called


def workers(site: Server) -> list[int]:
    return [pid for pid, called in children(site.pid).items() if "hosting.worker" in called]


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
        return answer.status, dict(answer.headers), answer.read()


def test_a_visitor_stays_with_one_worker(site: Server) -> None:
    first = Tab(site.url, model="reverse", text="c a b")
    with first:
        kept = first.cookies["headlight_worker"]
        first.rerun()
        assert not first.errors
        first._take_cookies("/_stcore/health")
        assert first.cookies["headlight_worker"] == kept
    _, headers, _ = ask(site.url, Cookie=f"headlight_worker={kept}")
    assert "headlight_worker" not in str(headers.get("Set-Cookie")), "said once"


def test_the_next_visitor_goes_to_the_other_worker(site: Server) -> None:
    with Tab(site.url) as one, Tab(site.url) as two:
        served = {tab.cookies["headlight_worker"] for tab in (one, two)}
    assert served == {"w0", "w1"}


def test_uploads_reach_the_worker_of_their_page(site: Server) -> None:
    with Tab(site.url, model="reverse", text="c a b") as tab:
        tab.rerun()
        tab.upload("A run saved by Headlight", "run.npz", b"no run")
        assert not tab.errors
        said = [
            one.alert.body for one in tab.elements.values() if one.WhichOneof("type") == "alert"
        ]
    assert any("not a run saved by Headlight" in one for one in said)


def test_programs_come_from_nginx_packed_and_are_kept(site: Server) -> None:
    page = ask(site.url)[2].decode()
    program = "/" + page.partition('src="./')[2].partition('"')[0]
    built = next(one.name for one in (ROOT / "static").glob("lens-*.js"))
    for path in (program, f"/app/static/{built}"):
        status, headers, _ = ask(site.url + path, **{"Accept-Encoding": "gzip"})
        assert status == 200
        assert headers["Cache-Control"].endswith("immutable")
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Content-Type"] == "application/javascript"
    assert ask(f"{site.url}/app/static/loader.js")[1]["Cache-Control"] == "no-cache"
    for gone in ("/app/static/../app.py", "/static/../../../streamlit/__init__.py"):
        with pytest.raises(urllib.error.HTTPError):
            ask(site.url + gone)


def test_another_pages_origin_is_refused(site: Server) -> None:
    tab = Tab(site.url)
    tab.origin = "https://evil.example"
    with pytest.raises(Exception, match="403"), tab:
        pass


def test_a_worker_that_dies_is_replaced_and_its_visitors_go_on(site: Server) -> None:
    before = workers(site)
    assert len(before) == 2
    with Tab(site.url, model="reverse", text="c a b") as tab:
        tab.rerun()
        cookies = dict(tab.cookies)
        os.kill(before[int(cookies["headlight_worker"][1:])], signal.SIGKILL)
        with pytest.raises(ConnectionClosed):
            tab.listen(LONG)
        again = Tab(site.url, model="reverse", text="c a b")
        again.cookies = dict(cookies)
        with again:  # what the browser does by itself
            again.rerun()
            assert not again.errors
            assert again.cookies["headlight_worker"] != cookies["headlight_worker"]
    until(lambda: len(workers(site)) == 2 and set(workers(site)) != set(before))
    until(lambda: site.log.read_text().count("starts anew") == 1)


def test_hangup_starts_every_worker_anew_and_somebody_always_answers(site: Server) -> None:
    until(lambda: len(workers(site)) == 2)
    before = set(workers(site))
    os.kill(site.pid, signal.SIGHUP)

    def renewed() -> bool:
        assert ask(f"{site.url}/_stcore/health")[0] == 200
        now = workers(site)
        return len(now) == 2 and not before & set(now)

    until(renewed)


def test_it_ends_and_leaves_nothing(tmp_path: Path) -> None:
    with serve_workers(1, tmp_path / "log.txt") as server:
        theirs = children(server.pid)
        assert len(theirs) == 2
        os.kill(server.pid, signal.SIGTERM)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in theirs))
    assert "Traceback" not in server.log.read_text()


def test_without_nginx_it_is_said_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(SystemExit, match="apt-get install nginx-light"):
        main(["--workers", "2"])


def test_one_worker_has_nobody_to_stand_in(tmp_path: Path) -> None:
    text = configuration(tmp_path, [9001], "0.0.0.0:80")
    assert "backup" not in text
    assert "@" not in text.partition("events {")[2]
    assert configuration(tmp_path, [9001, 9002], "0.0.0.0:80").count("backup") == 2
