"""`headlight serve --workers 4`: server processes behind nginx, looked after until told to end.

A worker that has died, or does not answer its health check, is started anew. SIGTERM or Ctrl-C ends
all of them; SIGHUP starts one after the other anew, so that somebody always answers.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from .nginx import AWAY_SECONDS, configuration

APP = Path(__file__).parents[1] / "app.py"
LOOK, PATIENCE, START, END = 1.0, 20.0, 120.0, 10.0
"""Seconds: between two looks; of silence, to come up, and to end, before a worker is killed."""


class Worker:
    """One server process, on a port of this machine that only nginx knows."""

    def __init__(self, port: int, environment: Mapping[str, str]) -> None:
        self.port, self.environment = port, environment
        self.answered = False
        self.start()

    def start(self) -> None:
        """Start it; `healthy` tells when it answers."""
        options = {"port": self.port, "address": "127.0.0.1", "headless": "true"}
        given = [f"--server.{name}={value}" for name, value in options.items()]
        command = [sys.executable, "-m", "headlight.hosting.worker", str(APP.resolve()), *given]
        self.process = subprocess.Popen(command, env={**os.environ, **self.environment})
        self.seen, self.answered = time.monotonic(), False

    def healthy(self) -> bool:
        """Whether it answers now."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/_stcore/health", timeout=5
            ) as answer:
                fine = answer.status == 200
        except (OSError, urllib.error.URLError):
            fine = False
        if fine:
            self.seen, self.answered = time.monotonic(), True
        return fine

    def look_after(self) -> None:
        """Start it anew where it has ended or fallen silent."""
        silent = time.monotonic() - self.seen
        if self.process.poll() is not None:
            say(f"worker {self.port} has ended ({self.process.returncode}) and starts anew")
            self.start()
        elif not self.healthy() and silent > (PATIENCE if self.answered else START):
            say(f"worker {self.port} has not answered for {silent:.0f} s and starts anew")
            self.stop()
            self.start()

    def stop(self) -> None:
        """End it, kindly at first."""
        end(self.process, signal.SIGTERM)


def end(process: subprocess.Popen[bytes], kindly: signal.Signals) -> None:
    """End a process of ours and wait for it."""
    if process.poll() is None:
        process.send_signal(kindly)
        try:
            process.wait(END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def say(what: str) -> None:
    """One line to whoever started it."""
    print(f"headlight: {what}", file=sys.stderr, flush=True)


class Site:
    """All workers and the nginx in front of them."""

    def __init__(self, workers: int, listen: str, nginx: str, folder: Path) -> None:
        shared = {"STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32)}
        ports = free_ports(workers)
        self.file = folder / "nginx.conf"
        self.file.write_text(configuration(folder, ports, listen), encoding="utf-8")
        self.front_command = [nginx, "-p", str(folder), "-c", str(self.file), "-g", "daemon off;"]
        tried = subprocess.run([*self.front_command, "-t", "-q"], capture_output=True, text=True)
        if tried.returncode:
            raise ValueError(f"nginx does not take its configuration: {tried.stderr.strip()}")
        self.workers = [Worker(port, shared) for port in ports]
        self.front: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Let visitors in once a worker answers.

        Raises:
            ValueError: none does in time.
        """
        until = time.monotonic() + START
        while not all(worker.healthy() for worker in self.workers):
            if time.monotonic() > until or any(w.process.poll() is not None for w in self.workers):
                raise ValueError("A worker did not start; the reason stands above.")
            time.sleep(0.2)
        self.front = subprocess.Popen(self.front_command)

    def look_after(self) -> None:
        """Start anew what has ended."""
        for worker in self.workers:
            worker.look_after()
        if self.front is not None and self.front.poll() is not None:
            say("nginx has ended and starts anew")
            self.front = subprocess.Popen(self.front_command)

    def renew(self) -> None:
        """Start the workers anew, one after the other."""
        for worker in self.workers:
            worker.stop()
            worker.start()
            until = time.monotonic() + START
            while not worker.healthy() and time.monotonic() < until:
                time.sleep(0.2)
            time.sleep(AWAY_SECONDS + 1.5)  # until nginx asks it again: it counts whole seconds

    def close(self) -> None:
        """End everything."""
        if self.front is not None:
            end(self.front, signal.SIGTERM)
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.process.terminate()  # all at once; then each is waited for
        for worker in self.workers:
            worker.stop()


def free_ports(n: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    probes = [socket.socket() for _ in range(n)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def find_nginx() -> str:
    """Where nginx is.

    Raises:
        ValueError: nowhere.
    """
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ValueError("nginx is needed for several workers: `apt-get install nginx-light`.")
    return found


def serve(workers: int, listen: str) -> None:
    """Run until a signal says to end.

    Raises:
        ValueError: there is no nginx, or something did not start.
    """
    nginx = find_nginx()
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: told.append(number))
    with tempfile.TemporaryDirectory(prefix="headlight-") as folder:
        site = Site(workers, listen, nginx, Path(folder))
        try:
            site.open()
            say(f"{workers} workers answer at {listen}")
            while not told or told[-1] == signal.SIGHUP:
                if told:
                    told.clear()
                    site.renew()
                time.sleep(LOOK)
                site.look_after()
        finally:
            site.close()


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight serve", description=__doc__)
    cores = os.cpu_count() or 1
    parser.add_argument("--workers", type=int, default=cores, help=f"processes (default {cores})")
    parser.add_argument("--port", type=int, default=8501, help="for visitors (default 8501)")
    parser.add_argument("--address", default="0.0.0.0", help="to listen on (default: all)")
    options = parser.parse_args(argv)
    if options.workers < 1:
        parser.error("--workers must be at least 1")
    try:
        serve(options.workers, f"{options.address}:{options.port}")
    except ValueError as error:
        raise SystemExit(str(error)) from None
