"""Work cut into pieces: by several processes, told of as it goes, gone on with after a kill."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

Piece = tuple[Any, ...]
"""What is to be done, as JSON can hold it: a name first, then what it needs."""
Job = TypeVar("Job")


class Ledger:
    """Finished pieces in a file, one a line, behind a line that says of which job they are."""

    def __init__(self, path: Path, identity: object) -> None:
        self.path, self.done = path, dict[str, Any]()
        first = json.dumps(identity)
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        if lines and lines[0] == first:
            self.done = dict(_read(lines[1:]))
        kept = "".join(f"{json.dumps([key, found])}\n" for key, found in self.done.items())
        path.write_text(f"{first}\n{kept}", encoding="utf-8")  # without a line that a kill cut

    def add(self, piece: Piece, found: Any) -> None:
        """Note a finished piece at once."""
        self.done[key(piece)] = found
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key(piece), found]) + "\n")

    def close(self) -> None:
        """The work is finished: forget its pieces."""
        self.path.unlink(missing_ok=True)


def _read(lines: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for line in lines:
        try:
            name, found = json.loads(line)
        except ValueError:
            return  # the last line of a killed run
        yield name, found


def key(piece: Piece) -> str:
    """A piece as one string."""
    return json.dumps(piece)


def cores() -> int:
    """Processor cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


@contextmanager
def processes(n: int) -> Iterator[ProcessPoolExecutor | None]:
    """`n` processes with one thread each; None for one, which is this one."""
    if n == 1:
        yield None
        return
    with ProcessPoolExecutor(n, get_context("spawn"), _one_thread) as pool:
        yield pool


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def compute(
    work: Callable[[Job, Piece], Any],
    job: Job,
    pieces: Sequence[Piece],
    ledger: Ledger,
    pool: ProcessPoolExecutor | None,
    what: str,
) -> list[Any]:
    """What `work(job, piece)` gives for every piece, in their order; none is done twice.

    Args:
        work: a function of a module, whose answer JSON can hold.
        what: said before the progress bar.
    """
    waiting = [piece for piece in pieces if key(piece) not in ledger.done]
    before = len(pieces) - len(waiting)
    with tqdm(total=len(pieces), initial=before, unit="piece", desc=what) as bar:
        for piece, found in _done(work, job, waiting, pool):
            ledger.add(piece, found)
            bar.update()
    return [ledger.done[key(piece)] for piece in pieces]


def _done(
    work: Callable[[Job, Piece], Any],
    job: Job,
    pieces: Sequence[Piece],
    pool: ProcessPoolExecutor | None,
) -> Iterator[tuple[Piece, Any]]:
    if pool is None:
        yield from ((piece, work(job, piece)) for piece in pieces)
        return
    running: dict[Future[Any], Piece] = {pool.submit(work, job, one): one for one in pieces}
    try:
        while running:
            ready, _ = wait(running, return_when=FIRST_COMPLETED)
            for one in ready:
                yield running.pop(one), one.result()
    finally:
        for one in running:
            one.cancel()
