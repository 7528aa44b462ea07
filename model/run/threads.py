"""How many threads torch uses, and how soon Python's own threads take turns."""

from __future__ import annotations

import sys

import torch

SWITCH_SECONDS = 0.00005
"""How long a thread that computes in Python keeps others of its process waiting. A sentence takes
more than a thousand operations of torch, and has to wait after each of them beside such a thread:
Python's own 5 ms are for threads that hardly ever do, and half a millisecond still makes a sentence
wait for a second; `python -m benchmarks threads` measures it.
"""


def use_threads(n: int) -> None:
    """Compute with `n` threads from now on, in this process.

    One sentence is too little work to share: beside any other busy process, threads that wait for
    each other can cost more than they bring; `python -m benchmarks threads` measures it.
    """
    torch.set_num_threads(n)


def switch_soon() -> None:
    """Have the threads of this process take turns after `SWITCH_SECONDS`."""
    sys.setswitchinterval(SWITCH_SECONDS)
