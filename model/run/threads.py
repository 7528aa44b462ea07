"""How many threads torch uses."""

from __future__ import annotations

import torch


def use_threads(n: int) -> None:
    """Compute with `n` threads from now on, in this process.

    One sentence is too little work to share: beside any other busy process, threads that wait for
    each other can cost more than they bring; `python -m benchmarks threads` measures it.
    """
    torch.set_num_threads(n)
